"""Drivers and lessees as the search box shows them: also to who reads over many companies."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from remise.core import clock
from remise.core.actor import Actor
from remise.core.search.kinds import Found
from remise.fleet.models import RegistrationVersion
from remise.fleet.selectors.branches import may_see
from remise.organisations.models import Party
from remise.organisations.parties import also

MOST_VEHICLES = 200  # of the people that were found
FEW = 3


@dataclass(frozen=True, slots=True)
class Line:
    subject: int  # the number that was found: of somebody who was merged it may be the other one
    party: Party
    plates: Sequence[str]
    more: int


def parties_found(by: Actor, found: Sequence[Found]) -> list[Line]:
    """Each once, with the vehicles that they drive or lease today, the newest first, as far as this actor sees them;
    whom one sees goes by those of before too."""
    companies, today = {one.organisation for one in found}, clock.today(by)
    subjects = _subjects(found, companies)
    stands_for = {party: party for party in subjects} | also(companies, list(subjects))
    had: set[int] = set()
    vehicles: dict[int, dict[int, str]] = defaultdict(dict)
    for version in driven(stands_for, companies):
        for number in {version.driver, version.lessee} & stands_for.keys():
            if number is not None and may_see(by, version.branch):
                had.add(stands_for[number])
                if version.starts <= today and (version.ends is None or today < version.ends):
                    vehicles[stands_for[number]].setdefault(version.item_id, version.plate)
    known = Party.objects.filter(Party.LIVING, id__in=subjects, organisation__in=companies)
    seen = [party for party in known if party.id in had or may_see(by, party.branch)]
    plates = {party.id: list(vehicles[party.id].values()) for party in seen}
    return [Line(subjects[party.id], party, plates[party.id][:FEW], len(plates[party.id][FEW:])) for party in seen]


def _subjects(found: Sequence[Found], companies: Collection[int]) -> dict[int, int]:
    """Who was found, each with the number by which."""
    wanted = {one.subject: one.subject for one in found}
    known = Party.objects.filter(id__in=wanted, organisation__in=companies, merged_into__isnull=False)
    for number, stayed in known.values_list("id", "merged_into"):
        del wanted[number]
        wanted.setdefault(stayed or number, number)
    return wanted


def driven(parties: Collection[int], companies: Collection[int]) -> QuerySet[RegistrationVersion]:
    of = RegistrationVersion.objects.known().filter(organisation__in=companies)
    theirs = of.filter(Q(driver__in=parties) | Q(lessee__in=parties))
    return theirs.order_by("-starts", "-id")[:MOST_VEHICLES]
