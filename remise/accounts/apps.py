from django.apps import AppConfig


class Accounts(AppConfig):
    name = "remise.accounts"

    def ready(self) -> None:
        from remise.accounts import leaving
        from remise.accounts.frame import person
        from remise.accounts.language import remember
        from remise.core.particulars import forgetting, told, untold
        from remise.portals import languages
        from remise.ui.context import provide

        told.add(*leaving.SECTIONS)
        untold.add(leaving.UNTOLD)
        forgetting.add(leaving.FORGETTING)
        provide("person", person)
        languages.remember = remember
