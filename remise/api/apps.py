from django.apps import AppConfig


class Api(AppConfig):
    name = "remise.api"

    def ready(self) -> None:
        from remise.api.opened import OPENINGS
        from remise.organisations.rights import openings

        openings.add(*OPENINGS)
