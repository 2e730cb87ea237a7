"""The vehicles on a policy: which, how many, worth what, page by page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from django.db.models import Count, Exists, OuterRef, Q, Sum

from remise.core import paging
from remise.core.actor import Actor
from remise.core.ledger.versions import VersionQuerySet
from remise.core.models import Item
from remise.core.money import cents
from remise.core.paging import Order, Page
from remise.fleet.findings import AT_DESK
from remise.fleet.models import UNKNOWN, RegistrationVersion
from remise.fleet.parties.seeing import parties_seen
from remise.fleet.parties.selectors import PartyQuery, asked
from remise.fleet.rights import FleetRight
from remise.fleet.selectors.branches import branches_of, may_see
from remise.fleet.selectors.findings import items_with_findings
from remise.organisations.access import visible_branches
from remise.organisations.parties import also
from remise.policies.models import Policy
from remise.vehicles.models import Vehicle
from remise.vehicles.selectors import inspection_due

FEW = 10
SHORTEST_NAME, MOST_NAMED = 3, 200  # of a driver or lessee, to be looked for beside plates and makes
type Versions = VersionQuerySet[RegistrationVersion]

# What a list can be sorted by: the word in the address -> the column. Each has an index with the plate behind it.
SORTS = {"plate": "plate", "make": "make", "since": "starts", "value": "value_order"}
READ: dict[str, Callable[[str], object]] = {"starts": date.fromisoformat, "value_order": int}


class Only(StrEnum):
    """Which part of the stock is asked for."""

    ALL = ""
    LEAVING = "leaving"  # the end of their cover is known
    UNVALUED = "unvalued"
    INSPECTION = "inspection"  # to be inspected soon, says the register
    FINDING = "finding"  # the register said something that speaks against what was entered
    AT_DESK = "at_desk"  # and the insurer's desk looks at it


@dataclass(frozen=True, slots=True)
class StockQuery:
    """What is asked of the stock. `known_at` null = as known now; `sort` with a minus = downwards."""

    day: date
    known_at: datetime | None = None
    search: str = ""
    party: int | None = None  # whom one drives or leases
    branch: int | None = None
    only: Only = Only.ALL
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

    @classmethod
    def counted(cls, vehicles: int, *, known: int, cents: int) -> "Totals":
        return cls(vehicles, Decimal(cents).scaleb(-2), vehicles - known)

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(
            self.vehicles + other.vehicles, self.value + other.value, self.without_value + other.without_value
        )

    @property
    def mean(self) -> Decimal | None:
        known = self.vehicles - self.without_value
        return cents(self.value / known) if known else None


def stock(by: Actor, policy: Policy, query: StockQuery) -> Versions:
    """The vehicles on cover on that day, as known at that moment, in the branches this actor may see."""
    versions = _visible(by, policy, query)
    make, plate = _words(query.search)
    found = Q(make__prefix=make) | Q(plate__prefix=plate)
    return versions.filter(found | _of(by, _named(by, query.search))) if make else versions


def gone(by: Actor, policy: Policy, query: StockQuery) -> list[Item]:
    """Vehicles that were on this policy once, by the beginning of their plate: what a search for them finds when they
    are on cover no more."""
    plate = _words(query.search)[1]
    items = Item.objects.filter(
        organisation=policy.organisation, policy=policy.id, kind=RegistrationVersion.KIND, key__prefix=plate
    )
    found = list(items.order_by("key")[:FEW])
    branch_of = branches_of(policy.id, [item.key for item in found])
    return [item for item in found if may_see(by, branch_of.get(item.key))]


def totals(by: Actor, policy: Policy, query: StockQuery) -> Totals:
    """Of what `stock` gives. Found by make, by plate and by name are counted apart: each is read from its own index,
    which all at once are not."""
    versions = _visible(by, policy, query)
    make, plate = _words(query.search)
    if not make:
        return _counted(versions)
    by_plate = versions.filter(plate__prefix=plate).exclude(make__prefix=make)
    found = _counted(versions.filter(make__prefix=make)) + _counted(by_plate)
    named = _named(by, query.search)
    if not named:
        return found
    by_name = versions.filter(_of(by, named)).exclude(make__prefix=make).exclude(plate__prefix=plate)
    return found + _counted(by_name)


def _visible(by: Actor, policy: Policy, query: StockQuery) -> Versions:
    # The company follows from the policy; named here too, it tells the planner what the wall hides from it.
    held = RegistrationVersion.objects.filter(policy=policy.id, organisation=policy.organisation)
    versions: Versions = held.as_of(query.day, query.known_at).filter(_only(query, policy.organisation))
    branches = visible_branches(by, FleetRight.VIEW)
    if branches is not None:
        versions = versions.filter(branch__in=branches)
    if query.branch is not None:
        versions = versions.filter(branch=query.branch)
    if query.party is not None:
        seen = parties_seen(by).filter(id=query.party).values_list("id", flat=True)
        versions = versions.filter(_of(by, list(seen)))
    return versions


def _of(by: Actor, parties: Sequence[int]) -> Q:
    """Also where they are named by a number under which they were known before they were merged."""
    if not parties:
        return Q(pk__in=())
    ids = {*parties, *also([by.company], parties)}
    return Q(driver__in=ids) | Q(lessee__in=ids)


def _named(by: Actor, search: str) -> list[int]:
    """Drivers and lessees whom this text may mean; of a few that many vehicles have, not of a letter."""
    if len(search.strip()) < SHORTEST_NAME:
        return []
    return list(asked(by, PartyQuery(search)).order_by("id").values_list("id", flat=True)[:MOST_NAMED])


def _only(query: StockQuery, company: int) -> Q:
    match query.only:
        case Only.FINDING:
            return Q(item__in=items_with_findings(company))
        case Only.AT_DESK:
            return Q(item__in=items_with_findings(company, AT_DESK))
        case Only.ALL:
            return Q()
        case Only.LEAVING:
            return Q(Exists(_ends(company, query.known_at)), ends__isnull=False)
        case Only.UNVALUED:
            return Q(value_order=UNKNOWN)
        case Only.INSPECTION:
            return Q(plate__in=Vehicle.objects.filter(inspection_due(query.day)).values("plate"))


def _ends(company: int, known_at: datetime | None) -> Versions:
    """Of one item: where its cover ends, that version's or a later one's. What only other terms follow is no end."""
    same: Versions = RegistrationVersion.objects.filter(organisation=company, item=OuterRef("item")).known(known_at)
    next_terms = same.filter(starts=OuterRef("ends"))
    return same.filter(~Exists(next_terms), starts__gte=OuterRef("starts"), ends__isnull=False)


def _counted(versions: Versions) -> Totals:
    known = Q(value_order__gt=UNKNOWN)
    found = versions.aggregate(
        vehicles=Count("*"),
        known=Count("value_order", filter=known),
        cents=Sum("value_order", filter=known, default=0),
    )
    return Totals.counted(found["vehicles"], known=found["known"], cents=found["cents"])


def page(versions: Versions, query: StockQuery, *, after: str = "", before: str = "") -> Page[RegistrationVersion]:
    return paging.page(versions, order_of(query), after=after, before=before)


def order_of(query: StockQuery) -> Order:
    return Order(query.column, tie="plate", descending=query.descending, read=READ.get(query.column, str))


def _words(search: str) -> tuple[str, str]:
    """What a make and a plate begin with; a plate is stored without its dashes."""
    make = search.strip().upper()
    return make, "".join(char for char in make if char.isalnum()) or make
