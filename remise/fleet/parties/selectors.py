"""Drivers and lessees as a list, and one of them with what was driven and leased."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from remise.core import clock, paging
from remise.core.actor import Actor
from remise.core.errors import NotVisible
from remise.core.forms import whole_number
from remise.core.identifiers import Plate, number_key
from remise.core.ledger.versions import VersionQuerySet
from remise.core.models import LookupKey
from remise.core.paging import Order, Page
from remise.core.search.words import words_of
from remise.core.words import Text
from remise.fleet.models import RegistrationVersion
from remise.fleet.parties.roles import role_label
from remise.fleet.parties.seeing import parties_seen, used_by, versions_seen
from remise.fleet.rights import FleetRight
from remise.organisations.models import Party
from remise.organisations.naming import Somebody
from remise.organisations.parties import also, who
from remise.policies.models import Policy
from remise.policies.rules import PARTIES

ORDER = Order("name_key", tie="id", read=str, read_tie=whole_number)
MOST_WORDS = 3
SUGGESTED = 20
MOST_PERIODS = 200  # on a page; the file has all


@dataclass(frozen=True, slots=True)
class PartyQuery:
    """Which are asked for: by the beginning of a word of the name or of a number. `now`: with a vehicle today."""

    search: str = ""
    kind: str = ""
    now: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One in the list, with the vehicles of today, or until when there was one."""

    party: Party
    vehicles: int
    plate: str  # the first of them
    until: date | None  # the last day with a vehicle, where there is none today

    @property
    def more(self) -> int:
        return self.vehicles - 1


@dataclass(frozen=True, slots=True)
class Period:
    """A vehicle with this driver or lessee; `ends` exclusive, null = still."""

    item: int
    plate: Plate
    policy: str
    role: str
    starts: date
    ends: date | None

    @property
    def label(self) -> Text:
        return role_label(self.role)

    @property
    def last_day(self) -> date | None:
        return self.ends - timedelta(days=1) if self.ends else None

    def covers(self, day: date) -> bool:
        return self.starts <= day and (self.ends is None or day < self.ends)


def asked(by: Actor, query: PartyQuery) -> QuerySet[Party]:
    found = parties_seen(by)
    if query.search:
        found = found.filter(_found_by(by.company, query.search))
    if query.kind:
        found = found.filter(kind=query.kind)
    if query.now:
        found = found.filter(used_by(today_seen(by)))
    return found


def _found_by(company: int, typed: str) -> Q:
    """Each word begins one of the name, in whichever place; or all of it begins a number."""
    keys = LookupKey.objects.filter(organisation=company)
    wanted = Q()
    for word in words_of(typed)[:MOST_WORDS]:
        wanted &= _with_key(company, keys.filter(kind="party", key__prefix=word))
    number = number_key(typed)
    if number:
        wanted |= _with_key(company, keys.filter(kind="party", key__prefix=number))
    return wanted or Q(pk__in=())


def _with_key(company: int, keys: QuerySet[LookupKey]) -> Q:
    """Also a key of whom somebody was merged with."""
    subjects = keys.values("subject")
    merged = Party.objects.filter(organisation=company, merged_into__isnull=False, id__in=subjects)
    return Q(id__in=subjects) | Q(id__in=merged.values("merged_into"))


def today_seen(by: Actor) -> VersionQuerySet[RegistrationVersion]:
    found: VersionQuerySet[RegistrationVersion] = versions_seen(by).as_of(clock.today(by))
    return found


def page(by: Actor, query: PartyQuery, *, after: str = "", before: str = "") -> Page[Line]:
    found = paging.page(asked(by, query), ORDER, after=after, before=before)
    return found.showing(lines(by, found.rows))


def lines(by: Actor, found: Sequence[Party]) -> list[Line]:
    """As many queries for many as for one."""
    merged = also([by.company], [party.id for party in found])
    twice = set(merged.values())
    ids = [party.id for party in found if party.id not in twice]
    used = _of_merged(by, merged)
    for role in PARTIES:
        counted = today_seen(by).filter(**{f"{role}__in": ids})
        if role != PARTIES[0]:  # who drives what they lease has it once
            counted = counted.exclude(**{PARTIES[0]: F(role)})
        for party, number, plate in counted.values_list(role).annotate(Count("item"), Min("plate")):
            before, first = used.get(party, (0, plate))
            used[party] = (before + number, min(first, plate))
    last = _last_days(by, {party.id: party.id for party in found if party.id not in used} | merged)
    return [Line(party, *used.get(party.id, (0, "")), last.get(party.id)) for party in found]


