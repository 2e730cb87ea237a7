"""What this room puts in the menu and on the home page: of the customer, and of the desk."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from remise.core import clock
from remise.core.actor import Actor, can
from remise.core.registry import MenuEntry, Task, Tile
from remise.core.scope import ActorKind
from remise.desk import queue, selectors
from remise.desk.elsewhere import OtherQueue, Waiting
from remise.desk.handover import selectors as handover
from remise.desk.kinds import RightsToAsk
from remise.desk.rights import DeskRight
from remise.organisations import frame as organisations
from remise.organisations.locked_out.selectors import at_desk
from remise.organisations.rights import LetInRight
from remise.ui.formats import number

MENU = (
    MenuEntry("desk:queue", gettext_lazy("Desk"), "clipboard", (DeskRight.VIEW,), 15, "desk", phone=True),
    MenuEntry("desk:requests", gettext_lazy("My requests"), "message-circle", RightsToAsk(), 70, "desk"),
)

# The room of those lies below this one, and cannot add it itself.
LOCKED_OUT = OtherQueue(
    "locked_out:queue",
    organisations.LOCKED_OUT.label,
    LetInRight.LET_IN,
    lambda _by: Waiting(sum(line.person.waits_for_somebody for line in at_desk())),
)


def tiles(by: Actor) -> Sequence[Tile]:
    """The desk in figures, for who works there."""
    if by.kind is not ActorKind.STAFF or not can(by, DeskRight.VIEW):
        return []
    found = queue.counts(by)
    page = reverse("desk:queue")
    return [
        Tile(label=_("Open requests"), number=number(found.open), url=page),
        Tile(label=_("Too late"), number=number(found.late), url=f"{page}?due=late"),
        Tile(label=_("Mine"), number=number(found.mine), url=f"{page}?who=me"),
    ]


def tasks(by: Actor) -> Sequence[Task]:
    if by.kind is ActorKind.STAFF:
        return [*_handed(by), *_late(by)] if can(by, DeskRight.VIEW) else []
    return [_unread(by, line) for line in selectors.unread_requests(by)] if selectors.asks(by) else []


def _handed(by: Actor) -> Sequence[Task]:
    """What a colleague gave or took, until it was opened."""
    return [
        Task(
            due=clock.today(by),
            when=_("new for you") if one.is_new else _("taken over"),
            title=(_("%(name)s gave you a request") if one.is_new else _("%(name)s took over a request of yours"))
            % {"name": one.who},
            text=" · ".join(part for part in (one.line.called, one.line.company, one.why) if part),
            url=reverse("desk:case", args=[one.line.request.id]),
            action=_("Open it") if one.is_new else _("Look"),
        )
        for one in handover.news(by)
    ]


def _late(by: Actor) -> Sequence[Task]:
    late = queue.counts(by).late
    if not late:
        return []
    return [
        Task(
            due=clock.today(by),
            when=_("Too late"),
            title=ngettext(
                "%(count)s request should have had an answer", "%(count)s requests should have had an answer", late
            )
            % {"count": number(late)},
            text=_("The customer was told when the answer would come."),
            url=reverse("desk:queue") + "?due=late",
            action=_("Look"),
            urgent=True,
        )
    ]


def _unread(by: Actor, line: selectors.Line) -> Task:
    """The desk has decided, or asks something."""
    request = line.request
    asks = request.is_open
    title = _("The insurer's desk asks you something") if asks else _("The insurer's desk has decided")
    return Task(
        due=clock.day_of(request.decided_at) if request.decided_at else clock.today(by),
        when=_("Answer asked") if asks else str(line.kind.called(request.state, request.get_state_display())),
        title=title,
        text=line.called,
        url=reverse("desk:request", args=[request.id]),
        action=_("Read it"),
        urgent=asks,
    )
