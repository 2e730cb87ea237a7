"""What the radar puts on the home page."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from remise.core import clock
from remise.core.actor import Actor, holds_anywhere
from remise.core.registry import Task, Tile
from remise.fleet.findings import FindingKind
from remise.fleet.radar.selectors import counts, fewest_days, nights
from remise.fleet.rights import FleetRight
from remise.ui.formats import day as shown_day
from remise.ui.formats import number

SOON = 7  # days


def tasks(by: Actor) -> Sequence[Task]:
    """What costs money or a fine by its kind, with the days that are left; the rest in one line."""
    return list(_tasks(by)) if holds_anywhere(by, FleetRight.VIEW) else []


def _tasks(by: Actor) -> Iterator[Task]:
    many = counts(by)
    for kind in (FindingKind.SOLD, FindingKind.NOT_COVERED):
        if kind in many:
            yield _with_days(by, kind, many[kind])
    rest = {kind: count for kind, count in many.items() if kind not in (FindingKind.SOLD, FindingKind.NOT_COVERED)}
    if rest:
        count = sum(rest.values())
        only = f"?kind={next(iter(rest))}" if len(rest) == 1 else ""
        yield Task(
            due=clock.today(by),
            when=_("radar"),
            title=ngettext(
                "%(count)s vehicle differs from the register", "%(count)s vehicles differ from the register", count
            )
            % {"count": number(count)},
            text=_("Inspection expired, exported, another value: see what the register says."),
            url=f"{reverse('fleet:radar')}{only}",
            action=_("Look"),
        )


def _with_days(by: Actor, kind: FindingKind, count: int) -> Task:
    left = fewest_days(by, kind)
    today = clock.today(by)
    words = (
        ngettext("%(count)s vehicle sold but still insured", "%(count)s vehicles sold but still insured", count)
        if kind is FindingKind.SOLD
        else ngettext(
            "%(count)s vehicle of yours is not insured", "%(count)s vehicles of yours are not insured", count
        )
    )
    text = (
        _("Deregister on the right day while that goes online: with one click.")
        if kind is FindingKind.SOLD
        else _("Register again while that goes back to the day on which cover ended.")
    )
    return Task(
        due=today + timedelta(days=left or 0),
        when=_("ask the desk")
        if left is None
        else ngettext("%(days)s day left", "%(days)s days left", left) % {"days": left},
        title=words % {"count": number(count)},
        text=text,
        url=f"{reverse('fleet:radar')}?kind={kind}",
        action=_("Look"),
        urgent=left is None or left <= SOON,
    )


def tiles(by: Actor) -> Sequence[Tile]:
    """How much is open, and how that went night by night; nothing before the first night."""
    if not holds_anywhere(by, FleetRight.VIEW):
        return []
    seen = nights(by)
    if seen.last is None or seen.last.ended_at is None:
        return []
    count = sum(counts(by).values())
    day = shown_day(clock.day_of(seen.last.ended_at), "plain")
    return [
        Tile(
            label=_("Differs from the register"),
            number=number(count),
            url=reverse("fleet:radar"),
            detail=_("compared on %(day)s") % {"day": day},
            trend=tuple(float(found) for found in seen.trend),
        )
    ]
