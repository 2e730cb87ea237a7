"""What the pages of the fleet show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, F, Q, Sum

from remise.core.actor import Actor
from remise.core.errors import NotVisible
from remise.core.ledger.operations import End, decode
from remise.core.ledger.versions import VersionQuerySet
from remise.core.models import Entry, Item
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.organisations.access import visible_branches
from remise.organisations.models import Branch, Party
from remise.policies.models import Policy

PAGE = 50
type Versions = VersionQuerySet[RegistrationVersion]

# What a list can be sorted by: the word in the address -> the column. Each has an index with the plate behind it.
SORTS = {"plate": "plate", "make": "make", "since": "starts", "value": "value_order"}


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
    versions: Versions = RegistrationVersion.objects.filter(policy=policy.id).as_of(query.day, query.known_at)
    branches = visible_branches(by, FleetRight.VIEW)
    if branches is not None:
        versions = versions.filter(branch__in=branches)
    if query.branch is not None:
        versions = versions.filter(branch=query.branch)
    return _searched(versions, query.search)


def totals(versions: Versions) -> Totals:
    found = versions.aggregate(vehicles=Count("*"), valued=Count("value"), value=Sum("value"))
    return Totals(found["vehicles"], found["value"] or Decimal(0), found["vehicles"] - found["valued"])


def page(versions: Versions, query: StockQuery, *, after: str = "", before: str = "", size: int = PAGE) -> Page:
    """One page by key, never by counting past the ones before it: the last page costs what the first does."""
    backwards = bool(before)
    descending = query.descending != backwards
    column = query.column
    key = _read_key(before or after)
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


def _read_key(text: str) -> tuple[str, str] | None:
    value, mark, plate = text.rpartition("~")
    return (value, plate) if mark else None


def _searched(versions: Versions, search: str) -> Versions:
    """By the beginning of a plate, with or without dashes, or of a make."""
    text = search.strip().upper()
    if not text:
        return versions
    plate = "".join(char for char in text if char.isalnum())
    found = Q(make__prefix=text)
    return versions.filter(found | Q(plate__prefix=plate) if plate else found)


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
    found = (
        Entry.objects.filter(id=number, organisation=by.company, item__kind=RegistrationVersion.KIND)
        .select_related("item")
        .first()
    )
    if found is None:
        raise NotVisible("There is no such receipt.")
    return found
