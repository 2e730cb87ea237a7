from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Search(AppConfig):
    name = "remise.search"
    verbose_name = _("Search")  # heads this room's rights in the matrix

    def ready(self) -> None:
        from remise.organisations.looking.selectors import sights
        from remise.organisations.rights import catalogue
        from remise.search import frame
        from remise.search.rights import LABELS
        from remise.search.sights import COMPANY
        from remise.ui.context import provide

        catalogue.add(*LABELS)
        sights.add(COMPANY)
        provide("search_url", frame.search_url)
        provide("suggest", frame.suggest)
