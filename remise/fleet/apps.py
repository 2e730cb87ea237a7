from django.apps import AppConfig


class Fleet(AppConfig):
    name = "remise.fleet"
