from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Privacy(AppConfig):
    name = "remise.privacy"
    verbose_name = _("Privacy")  # heads this room's rights in the matrix

    def ready(self) -> None:
        from remise.core.particulars import told, untold
        from remise.core.registry import menu, own_pages
        from remise.organisations.rights import catalogue
        from remise.privacy import frame, sections
        from remise.privacy.rights import LABELS

        catalogue.add(*LABELS)
        menu.add(frame.KEEPING)
        own_pages.add(frame.MY_DATA)
        told.add(sections.DEEDS)
        untold.add(*sections.UNTOLD)
