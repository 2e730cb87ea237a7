from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Organisations(AppConfig):
    name = "remise.organisations"
    verbose_name = _("Company")  # heads this room's rights in the matrix

    def ready(self) -> None:
        from remise.core.feed import Followed
        from remise.core.feed import followed as feed
        from remise.core.particulars import forgetting, told, untold
        from remise.core.registry import Source, home_tasks, menu, own_pages
        from remise.core.search.kinds import company_pages, company_parts, search_kinds
        from remise.organisations import followed, frame, leaving, preview, retention, search
        from remise.organisations.rights import LABELS, OrganisationRight, catalogue
        from remise.portals.retention import categories
        from remise.ui.context import provide, provide_band

        catalogue.add(*LABELS)
        search_kinds.add(*search.KINDS)
        company_pages.add(search.PAGE)
        company_parts.add(*search.PARTS)
        categories.add(retention.INVITED, retention.ASKED)
        told.add(*leaving.SECTIONS)
        untold.add(*leaving.UNTOLD)
        forgetting.add(leaving.FORGETTING)
        feed.add(
            Followed(
                "people", followed.PEOPLE, (OrganisationRight.MANAGE_USERS,), followed.tell, followed.PeopleChange
            )
        )
        provide("place", frame.place)
        provide_band(preview.band)
        home_tasks.add(Source("organisations", frame.tasks))
        own_pages.add(frame.MY_ACCESS)
        menu.add(frame.MENU, frame.TOKENS, frame.MISSED, frame.LOCKED_OUT)
