"""The time machine: a portal's business clock moved forward, so that what comes later can be looked at now. Going
back is starting the demo afresh, for what happened in the future cannot be taken back."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.utils.translation import gettext as _

from remise.core import clock, events
from remise.core.actor import Actor, Assurance
from remise.core.errors import BrokenRule
from remise.core.scope import ActorKind, switch
from remise.core.words import Text
from remise.portals.models import Portal
from remise.ui.formats import day as shown_day

FURTHEST = timedelta(days=3660)  # ten years are further than anything here looks ahead


@dataclass(frozen=True, slots=True)
class Step:
    """Where one press leads."""

    label: Text
    day: date


def steps(today: date) -> list[Step]:
    month = date(today.year + today.month // 12, today.month % 12 + 1, 1)
    last = (date(month.year + month.month // 12, month.month % 12 + 1, 1) - timedelta(days=1)).day
    return [
        Step(_("Tomorrow"), today + timedelta(days=1)),
        Step(_("In a week"), today + timedelta(days=7)),
        Step(_("In a month"), month.replace(day=min(today.day, last))),
        Step(_("New year"), date(today.year + 1, 1, 1)),
    ]


def visitor(portal: Portal) -> Actor:
    """Whoever looks at the demo. A brand's clock is changed by its insurer's people: the visitor is one for this."""
    return Actor(
        kind=ActorKind.STAFF,
        portal=portal.id,
        by_system="demo.visitor",
        clock_offset=portal.clock_offset,
        assurance=Assurance.TWO_FACTORS,
    )


def move_on(*, by: Actor, portal: Portal, to: date) -> None:
    """The same hour on a later day, by the clock in Amsterdam."""
    now = clock.now(portal).astimezone(clock.AMSTERDAM)
    if to <= now.date():
        raise BrokenRule(
            _("It is %(day)s there now: choose a later day. To go back, start the demo again.")
            % {"day": shown_day(now.date())},
            code="not_later",
            field="day",
        )
    if to > now.date() + FURTHEST:
        raise BrokenRule(_("Choose a day within ten years."), code="too_far", field="day")
    # Between two moments of one zone Python counts hours on the wall: a summer would lose one.
    ahead = datetime.combine(to, now.timetz()).astimezone(UTC) - now.astimezone(UTC)
    switch(by.scope)
    Portal.objects.filter(id=by.in_portal).update(clock_offset=portal.clock_offset + ahead)
    events.record(
        "clock.moved",
        by=by,
        subject=("portal", portal.id),
        before={"day": now.date().isoformat()},
        after={"day": to.isoformat()},
    )
