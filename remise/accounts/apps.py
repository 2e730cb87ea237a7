from django.apps import AppConfig


class Accounts(AppConfig):
    name = "remise.accounts"

    def ready(self) -> None:
        from remise.accounts.frame import person
        from remise.ui.context import provide

        provide("person", person)
