"""What this room puts in the menu and on the home page: of the customer, and of the desk."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from remise.core import clock
from remise.core.actor import Actor, can
from remise.core.identifiers import Plate
from remise.core.registry import MenuEntry, Task, Tile
from remise.core.scope import ActorKind
from remise.desk import selectors
from remise.desk.kinds import RightsToAsk
from remise.desk.rights import DeskRight
from remise.ui.formats import number

MENU = (
    MenuEntry("desk:queue", gettext_lazy("Desk"), "clipboard", (DeskRight.VIEW,), 15, "desk", phone=True),
    MenuEntry("desk:requests", gettext_lazy("My requests"), "message-circle", RightsToAsk(), 70, "desk"),
)


def tiles(by: Actor) -> Sequence[Tile]:
    """The desk in figures, for who works there."""
    if by.kind is not ActorKind.STAFF or not can(by, DeskRight.VIEW):
        return []
    found = selectors.counts(by)
    queue = reverse("desk:queue")
    return [
        Tile(label=_("Open requests"), number=number(found.open), url=queue),
        Tile(label=_("Too late"), number=number(found.late), url=f"{queue}?show=late"),
        Tile(label=_("Mine"), number=number(found.mine), url=f"{queue}?show=mine"),
    ]


def tasks(by: Actor) -> Sequence[Task]:
    if by.kind is ActorKind.STAFF:
        return _late(by) if can(by, DeskRight.VIEW) else []
    return [_unread(by, line) for line in selectors.unread_requests(by)] if selectors.asks(by) else []


def _late(by: Actor) -> Sequence[Task]:
    late = selectors.counts(by).late
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
            url=reverse("desk:queue") + "?show=late",
            action=_("Look"),
            urgent=True,
        )
    ]


def _unread(by: Actor, line: selectors.Line) -> Task:
    """The desk has decided, or asks something."""
    request = line.request
    asks = request.is_open
    plate = Plate(line.plate).formatted if line.plate else ""
    title = _("The insurer's desk asks you something") if asks else _("The insurer's desk has decided")
    return Task(
        due=clock.day_of(request.decided_at) if request.decided_at else clock.today(by),
        when=_("Answer asked") if asks else str(line.kind.called(request.state, request.get_state_display())),
        title=title,
        text=" · ".join(str(part) for part in (plate, line.kind.label, line.title) if part),
        url=reverse("desk:request", args=[request.id]),
        action=_("Read it"),
        urgent=asks,
    )
