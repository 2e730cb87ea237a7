"""What a trip's page and the API look up: the vehicle that goes, and what to have at hand."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from remise.core import clock
from remise.core.actor import Actor
from remise.core.errors import BrokenRule
from remise.core.identifiers import Plate
from remise.core.models import Item
from remise.fleet.models import RegistrationVersion
from remise.green_cards.access import may_see
from remise.green_cards.rules import USUAL, CardRules, holds
from remise.green_cards.selectors.cards import cards_of_item
from remise.green_cards.selectors.covers import covers_of
from remise.green_cards.selectors.planning import rules_of, settings_of
from remise.green_cards.trips.rules import Car, Held
from remise.policies.cover import as_far_as
from remise.policies.models import Policy
from remise.portals.models import Portal


@dataclass(frozen=True, slots=True)
class Going:
    """The company's vehicle that goes, with the policy that covers it."""

    item: Item
    policy: Policy
    branch: int
    car: Car
    card_rules: CardRules


@dataclass(frozen=True, slots=True)
class Pack:
    """What to have at hand where no card is asked for (row 143)."""

    policy: str  # its number; empty where no vehicle was named
    emergency: str


def going(by: Actor, plate: Plate, *, first: date) -> Going | None:
    """On the policy that covers it on the `first` day of the trip, else on the one that covers it now or next. None
    where no vehicle with this plate is on cover, or none that this actor may see."""
    today = clock.today(by)
    policies = Policy.objects.filter(organisation=by.company)
    ours = RegistrationVersion.objects.filter(organisation=by.company, policy__in=policies.values("id"))
    covered = ours.filter(plate=plate.value).known().not_ended(today)
    ends_of = dict(policies.values_list("id", "ends"))
    versions = list(covered.order_by("starts"))
    on_first = (
        one for one in versions if holds(as_far_as(ends_of[one.policy], [(one.starts, one.ends)]), first, first)
    )
    version = next(on_first, versions[0] if versions else None)
    if version is None or version.branch is None or not may_see(by, version.branch):
        return None
    policy = policies.select_related("product").get(id=version.policy)
    covers, _makes = covers_of([version.item_id], organisation=by.company)
    car = Car(plate, covers[version.item_id], _cards(by, version.item_id))
    item = Item.objects.get(id=version.item_id, organisation=by.company)
    return Going(item, policy, version.branch, car, rules_of(policy, on=today))


def going_by(by: Actor, plate: Plate | None, *, first: date) -> Going | None:
    """None where no vehicle is named; raises BrokenRule for one that is not insured here."""
    found = going(by, plate, first=first) if plate else None
    if plate and found is None:
        words = _("%(plate)s is not insured here. Leave the field empty for general advice.")
        raise BrokenRule(words % {"plate": plate.formatted}, code="not_insured", field="plate")
    return found


def _cards(by: Actor, item: int) -> tuple[Held, ...]:
    held = (line.card for line in cards_of_item(by, item, clock.today(by)) if line.may_be_printed)
    return tuple(Held(card.number, Plate(card.plate), card.span, card.with_trailer, card.is_second) for card in held)


def rules_for(found: Going | None) -> CardRules:
    return found.card_rules if found else USUAL


def pack(portal: Portal, found: Going | None) -> Pack:
    return Pack(found.policy.number if found else "", settings_of(portal).assistance_abroad)
