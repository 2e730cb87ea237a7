from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Desk(AppConfig):
    name = "remise.desk"
    verbose_name = _("Desk")  # heads this room's rights in the matrix

    def ready(self) -> None:
        from remise.core.clients import client_tasks, deeds
        from remise.core.events import subscribe
        from remise.core.feed import Followed
        from remise.core.feed import followed as feed
        from remise.core.particulars import forgetting, told
        from remise.core.registry import Source, home_tasks, home_tiles, menu
        from remise.core.search.kinds import company_parts
        from remise.desk import clients, followed, frame, leaving, search, telling
        from remise.desk.elsewhere import other_queues
        from remise.desk.kinds import RightsToAsk
        from remise.desk.retention import WORDS
        from remise.desk.rights import LABELS
        from remise.desk.sights import LIST, PURPOSE, SIGHT
        from remise.organisations.looking.selectors import purposes, sights
        from remise.organisations.rights import catalogue
        from remise.portals.retention import categories

        catalogue.add(*LABELS)
        categories.add(WORDS)
        told.add(*leaving.SECTIONS)
        forgetting.add(leaving.FORGETTING)
        sights.add(SIGHT, LIST)
        purposes.add(PURPOSE)
        menu.add(*frame.MENU)
        company_parts.add(search.PART)
        client_tasks.add(clients.ANSWERS)
        deeds.add(*clients.DEEDS)
        home_tiles.add(Source("desk", frame.tiles))
        home_tasks.add(Source("desk", frame.tasks))
        other_queues.add(frame.LOCKED_OUT)
        feed.add(Followed("requests", followed.KINDS, RightsToAsk(), followed.tell, followed.RequestChange))
        for event in telling.TOLD:
            subscribe(event, f"desk.tell.{event}", telling.tell)
