from django.apps import AppConfig


class Portals(AppConfig):
    name = "remise.portals"
