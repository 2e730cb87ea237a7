from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Notices(AppConfig):
    name = "remise.notices"
    verbose_name = _("Notices to the register")

    def ready(self) -> None:
        from remise.core.events import subscribe, subscribe_together
        from remise.core.feed import Followed
        from remise.core.feed import followed as feed
        from remise.core.particulars import untold
        from remise.core.registry import Source, home_tasks, home_tiles, menu
        from remise.fleet.offers import vehicle_sections
        from remise.fleet.rights import FleetRight
        from remise.notices import described, frame, leaving
        from remise.notices.actions import following
        from remise.notices.retention import WORDS
        from remise.notices.rights import LABELS
        from remise.notices.sights import NOTICE
        from remise.organisations.looking.selectors import sights
        from remise.organisations.rights import catalogue
        from remise.portals.retention import categories

        catalogue.add(*LABELS)
        menu.add(frame.MENU)
        home_tiles.add(Source("notices", frame.tiles))
        home_tasks.add(Source("notices", frame.tasks))
        vehicle_sections.add(frame.SECTION)
        sights.add(NOTICE)
        categories.add(WORDS)
        untold.add(leaving.UNTOLD)
        # At once: a change of cover and the notice of it stand together, or not at all.
        for change in ("registered", "deregistered", "corrected", "check_code_changed"):
            subscribe_together(f"vehicle.{change}", f"notices.follow.{change}", following.follow, at_once=True)
        for change in ("added", "changed"):
            subscribe(f"policy.{change}", f"notices.follow_policy.{change}", following.follow_policy)
        feed.add(Followed("notices", described.CHANGES, (FleetRight.VIEW,), described.tell, described.NoticeChange))
