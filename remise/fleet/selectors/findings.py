"""What came to light about vehicles on cover and still waits for somebody."""

from collections.abc import Collection

from django.db.models import QuerySet

from remise.core.actor import Actor
from remise.core.models import Item
from remise.fleet.findings import FindingKind
from remise.fleet.models import Finding


def open_findings(by: Actor) -> QuerySet[Finding]:
    """Of the company acted for. Which vehicles this actor may see, the caller compares."""
    return Finding.objects.filter(organisation=by.company, settled_at=None)


def items_with_findings(company: int, kinds: Collection[FindingKind] = ()) -> QuerySet[Item, int]:
    """For a list of vehicles: the items of which something is open, of these kinds or of any."""
    found = Finding.objects.filter(organisation=company, settled_at=None)
    if kinds:
        found = found.filter(kind__in=kinds)
    return found.values_list("item", flat=True)  # type: ignore[return-value]
