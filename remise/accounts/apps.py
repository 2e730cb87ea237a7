from django.apps import AppConfig


class Accounts(AppConfig):
    name = "remise.accounts"

    def ready(self) -> None:
        from remise.accounts.frame import person
        from remise.accounts.language import remember
        from remise.portals import languages
        from remise.ui.context import provide

        provide("person", person)
        languages.remember = remember
