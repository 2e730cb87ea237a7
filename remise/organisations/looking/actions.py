"""Who from outside looked at what is a company's: written down for that company, with the purpose (idea 11)."""

from datetime import timedelta

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.models import Event
from remise.core.scope import ActorKind

LOOKED = "looked"
# Going back and forth between two pages is one look.
ONE_LOOK = timedelta(hours=1)


def note_look(
    *, by: Actor, organisation: int, subject: tuple[str, int], purpose: tuple[str, int] | None = None
) -> None:
    """`by` opened the thing `subject` of this company. Of the company's own people nothing is written; of anybody
    else one look an hour. `purpose` is what it was opened for, where that is known."""
    is_outside = by.office is not None or (by.kind is ActorKind.STAFF and organisation != by.organisation)
    if not is_outside:
        return
    kind, number = subject
    lately = Event.objects.filter(subject_kind=kind, subject=number, at__gt=clock.now(by) - ONE_LOOK)
    if lately.filter(kind=LOOKED, account=by.account).exists():
        return
    after = {"for": purpose[0], "number": purpose[1]} if purpose else {}
    events.record(LOOKED, by=by, organisation=organisation, subject=subject, after=after)
