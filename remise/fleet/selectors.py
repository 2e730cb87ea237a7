"""What the pages of the fleet show."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, F, Q, Sum

from remise.core.actor import Actor
from remise.core.errors import NotVisible
from remise.core.ledger.operations import End, decode
from remise.core.ledger.versions import VersionQuerySet
from remise.core.models import Entry, Item
from remise.fleet.models import UNKNOWN, RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.organisations.access import visible_branches
from remise.organisations.models import Branch, Party
from remise.policies.models import Policy

PAGE = 50
type Versions = VersionQuerySet[RegistrationVersion]

# What a list can be sorted by: the word in the address -> the column. Each has an index with the plate behind it.
SORTS = {"plate": "plate", "make": "make", "since": "starts", "value": "value_order"}
READ: dict[str, Callable[[str], object]] = {"starts": date.fromisoformat, "value_order": int}


@dataclass(frozen=True, slots=True)
class StockQuery:
    """What is asked of the stock. `known_at` null = as known now; `sort` with a minus = downwards."""

    day: date
    known_at: datetime | None = None
    search: str = ""
    branch: int | None = None
    sort: str = "-since"

    @property
    def column(self) -> str:
        return SORTS[self.sort.lstrip("-")]

    @property
    def descending(self) -> bool:
        return self.sort.startswith("-")


@dataclass(frozen=True, slots=True)
class Totals:
    """How many vehicles, what they are worth together and on average; `without_value` have no value known yet."""

    vehicles: int
    value: Decimal
    without_value: int

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(
            self.vehicles + other.vehicles, self.value + other.value, self.without_value + other.without_value
        )

    @property
    def mean(self) -> Decimal | None:
        known = self.vehicles - self.without_value
        return (self.value / known).quantize(Decimal("0.01")) if known else None


@dataclass(frozen=True, slots=True)
class Page:
    rows: Sequence[RegistrationVersion]
    newer: str | None  # keys of the pages before and after, as the address holds them
    older: str | None


def stock(by: Actor, policy: Policy, query: StockQuery) -> Versions:
    """The vehicles on cover on that day, as known at that moment, in the branches this actor may see."""
    versions = _visible(by, policy, query)
    make, plate = _words(query.search)
    return versions.filter(Q(make__prefix=make) | Q(plate__prefix=plate)) if make else versions


def totals(by: Actor, policy: Policy, query: StockQuery) -> Totals:
    """Of what `stock` gives. Found by make and found by plate are counted apart: each is read from its index alone,
    which both at once are not."""
    versions = _visible(by, policy, query)
    make, plate = _words(query.search)
    if not make:
        return _counted(versions)
    by_plate = versions.filter(plate__prefix=plate).exclude(make__prefix=make)
    return _counted(versions.filter(make__prefix=make)) + _counted(by_plate)


def _visible(by: Actor, policy: Policy, query: StockQuery) -> Versions:
    # The company follows from the policy; named here too, it tells the planner what the wall hides from it.
    held = RegistrationVersion.objects.filter(policy=policy.id, organisation=policy.organisation)
    versions: Versions = held.as_of(query.day, query.known_at)
    branches = visible_branches(by, FleetRight.VIEW)
    if branches is not None:
        versions = versions.filter(branch__in=branches)
    if query.branch is not None:
        versions = versions.filter(branch=query.branch)
    return versions


def _counted(versions: Versions) -> Totals:
    known = Q(value_order__gt=UNKNOWN)
    found = versions.aggregate(
        vehicles=Count("*"),
        known=Count("value_order", filter=known),
        cents=Sum("value_order", filter=known, default=0),
    )
    return Totals(found["vehicles"], Decimal(found["cents"]).scaleb(-2), found["vehicles"] - found["known"])


def page(versions: Versions, query: StockQuery, *, after: str = "", before: str = "", size: int = PAGE) -> Page:
    """One page by key, never by counting past the ones before it: the last page costs what the first does."""
    backwards = bool(before)
    descending = query.descending != backwards
    column = query.column
    key = _read_key(before or after, column)
    rows = versions.order_by(*(F(name).desc() if descending else F(name).asc() for name in (column, "plate")))
    if key:
        rows = rows.filter(_beyond(column, *key, descending=descending))
    found = list(rows[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    first, last = (_key(found[0], column), _key(found[-1], column)) if found else (None, None)
    return Page(
        found,
        newer=first if key and (more if backwards else True) else None,
        older=last if (True if backwards else more) else None,
    )


def _beyond(column: str, value: str, plate: str, *, descending: bool) -> Q:
    """Rows after the key. The first comparison is scalar, so that the wall lets the index serve it."""
    near, far = ("lte", "lt") if descending else ("gte", "gt")
    return Q(**{f"{column}__{near}": value}) & (Q(**{f"{column}__{far}": value}) | Q(**{f"plate__{far}": plate}))


def _key(row: RegistrationVersion, column: str) -> str:
    return f"{getattr(row, column)}~{row.plate}"


def _read_key(text: str, column: str) -> tuple[str, str] | None:
    """Where a page begins; none where the address holds something else."""
    value, mark, plate = text.rpartition("~")
    try:
        READ.get(column, str)(value)
    except ValueError:
        return None
    return (value, plate) if mark else None


def _words(search: str) -> tuple[str, str]:
    """What a make and a plate begin with; a plate is stored without its dashes."""
    make = search.strip().upper()
    return make, "".join(char for char in make if char.isalnum()) or make


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened to a vehicle on its policy."""

    entry: Entry
    what: str  # registered, deregistered, changed, correction
    corrected: bool  # undone by a later entry


