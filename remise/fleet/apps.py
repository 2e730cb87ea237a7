from django.apps import AppConfig


class Fleet(AppConfig):
    name = "remise.fleet"

    def ready(self) -> None:
        from remise.fleet.rights import LABELS
        from remise.organisations.rights import catalogue

        catalogue.add(*LABELS)
