"""What a request for cards would give, vehicle by vehicle, before it is made; the action makes the same plan."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from remise.core.actor import Actor
from remise.core.errors import BrokenRule, NotVisible
from remise.core.identifiers import Plate
from remise.core.models import Item
from remise.fleet.models import RegistrationVersion
from remise.fleet.selectors.branches import branches_of
from remise.green_cards import rules
from remise.green_cards.addresses import FIELDS, address_of
from remise.green_cards.models import CardRule, CardSettings, Shipment
from remise.green_cards.rules import USUAL, CardRules, Cover, Span
from remise.organisations.models import Branch, Organisation
from remise.policies.models import Policy
from remise.portals.models import Portal
from remise.vehicles.models import Vehicle
from remise.vehicles.rules import as_written


@dataclass(frozen=True, slots=True)
class Plan:
    """The card that a vehicle would get, or why it gets none."""

    item: int
    plate: Plate
    branch: int
    make: str
    category: str
    span: Span | None
    problem: BrokenRule | None = None

    @property
    def as_shown(self) -> str:
        """All that the page before the last click says of the card; empty where there is none. It comes back with
        that click, and is compared with what would be made by then."""
        if self.span is None:
            return ""
        return f"{self.item} {self.span.first} {self.span.last} {self.category} {self.make}"

    @property
    def title(self) -> str:
        return as_written(self.make)


def plans(by: Actor, policy: Policy, items: Sequence[int], *, today: date) -> list[Plan]:
    """In order of plate. Raises NotVisible where one of them is not on this policy."""
    found = Item.objects.filter(
        id__in=items, organisation=policy.organisation, policy=policy.id, kind=RegistrationVersion.KIND
    )
    named = sorted(found, key=lambda item: item.key)
    if len(named) != len(set(items)):
        raise NotVisible(_("One of these vehicles is not on this policy."))
    card_rules = rules_of(policy, on=today)
    covers, makes = covers_of([item.id for item in named], organisation=policy.organisation)
    register = Vehicle.objects.known().in_bulk([item.key for item in named])
    branch_of = branches_of(policy.id, [item.key for item in named])
    return [
        _plan(
            item,
            branch_of.get(item.key) or 0,
            covers[item.id],
            register.get(item.key),
            makes.get(item.id, ""),
            card_rules,
            today,
        )
        for item in named
    ]


def _plan(
    item: Item,
    branch: int,
    cover: Cover,
    vehicle: Vehicle | None,
    registered_make: str,
    card_rules: CardRules,
    today: date,
) -> Plan:
    plate = Plate(item.key)
    make = (vehicle.make if vehicle else "") or registered_make
    span, problem = None, None
    try:
        rules.known_to_register(plate, make if vehicle else "")
        span = rules.span(card_rules, plate, cover, today=today)
    except BrokenRule as error:
        problem = error
    category = rules.category(vehicle.kind if vehicle else "")
    return Plan(item.id, plate, branch, make or rules.SEVERAL, category, span, problem)


def usual(by: Actor, planned: Sequence[Plan]) -> dict[str, str]:
    """How a request is filled in at first: as PDF, with the address of the branch, where all of the vehicles are of
    one; else the company's."""
    of = {plan.branch for plan in planned}
    branch = Branch.objects.filter(organisation=by.company, id__in=of).first() if len(of) == 1 else None
    address = address_of(Organisation.objects.get(id=by.company), branch)
    return {name: getattr(address, name) for name in FIELDS} | {"format": Shipment.Format.PDF}


def covers_of(
    items: Sequence[int], *, organisation: int
) -> tuple[dict[int, list[tuple[date, date | None]]], dict[int, str]]:
    """Item -> its cover as known now, no further than its policy goes, and the make it was last registered with."""
    covers: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    makes: dict[int, str] = {}
    its_policy = Policy.objects.filter(id=OuterRef("policy"), organisation=organisation)
    versions = (
        RegistrationVersion.objects.filter(item__in=items, organisation=organisation)
        .known()
        .order_by("starts")
        .annotate(policy_ends=Subquery(its_policy.values("ends")))
    )
    for item, starts, ends, make, policy_ends in versions.values_list(
        "item", "starts", "ends", "make", "policy_ends"
    ):
        covers[item] += rules.as_far_as(policy_ends, [(starts, ends)])
        makes[item] = make
    return covers, makes


def rules_of(policy: Policy, *, on: date) -> CardRules:
    """What the product says of its cards on that day."""
    found = CardRule.objects.filter(product=policy.product_id, starts__lte=on).order_by("-starts").first()
    return found.rules if found else USUAL


def settings_of(portal: Portal) -> CardSettings:
    """An insurer that set nothing prints specimens under its own name."""
    found = CardSettings.objects.filter(portal=portal.id).first()
    return found or CardSettings(
        portal=portal,
        insurer_name=portal.insurer,
        insurer_address="",
        signed_by=portal.insurer,
        assistance_home=portal.desk_phone,
        assistance_abroad=portal.desk_phone,
        claims_phone=portal.desk_phone,
    )
