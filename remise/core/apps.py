from django.apps import AppConfig


class Core(AppConfig):
    name = "remise.core"

    def ready(self) -> None:
        from remise.core import lookups

        lookups.register()