def _of_merged(by: Actor, merged: Mapping[int, int]) -> dict[int, tuple[int, str]]:
    """How many vehicles those have today who are known by several numbers, and the first of them."""
    stands_for = {**merged} | {party: party for party in merged.values()}
    ids, plates = list(stands_for), defaultdict[int, dict[int, str]](dict)
    theirs = today_seen(by).filter(Q(driver__in=ids) | Q(lessee__in=ids)) if ids else []
    for version in theirs:
        for number in {version.driver, version.lessee} & stands_for.keys():
            if number is not None:
                plates[stands_for[number]][version.item_id] = version.plate
    return {party: (len(had), min(had.values())) for party, had in plates.items()}


def _last_days(by: Actor, stands_for: Mapping[int, int]) -> dict[int, date]:
    found: dict[int, date] = {}
    for role in PARTIES:
        ended = versions_seen(by).filter(**{f"{role}__in": list(stands_for), "ends__lte": clock.today(by)})
        for number, ends in ended.values_list(role).annotate(Max("ends")):
            party = stands_for[number]
            found[party] = max(found.get(party, ends), ends)
    return {party: ends - timedelta(days=1) for party, ends in found.items()}


def party_of(by: Actor, number: int, *, right: FleetRight = FleetRight.VIEW) -> Party:
    """Raises NotVisible for one of another company, of another branch, or who was erased."""
    found = parties_seen(by, right).filter(id=number).first()
    if found is None:
        raise no_such_party()
    return found


def no_such_party() -> NotVisible:
    return NotVisible(_("There is no such driver or lessee."))


def current(by: Actor, number: int, *, right: FleetRight = FleetRight.VIEW) -> Party:
    """As `party_of`; of somebody who was merged, the one that stayed."""
    known = who(by.company, [number]).get(number)
    return party_of(by, known.id if known else number, right=right)


def merged_with(party: Party) -> list[Party]:
    """How else this one was written down, before it was merged."""
    return list(Party.objects.filter(organisation=party.organisation, merged_into=party.id).order_by("id"))


def namesakes(by: Actor, party: Party) -> list[Party]:
    """Others of this name whom this actor sees."""
    same = parties_seen(by).filter(name_key=party.name_key).exclude(id=party.id)
    return list(same.order_by("reference", "id"))


def periods(by: Actor, party: Party, *, most: int | None = None) -> list[Period]:
    """The newest first, as known now, or so many of them. What goes on from one version to the next is one period."""
    ids = {party.id, *also([by.company], [party.id])}
    versions = versions_seen(by).filter(Q(driver__in=ids) | Q(lessee__in=ids)).order_by("item", "starts")
    if most is not None:
        versions = versions.filter(item__any_of=_items_of_newest(versions, ids, most))
    found = list(versions.values_list("item", "plate", "policy", "starts", "ends", *PARTIES))
    numbers = dict(
        Policy.objects.filter(organisation=by.company, id__in={row[2] for row in found}).values_list("id", "number")
    )
    known: list[Period] = []
    for place, role in enumerate(PARTIES, start=5):
        mine = (row for row in found if row[place] in ids)
        known += _joined(
            Period(item, Plate(plate), numbers[policy], role, starts, ends)
            for item, plate, policy, starts, ends, *_who in mine
        )
    return sorted(known, key=lambda one: (one.starts, one.plate.value, one.role), reverse=True)[:most]


def _items_of_newest(versions: VersionQuerySet[RegistrationVersion], parties: Collection[int], most: int) -> set[int]:
    """A period begins with a version that follows upon none of its role."""
    items: set[int] = set()
    for role in PARTIES:
        mine = versions.filter(**{f"{role}__in": parties})
        begins = mine.exclude(Exists(mine.filter(item=OuterRef("item"), ends=OuterRef("starts"))))
        items |= set(begins.order_by("-starts", "-plate").values_list("item", flat=True)[:most])
    return items


def _joined(rows: Iterable[Period]) -> Iterator[Period]:
    last: Period | None = None
    for row in rows:
        if last is not None and last.item == row.item and last.ends == row.starts:
            last = replace(last, ends=row.ends)
            continue
        if last is not None:
            yield last
        last = row
    if last is not None:
        yield last


def suggested(by: Actor, typed: str) -> list[str]:
    """What may be meant, as it can be typed: a name, and its number where the name is shared."""
    found = parties_seen(by)
    if typed.strip():
        found = found.filter(_found_by(by.company, typed))
    some = list(found.order_by("name_key", "id")[:SUGGESTED])
    shared = Counter(
        Party.objects.filter(
            Party.LIVING, organisation=by.company, name_key__in={party.name_key for party in some}
        ).values_list("name_key", flat=True)
    )
    return [written(party) if shared[party.name_key] > 1 else party.name for party in some]


def written(party: Party) -> str:
    """As it can be typed where the name alone means several."""
    return Somebody(party.name, party.kind, party.reference, party.kvk).written
