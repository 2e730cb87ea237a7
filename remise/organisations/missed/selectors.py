"""Which rights an insurer's customers miss most: counted from the refusals that were written down."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count
from django.utils.functional import Promise

from remise.core import clock
from remise.core.actor import Actor
from remise.core.models import Event
from remise.organisations.models import AccessRequest, Organisation
from remise.organisations.rights import catalogue, label_of, may_hold

PERIODS = (30, 90, 365)  # days


@dataclass(frozen=True, slots=True)
class Missed:
    """One right: how often a page refused for lack of it, to how many people of how many companies, and how often it
    was asked for with a click and given."""

    right: str
    label: str | Promise
    times: int
    people: int
    companies: int
    asked: int
    given: int


def missed(by: Actor, *, days: int) -> list[Missed]:
    """The most missed first. What the insurer's own people lack is not among it."""
    since = clock.now(by) - timedelta(days=days)
    refused = Event.objects.filter(portal=by.in_portal, kind="access.refused", at__gte=since)
    counted = (
        refused.filter(after__code="right_missing")
        .exclude(organisation__in=Organisation.objects.filter(kind=Organisation.Kind.INSURER).values("id"))
        .values_list("after__right")
        .annotate(Count("id"), Count("account", distinct=True), Count("organisation", distinct=True))
    )
    asked, given = _asked(by, since), _asked(by, since, AccessRequest.State.GRANTED)
    found = [
        Missed(right, label_of(right), times, people, companies, asked.get(right, 0), given.get(right, 0))
        for right, times, people, companies in counted
        if right in _of_customers()
    ]
    return sorted(found, key=lambda one: (-one.times, one.right))


def _asked(by: Actor, since: object, *states: str) -> dict[str, int]:
    asked = AccessRequest.objects.filter(portal=by.in_portal, asked_at__gte=since)
    counted = (asked.filter(state__in=states) if states else asked).values_list("right").annotate(Count("id"))
    return dict(counted)


def _of_customers() -> Iterable[str]:
    return {entry.right for entry in catalogue if may_hold(entry.right, staff=False)}