@dataclass(frozen=True, slots=True)
class History:
    """A vehicle on a policy: what holds now or last held, and everything that led there, newest first."""

    item: Item
    versions: list[RegistrationVersion]
    lines: list[Line]
    lessee: Party | None
    driver: Party | None
    branch: Branch | None

    @property
    def latest(self) -> RegistrationVersion | None:
        return self.versions[-1] if self.versions else None


def history(by: Actor, item: int) -> History:
    """All about one vehicle on a policy; raises NotVisible where this actor may not see it."""
    found = Item.objects.filter(id=item, kind=RegistrationVersion.KIND, organisation=by.company).first()
    if found is None:
        raise NotVisible("There is no such vehicle.")
    versions = list(RegistrationVersion.objects.filter(item=found).known().order_by("starts"))
    branches = visible_branches(by, FleetRight.VIEW)
    if branches is not None and versions and versions[-1].branch not in branches:
        raise NotVisible("There is no such vehicle.")
    entries = list(Entry.objects.filter(item=found).order_by("-id"))
    undone = {entry.undoes_id for entry in entries if entry.undoes_id}
    last = versions[-1] if versions else None
    parties = Party.objects.in_bulk([p for p in (last.lessee, last.driver) if p] if last else [])
    return History(
        item=found,
        versions=versions,
        lines=[Line(entry, what_happened(entry), entry.id in undone) for entry in entries],
        lessee=parties.get(last.lessee) if last and last.lessee else None,
        driver=parties.get(last.driver) if last and last.driver else None,
        branch=Branch.objects.filter(id=last.branch).first() if last and last.branch else None,
    )


def what_happened(entry: Entry) -> str:
    """In one word, from the entry's operations."""
    if entry.undoes_id is not None:
        return "correction"
    operations = decode(entry.operations or [], RegistrationVersion.SCHEMA)
    if any(isinstance(operation, End) for operation in operations):
        return "deregistered"
    return "registered" if entry.operations and entry.operations[0]["op"] == "start" else "changed"


def entry_of(by: Actor, number: int) -> Entry:
    """An entry of this company's vehicles; raises NotVisible for any other."""
    return entries_of(by, [number])[0]


def entries_of(by: Actor, numbers: Sequence[int]) -> list[Entry]:
    """In this order. All of them this company's, and of vehicles in the branches where this actor has anything to do
    with vehicles; else NotVisible."""
    entries = Entry.objects.filter(organisation=by.company, item__kind=RegistrationVersion.KIND)
    found = entries.select_related("item", "undoes").in_bulk(numbers)
    if len(found) != len(set(numbers)) or _elsewhere(by, found.values()):
        raise NotVisible("There is no such receipt.")
    return [found[number] for number in numbers]


def _elsewhere(by: Actor, entries: Iterable[Entry]) -> bool:
    """Does one of these belong to a branch that this actor has no right in?"""
    held = {branch for right, branch in by.grants if right in FleetRight}
    if None in held:
        return False
    items = {entry.item_id for entry in entries}
    return RegistrationVersion.objects.filter(item__in=items).known().exclude(branch__in=held).exists()
