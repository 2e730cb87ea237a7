from django.apps import AppConfig


class Books(AppConfig):
    name = "remise.book"

    def ready(self) -> None:
        from remise.book import branches, intermediaries, organisations, people, policies
        from remise.book.books import books
        from remise.book.taking import PRODUCT_FILES, importer_of
        from remise.core.importing import importers

        books.add(organisations.BOOK, branches.BOOK, people.BOOK, policies.BOOK)
        books.add(intermediaries.OFFICES, intermediaries.ASSIGNMENTS)
        importers.add(*map(importer_of, books), PRODUCT_FILES)
