from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Help(AppConfig):
    name = "remise.help"
    verbose_name = _("Help")  # heads this room's rights in the matrix

    def ready(self) -> None:
        from remise.core.particulars import told, untold
        from remise.core.registry import menu
        from remise.help import frame, leaving, selectors
        from remise.help.retention import REMARKS
        from remise.help.rights import LABELS
        from remise.organisations.rights import catalogue
        from remise.portals import desks
        from remise.portals.retention import categories
        from remise.ui.context import provide

        catalogue.add(*LABELS)
        categories.add(REMARKS)
        told.add(leaving.VOTES)
        untold.add(leaving.UNTOLD)
        menu.add(frame.MENU, frame.REMARKS)
        provide("help_url", frame.address_of("help:home"))
        provide("door_help_url", frame.address_of("help:sign_in"))
        provide("who_can_help_url", frame.address_of("help:who_can_help"))
        provide("about", frame.about)
        frame.register_articles()
        desks.contact_at_sign_in = selectors.desk_at_sign_in
