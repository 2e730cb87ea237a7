"""Lessees and drivers as a company names them: each name kept once, in one erasable row."""

from collections.abc import Collection

from remise.organisations.models import Party


def parties_named(names: Collection[str], *, portal: int, organisation: int) -> dict[str, int]:
    """Name -> number, within one company; those that nobody named before are made. Two statements, however many."""
    wanted = set(names)
    if not wanted:
        return {}
    found = _known(wanted, organisation)
    fresh = [
        Party(portal=portal, organisation=organisation, kind=Party.Kind.PERSON, name=name)
        for name in sorted(wanted - found.keys())
    ]
    return found | {party.name: party.pk for party in Party.objects.bulk_create(fresh)}


def _known(names: Collection[str], organisation: int) -> dict[str, int]:
    """The oldest of each name."""
    parties = Party.objects.filter(organisation=organisation, name__in=names, erased_at__isnull=True)
    return dict(parties.order_by("name", "id").distinct("name").values_list("name", "id"))
