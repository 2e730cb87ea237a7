"""What this room puts in the frame: the desk's queue, what a company has to answer, and the ways out of refusals."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from remise.core import clock
from remise.core.actor import Actor, can
from remise.core.registry import MenuEntry, Task, Tile
from remise.core.scope import ActorKind
from remise.desk.elsewhere import OtherQueue, Waiting
from remise.desk.models import DeskRequest
from remise.onboarding import selectors
from remise.onboarding.models import LinkState
from remise.onboarding.requests import ADMINISTRATOR, RELATION_NUMBER
from remise.organisations import relation_numbers
from remise.organisations.requests import as_member
from remise.organisations.rights import IntakeRight
from remise.organisations.ways import WITHOUT_ADMINISTRATOR, WITHOUT_COMPANY, WITHOUT_NUMBER, AlsoAsked, Lacking, Way
from remise.portals.requests import portal_of
from remise.ui.formats import number
from remise.ui.shell import Link

MENU = MenuEntry(
    "applications:list", gettext_lazy("Who wants to come in"), "users", (IntakeRight.HANDLE,), 17, "applications"
)
JOIN = MenuEntry("links:ask", gettext_lazy("Join another company"), "building-store")


def _at_desk(by: Actor) -> Waiting:
    found = selectors.counts(by)
    return Waiting(found.open, found.late)


AT_DESK = OtherQueue("applications:list", MENU.label, IntakeRight.HANDLE, _at_desk)


def join_url(request: HttpRequest) -> str:
    """For who has no account; the installation's own pages have none."""
    return reverse("onboarding:home") if portal_of(request) else ""


def tiles(by: Actor) -> Sequence[Tile]:
    if not _handles(by):
        return []
    found = selectors.counts(by)
    queue = reverse("applications:list")
    return [Tile(label=_("Want to come in"), number=number(found.open), url=queue)]


def tasks(by: Actor) -> Sequence[Task]:
    if _handles(by):
        return _late(by)
    return _wanting(by) if selectors.answers(by) else []


def _handles(by: Actor) -> bool:
    return by.kind is ActorKind.STAFF and bool(can(by, IntakeRight.HANDLE))


def _late(by: Actor) -> Sequence[Task]:
    late = selectors.counts(by).late
    if not late:
        return []
    title = ngettext(
        "%(count)s who wants to come in should have had an answer",
        "%(count)s who want to come in should have had an answer",
        late,
    )
    return [
        Task(
            due=clock.today(by),
            when=_("Too late"),
            title=title % {"count": number(late)},
            text=_("They were told by when they would hear."),
            url=reverse("applications:list") + "?show=late",
            action=_("Look"),
            urgent=True,
        )
    ]


def _wanting(by: Actor) -> Sequence[Task]:
    found = selectors.wanting(by)
    if not found:
        return []
    return [
        Task(
            due=clock.today(by),
            when=_("now"),
            title=_asks(len(found)),
            text=_("From %(names)s.") % {"names": ", ".join(dict.fromkeys(one.name for one in found[:3]))},
            url=reverse("links:inbox"),
            action=_("Answer"),
        )
    ]


def _asks(count: int) -> str:
    words = ngettext(
        "%(many)s person asks to work for your company", "%(many)s people ask to work for your company", count
    )
    return words % {"many": count}


def _link_to_inbox(count: int) -> Link:
    return Link(_asks(count), reverse("links:inbox"), "users")


def _count(by: Actor) -> int:
    return selectors.count_wanting(by) if selectors.answers(by) else 0


ALSO_ASKED = AlsoAsked("links", _count, _link_to_inbox)


def _to_company(request: HttpRequest, _lacking: Lacking) -> tuple[Link, bool] | None:
    """To ask; who works nowhere yet and has asked, to what was asked."""
    by = as_member(request).actor
    works_nowhere = by.kind is ActorKind.ACCOUNT
    if works_nowhere and any(one.state is LinkState.OPEN for one in selectors.own_requests(by)):
        return Link(_("You asked to join a company. See how it stands"), reverse("links:ask"), "clock"), False
    return Link(_("Ask to join a company"), reverse("links:ask"), "building-store"), False


def _to_administrator(request: HttpRequest, _lacking: Lacking) -> tuple[Link, bool] | None:
    """The request, or what was asked."""
    by = as_member(request).actor
    if by.kind is not ActorKind.MEMBER:
        return None
    asked = _asked(by, ADMINISTRATOR.name).filter(account=by.shown_as).first()
    if asked is not None:
        return _asked_already(asked), False
    insurer = as_member(request).portal.insurer
    words = _("Ask %(insurer)s to make me administrator") % {"insurer": insurer}
    return Link(words, reverse("links:administrator"), "send"), True


def _to_number(request: HttpRequest, lacking: Lacking) -> tuple[Link, bool] | None:
    by = as_member(request).actor
    place = relation_numbers.place_of(by, lacking.branch)
    if place is None:
        return None
    asked = _asked(by, RELATION_NUMBER.name).filter(branch=place.id).first()
    if asked is not None and asked.account == by.shown_as:
        return _asked_already(asked), False
    if asked is not None:
        return Link(_("A colleague asked for it. Who can help me?"), reverse("access:mine"), "clock"), False
    words = _("Ask %(insurer)s for the number") % {"insurer": as_member(request).portal.insurer}
    return Link(words, reverse("links:relation_number", query={"branch": place.id}), "send"), True


def _asked(by: Actor, kind: str) -> QuerySet[DeskRequest]:
    return DeskRequest.objects.filter(organisation=by.company, kind=kind, state__in=DeskRequest.OPEN).order_by("-id")


def _asked_already(asked: DeskRequest) -> Link:
    return Link(_("You asked for it. See how it stands"), reverse("desk:request", args=[asked.id]), "clock")


WAYS = (
    Way(WITHOUT_COMPANY, _to_company),
    Way(WITHOUT_ADMINISTRATOR, _to_administrator),
    Way(WITHOUT_NUMBER, _to_number),
)
