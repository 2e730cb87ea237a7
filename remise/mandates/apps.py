from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Mandates(AppConfig):
    name = "remise.mandates"
    verbose_name = _("Clients and mandates")  # heads this room's rights in the matrix

    def ready(self) -> None:
        from remise.core.events import subscribe
        from remise.core.feed import Followed
        from remise.core.feed import followed as feed
        from remise.core.particulars import forgetting, untold
        from remise.core.registry import Source, home_tasks, menu
        from remise.core.search.kinds import search_kinds
        from remise.documents.kinds import kinds as documents
        from remise.mandates import acting, calendar, followed, frame, leaving, search, telling
        from remise.mandates.documents import KIND
        from remise.mandates.rights import LABELS, MandateRight
        from remise.mandates.rules import OFFERED
        from remise.mandates.sights import PURPOSES
        from remise.organisations import standing_in
        from remise.organisations.looking.selectors import purposes
        from remise.organisations.rights import catalogue
        from remise.organisations.ways import ways
        from remise.portals.retention import categories
        from remise.search.elsewhere import elsewhere
        from remise.ui.context import provide_band

        catalogue.add(*LABELS)
        standing_in.provide(acting.find, acting.find_later)
        provide_band(acting.band)
        purposes.add(*PURPOSES)
        menu.add(*frame.MENU)
        search_kinds.add(search.KIND)
        elsewhere.add(search.AT_CLIENTS)
        home_tasks.add(Source("mandates", frame.tasks))
        ways.add(*frame.WAYS)
        documents.add(KIND)
        feed.add(Followed("mandates", followed.KINDS, (MandateRight.MANAGE,), followed.tell, followed.MandateChange))
        subscribe("clock.moved", "mandates.settle_when_the_clock_moved", calendar.when_moved)
        for event in telling.TOLD:
            subscribe(event, f"mandates.tell.{event}", telling.tell)
        categories.add(OFFERED)
        untold.add(leaving.UNTOLD)
        forgetting.add(leaving.FORGETTING)
