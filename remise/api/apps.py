from django.apps import AppConfig


class Api(AppConfig):
    name = "remise.api"

    def ready(self) -> None:
        from remise.api.erasing import forget_answers
        from remise.api.opened import OPENINGS
        from remise.api.retention import ANSWERS
        from remise.core.events import subscribe
        from remise.organisations.rights import openings
        from remise.portals.retention import categories

        categories.add(ANSWERS)
        openings.add(*OPENINGS)
        subscribe("party.erased", "api.forget_answers", forget_answers, at_once=True)
