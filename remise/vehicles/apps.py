from django.apps import AppConfig


class Vehicles(AppConfig):
    name = "remise.vehicles"
