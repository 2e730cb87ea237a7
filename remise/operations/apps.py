from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Operations(AppConfig):
    name = "remise.operations"
    verbose_name = _("Background work")  # heads this room's rights in the matrix

    def ready(self) -> None:
        from remise.core.registry import Source, home_tasks, menu
        from remise.operations import frame
        from remise.operations.retention import FAILED
        from remise.operations.rights import LABELS
        from remise.operations.things import THINGS, things
        from remise.organisations.rights import catalogue
        from remise.portals.retention import categories

        catalogue.add(*LABELS)
        categories.add(FAILED)
        menu.add(frame.MENU)
        home_tasks.add(Source("operations", frame.tasks))
        things.add(*THINGS)
