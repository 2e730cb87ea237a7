from django.apps import AppConfig


class Config(AppConfig):
    name = "remise.config"

    def ready(self) -> None:
        from remise.config.home import MENU
        from remise.core.registry import menu

        menu.add(MENU)
