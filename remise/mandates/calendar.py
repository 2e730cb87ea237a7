"""What follows from the calendar alone: whose mandate begins and ends, and whose ends soon. By a daily job, and at
once when a portal's clock is moved."""

from datetime import timedelta

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.doors import rows
from remise.core.models import Event
from remise.mandates.models import STANDS, Mandate
from remise.mandates.rules import SOON, ends_soon

ENDING = "mandate.ending"


def when_moved(by: Actor, _event: Event) -> None:
    """By the job that follows the event: as the system, in the portal whose clock it is."""
    follow(by)


def follow(by: Actor) -> None:
    """Early or late, nothing opens that should not: the wall and the door compare the days themselves."""
    rows("select reach_settle_portal()")
    _say_what_ends(by)


def _say_what_ends(by: Actor) -> None:
    """Once for each mandate and last day: of two who look at once the second waits for the rows."""
    today = clock.today(by)
    near = Mandate.objects.filter(
        STANDS, portal=by.in_portal, ends__gt=today, ends__lte=today + SOON + timedelta(days=1)
    )
    found = list(near.order_by("id").select_for_update(no_key=True))
    said = _said(by, found)
    for one in found:
        after = {"ends": str(one.ends)}
        taken_on = clock.day_of(one.accepted_at or one.given_at)
        if (one.id, after["ends"]) not in said and ends_soon(today=today, ends=one.ends, taken_on=taken_on):
            events.record(ENDING, by=by, organisation=one.organisation, subject=("mandate", one.id), after=after)


def _said(by: Actor, mandates: list[Mandate]) -> set[tuple[int | None, str]]:
    """Mandate and first day without, of what was said before."""
    about = {"subject_kind": "mandate", "subject__in": [one.id for one in mandates]}
    found = Event.objects.filter(portal=by.in_portal, kind=ENDING, **about)
    return {(subject, (after or {})["ends"]) for subject, after in found.values_list("subject", "after")}
