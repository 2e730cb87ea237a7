from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Onboarding(AppConfig):
    name = "remise.onboarding"
    verbose_name = _("Coming in")

    def ready(self) -> None:
        from remise.core.events import subscribe
        from remise.core.particulars import forgetting, told, untold
        from remise.core.registry import Source, home_tasks, home_tiles, menu, own_pages
        from remise.desk.elsewhere import other_queues
        from remise.desk.kinds import kinds
        from remise.onboarding import frame, leaving
        from remise.onboarding.actions import linking
        from remise.onboarding.requests import ADMINISTRATOR, RELATION_NUMBER
        from remise.onboarding.rules import ASKED, UNANSWERED
        from remise.organisations.ways import also_asked, ways
        from remise.portals.retention import categories
        from remise.ui.context import provide

        menu.add(frame.MENU)
        own_pages.add(frame.JOIN)
        home_tiles.add(Source("onboarding", frame.tiles))
        home_tasks.add(Source("onboarding", frame.tasks))
        ways.add(*frame.WAYS)
        also_asked.add(frame.ALSO_ASKED)
        other_queues.add(frame.AT_DESK)
        kinds.add(ADMINISTRATOR, RELATION_NUMBER)
        provide("join_url", frame.join_url)
        for event in ("link.approved", "link.declined"):
            subscribe(event, f"onboarding.tell.{event}", linking.tell_asker)
        categories.add(ASKED, UNANSWERED)
        told.add(*leaving.SECTIONS)
        untold.add(leaving.UNTOLD)
        forgetting.add(leaving.FORGETTING)
