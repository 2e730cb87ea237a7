"""What this room puts in the menu, under the list of vehicles, on a vehicle's page and on a receipt."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from remise.core import clock
from remise.core.actor import Actor, can, holds_anywhere
from remise.core.clients import Deed
from remise.core.registry import MenuEntry, Task
from remise.fleet.offers import ChangeNote, Offer, OfferSource, RowAction, Section
from remise.fleet.rights import FleetRight
from remise.fleet.selectors.history import History
from remise.fleet.selectors.receipts import Receipt
from remise.green_cards.access import SEEING
from remise.green_cards.forms import WishForm
from remise.green_cards.products import card_rules
from remise.green_cards.rules import State
from remise.green_cards.selectors.cards import CardLine, cards_of_item
from remise.green_cards.selectors.planning import rules_of
from remise.green_cards.selectors.returned import CameBack, came_back
from remise.organisations.access import visible_branches
from remise.policies.models import Policy
from remise.ui.formats import day as shown_day
from remise.ui.formats import number

MOST_LETTERS = 3  # on the home page; the next ones come when these are dealt with

MENU = MenuEntry(
    "green_cards:overview",
    gettext_lazy("Green cards"),
    "file-certificate",
    SEEING,
    30,
    "green_cards",
)
TRIP = MenuEntry("trips:trip", gettext_lazy("Trip abroad"), "compass", SEEING, 31, "trips")
ISSUED = Deed("green_card.issued", gettext_lazy("Requested a green card"))
VOIDED = Deed("green_card.voided", gettext_lazy("Made a green card void"))
REQUEST = RowAction(
    "green_cards:request", gettext_lazy("Request green card"), FleetRight.REQUEST_CARDS, "file-certificate"
)


@dataclass(frozen=True, slots=True)
class CardsOfVehicle:
    lines: list[CardLine]
    item: int
    plate: str
    may_ask: bool
    form: WishForm
    by_itself: bool  # its product gives one without asking


def _section(by: Actor, history: History) -> CardsOfVehicle | None:
    today = clock.today(by)
    lines = cards_of_item(by, history.item.id, today)
    branches = visible_branches(by, FleetRight.REQUEST_CARDS)
    may = branches is None or (history.branch is not None and history.branch.id in branches)
    may = may and history.runs(today)
    policy = Policy.objects.select_related("product").get(organisation=by.company, id=history.item.policy)
    by_itself = history.runs(today) and rules_of(policy, on=today).automatic
    if not (lines or may or by_itself):
        return None
    return CardsOfVehicle(lines, history.item.id, history.item.key, may, WishForm(), by_itself)


def _unchanged(by: Actor, history: History) -> str:
    """On a card stand the plate, the make and the days, and the company: no term that its product asks."""
    cards = cards_of_item(by, history.item.id, clock.today(by))
    if not any(line.state in {State.VALID, State.NOT_YET} for line in cards):
        return ""
    return _("The green card stays as it is: nothing that is printed on it changes.")


def _offer(by: Actor, receipt: Receipt) -> Offer | None:
    if receipt.what != "registered" or receipt.corrected_by is not None:
        return None
    if not can(by, FleetRight.REQUEST_CARDS, organisation=by.organisation, branch=receipt.branch_id):
        return None
    if card_rules(receipt.rules).automatic:
        return None  # it is on its way
    return Offer(_("Green card"), _request_url(receipt.entry.item_id), "file-certificate")


def _request_url(item: int) -> str:
    return f"{reverse('green_cards:request')}?item={item}"


def tasks(by: Actor) -> Sequence[Task]:
    """Letters that came back."""
    if not holds_anywhere(by, FleetRight.REQUEST_CARDS):
        return []
    return [_of_letter(by, one) for one in came_back(by)[:MOST_LETTERS]]


def _of_letter(by: Actor, one: CameBack) -> Task:
    came_back_on = one.shipment.returned_on
    assert came_back_on is not None
    title = ngettext(
        "A letter with %(count)s green card came back", "A letter with %(count)s green cards came back", one.cards
    )
    return Task(
        due=clock.today(by),
        when=shown_day(came_back_on, "plain"),
        title=title % {"count": number(one.cards)},
        text=_("%(reason)s. Correct the address and have it sent again.")
        % {"reason": one.shipment.get_return_reason_display()},
        url=reverse("green_cards:shipment", args=[one.shipment.id]),
        action=_("Send again"),
        urgent=True,
    )


SECTION = Section("green_cards", "green_cards/_of_vehicle.html", _section)
OFFER = OfferSource("green_cards", _offer)
UNCHANGED = ChangeNote("green_cards", _unchanged)
