"""What a request for cards would give, vehicle by vehicle, before it is made; the action makes the same plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from remise.core.actor import Actor
from remise.core.errors import BrokenRule, NotVisible
from remise.core.identifiers import Plate
from remise.core.models import Item
from remise.fleet.models import RegistrationVersion
from remise.fleet.selectors.branches import branches_of
from remise.green_cards import rules
from remise.green_cards.addresses import FIELDS, address_of
from remise.green_cards.models import CardSettings, GreenCard, Shipment
from remise.green_cards.products import card_rules
from remise.green_cards.rules import NOTHING_MORE, CardRules, Span, State, Wish
from remise.green_cards.selectors.cards import CardLine, lines, with_cover
from remise.green_cards.selectors.covers import covers_of
from remise.organisations.models import Branch, Organisation
from remise.policies.cover import Cover
from remise.policies.models import Policy
from remise.policies.selectors import rules_of as product_rules_of
from remise.portals.models import Portal
from remise.vehicles.models import Vehicle
from remise.vehicles.rules import as_written


@dataclass(frozen=True, slots=True)
class Plan:
    """The card that a vehicle would get, or why it gets none."""

    item: int
    plate: Plate  # as it will stand on the card: the vehicle's, or that of the trailer it pulls
    branch: int
    make: str
    category: str
    span: Span | None
    problem: BrokenRule | None = None
    with_trailer: bool = False
    pulled_by: Plate | None = None  # of a trailer's second card

    @property
    def as_shown(self) -> str:
        """All that the page before the last click says of the card; empty where there is none. It comes back with
        that click, and is compared with what would be made by then."""
        if self.span is None:
            return ""
        trailer = "+" if self.with_trailer else "-"
        return f"{self.item} {self.plate} {self.span.first} {self.span.last} {self.category} {trailer} {self.make}"

    @property
    def title(self) -> str:
        return as_written(self.make)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is known of a vehicle that a card is asked for."""

    item: Item
    branch: int
    cover: Cover
    vehicle: Vehicle | None
    registered_make: str

    @property
    def plate(self) -> Plate:
        return Plate(self.item.key)

    @property
    def kind(self) -> str:
        return self.vehicle.kind if self.vehicle else ""

    @property
    def make(self) -> str:
        return (self.vehicle.make if self.vehicle else "") or self.registered_make


def plans(
    by: Actor,
    policy: Policy,
    items: Sequence[int],
    *,
    today: date,
    wish: Wish = NOTHING_MORE,
    firsts: Mapping[int, date] | None = None,
) -> list[Plan]:
    """In order of plate. Raises NotVisible where one of them is not on this policy. `firsts`: item -> a later first
    day than today's, of a card that follows another."""
    later = firsts or {}
    if wish.trailer is not None and len(items) != 1:
        raise BrokenRule(_("Ask for a trailer's card with one car at a time."), code="one_car", field="trailer")
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
    asked = [
        _Asked(item, branch_of.get(item.key) or 0, covers[item.id], register.get(item.key), makes.get(item.id, ""))
        for item in named
    ]
    if wish.trailer is not None:
        return [_second(one, wish.trailer, wish, card_rules, today) for one in asked]
    return [_plan(one, wish, card_rules, max(today, later.get(one.item.id, today))) for one in asked]


def _plan(one: _Asked, wish: Wish, card_rules: CardRules, today: date) -> Plan:
    span, problem = None, None
    try:
        rules.known_to_register(one.plate, one.make if one.vehicle else "")
        if wish.with_trailer:
            rules.pulls(one.plate, one.kind)
        span = rules.span(card_rules, one.plate, one.cover, today=today, until=wish.until)
    except BrokenRule as error:
        problem = error
    return Plan(
        one.item.id,
        one.plate,
        one.branch,
        one.make or rules.SEVERAL,
        rules.category(one.kind),
        span,
        problem,
        with_trailer=wish.with_trailer and problem is None,
    )


def _second(car: _Asked, trailer: Plate, wish: Wish, card_rules: CardRules, today: date) -> Plan:
    """The trailer's own card, by the cover of the car that pulls it."""
    known = Vehicle.objects.known().filter(plate=trailer.value).first()
    make = known.make if known else ""
    span, problem = None, None
    try:
        rules.pulls(car.plate, car.kind)
        rules.known_to_register(trailer, make)
        rules.is_trailer(trailer, known.kind if known else "")
        span = rules.span(card_rules, car.plate, car.cover, today=today, until=wish.until)
        for line in seconds_of(trailer, span, organisation=car.item.organisation, day=today):
            if line.state is not State.EXPIRED:
                raise rules.trailer_has_card(trailer, line.card.number, line.card.valid_to)
    except BrokenRule as error:
        span, problem = None, error
    return Plan(
        car.item.id, trailer, car.branch, make or rules.SEVERAL, rules.TRAILER, span, problem, pulled_by=car.plate
    )


def seconds_of(trailer: Plate, within: Span, *, organisation: int, day: date) -> list[CardLine]:
    """The trailer's cards that are not void and meet this period, whichever car they were asked for."""
    found = GreenCard.objects.filter(
        organisation=organisation,
        plate=trailer.value,
        valid_from__lte=within.last,
        valid_to__gte=within.first,
        voided_at__isnull=True,
    ).exclude(pulled_by="")
    return lines(with_cover(found, day), day)


def usual(by: Actor, planned: Sequence[Plan]) -> dict[str, str]:
    """How a request is filled in at first: as PDF, with the address of the branch, where all of the vehicles are of
    one; else the company's."""
    of = {plan.branch for plan in planned}
    branch = Branch.objects.filter(organisation=by.company, id__in=of).first() if len(of) == 1 else None
    address = address_of(Organisation.objects.get(id=by.company), branch)
    return {name: getattr(address, name) for name in FIELDS} | {"format": Shipment.Format.PDF}


def rules_of(policy: Policy, *, on: date) -> CardRules:
    """What the product says of its cards on that day."""
    return card_rules(product_rules_of(policy, on=on))


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
