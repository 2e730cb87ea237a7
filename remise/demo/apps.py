from django.apps import AppConfig


class Demo(AppConfig):
    name = "remise.demo"
