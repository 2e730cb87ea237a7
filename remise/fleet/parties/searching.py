"""Drivers and lessees as the search box shows them: also to who reads over many companies."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from remise.core.actor import Actor
from remise.core.search.kinds import Found
from remise.fleet.models import RegistrationVersion
from remise.fleet.selectors.branches import may_see
from remise.organisations.models import Party

MOST_VEHICLES = 200  # of the people that were found
FEW = 3


@dataclass(frozen=True, slots=True)
class Line:
    party: Party
    plates: Sequence[str]
    more: int


def parties_found(by: Actor, found: Sequence[Found]) -> list[Line]:
    """With the vehicles that they drive or lease, the newest first, as far as this actor sees them."""
    wanted, companies = [one.subject for one in found], {one.organisation for one in found}
    vehicles: dict[int, dict[int, str]] = defaultdict(dict)
    for version in driven(found):
        for party in {version.driver, version.lessee} - {None}:
            if party is not None and may_see(by, version.branch):
                vehicles[party].setdefault(version.item_id, version.plate)
    known = Party.objects.filter(Party.LIVING, id__in=wanted, organisation__in=companies)
    seen = [party for party in known if party.id in vehicles or may_see(by, party.branch)]
    plates = {party.id: list(vehicles[party.id].values()) for party in seen}
    return [Line(party, plates[party.id][:FEW], len(plates[party.id][FEW:])) for party in seen]


def driven(found: Sequence[Found]) -> QuerySet[RegistrationVersion]:
    parties, companies = [one.subject for one in found], {one.organisation for one in found}
    of = RegistrationVersion.objects.known().filter(organisation__in=companies)
    theirs = of.filter(Q(driver__in=parties) | Q(lessee__in=parties))
    return theirs.order_by("-starts", "-id")[:MOST_VEHICLES]
