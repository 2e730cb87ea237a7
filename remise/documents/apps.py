from django.apps import AppConfig


class Documents(AppConfig):
    name = "remise.documents"

    def ready(self) -> None:
        from remise.documents.sights import SIGHT
        from remise.organisations.looking.selectors import sights

        sights.add(SIGHT)
        from remise.documents.print_files import PRINT_FILES
        from remise.documents.sweeping import NAMELESS
        from remise.portals.retention import categories

        categories.add(PRINT_FILES, NAMELESS)
