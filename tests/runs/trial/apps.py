from django.apps import AppConfig


class Trial(AppConfig):
    name = "tests.runs.trial"

    def ready(self) -> None:
        from tests.runs.trial.kinds import register

        register()
