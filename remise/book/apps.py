from django.apps import AppConfig


class Books(AppConfig):
    name = "remise.book"

    def ready(self) -> None:
        from remise.book import branches, organisations, people, policies
        from remise.book.books import books

        books.add(organisations.BOOK, branches.BOOK, people.BOOK, policies.BOOK)
