"""What this room puts in the menu and on the home page of the insurer's people, and on a vehicle's page."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from remise.core import clock
from remise.core.actor import Actor, can
from remise.core.registry import MenuEntry, Task, Tile
from remise.core.scope import ActorKind
from remise.fleet.offers import Section
from remise.fleet.selectors.history import History
from remise.notices import selectors
from remise.notices.models import Notice
from remise.notices.rights import NoticeRight
from remise.ui.formats import number

MENU = MenuEntry(
    "notices:overview", gettext_lazy("Notices to the register"), "send", (NoticeRight.VIEW,), 18, "notices"
)


def tiles(by: Actor) -> Sequence[Tile]:
    if not _sees(by):
        return []
    url = reverse("notices:overview")
    found = selectors.counts(by)
    return [Tile(label=_("Notices still to be answered"), number=number(found.open), url=url)]


def tasks(by: Actor) -> Sequence[Task]:
    if not _sees(by):
        return []
    found = selectors.counts(by)
    url = reverse("notices:overview")
    told: list[Task] = []
    if found.late:
        title = ngettext(
            "%(count)s notice to the register is too late",
            "%(count)s notices to the register are too late",
            found.late,
        )
        text = _("The law gives four weeks from the start of cover, and thirty days from its end.")
        title %= {"count": number(found.late)}
        told.append(_task(by, title, text, f"{url}?show=late", _("Too late"), urgent=True))
    if found.rejected:
        title = ngettext(
            "The register refused %(count)s notice", "The register refused %(count)s notices", found.rejected
        )
        text = _("Each says why, and what can be done.")
        title %= {"count": number(found.rejected)}
        told.append(_task(by, title, text, f"{url}?show=rejected", _("now")))
    return told


def _task(by: Actor, title: str, text: str, url: str, when: str, *, urgent: bool = False) -> Task:
    return Task(due=clock.today(by), when=when, title=title, text=text, url=url, action=_("Look"), urgent=urgent)


def _sees(by: Actor) -> bool:
    return by.kind is ActorKind.STAFF and bool(can(by, NoticeRight.VIEW))


def _of_vehicle(by: Actor, history: History) -> Sequence[Notice] | None:
    return selectors.of_vehicle(by, history.item.id) or None


SECTION = Section("notices", "notices/_of_vehicle.html", _of_vehicle)
