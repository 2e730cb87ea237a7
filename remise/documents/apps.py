from django.apps import AppConfig


class Documents(AppConfig):
    name = "remise.documents"
