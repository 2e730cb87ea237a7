"""What came to light about vehicles on cover and still waits for somebody."""

from django.db.models import QuerySet

from remise.core.actor import Actor
from remise.core.models import Item
from remise.fleet.models import Finding


def open_findings(by: Actor) -> QuerySet[Finding]:
    """Of the company acted for. Which vehicles this actor may see, the caller compares."""
    return Finding.objects.filter(organisation=by.company, settled_at=None)


def items_with_findings(company: int) -> QuerySet[Item, int]:
    """For a list of vehicles: the items of which something is open."""
    found = Finding.objects.filter(organisation=company, settled_at=None)
    return found.values_list("item", flat=True)  # type: ignore[return-value]
