from django.apps import AppConfig


class Vehicles(AppConfig):
    name = "remise.vehicles"

    def ready(self) -> None:
        from remise.core.importing import importers
        from remise.vehicles.copying.importer import IMPORTER

        importers.add(IMPORTER)
