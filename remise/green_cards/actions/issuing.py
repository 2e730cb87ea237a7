"""Asking for green cards: all of them or none."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.doors import rows
from remise.core.errors import BrokenRule
from remise.core.models import Item
from remise.documents.actions import Draft, draw_up_all
from remise.fleet.access import require
from remise.fleet.rights import FleetRight
from remise.green_cards import printing
from remise.green_cards.actions.voiding import void_all
from remise.green_cards.addresses import FIELDS, Address, address_of, complete
from remise.green_cards.mailing import cards_letter, require_fits
from remise.green_cards.models import GreenCard, Shipment
from remise.green_cards.posting.waiting import by_post
from remise.green_cards.rules import NOTHING_MORE, Span, State, Wish
from remise.green_cards.selectors.planning import Plan, plans, rules_of, seconds_of, settings_of
from remise.green_cards.territory import territory
from remise.messages.actions import Parcel, mail_together
from remise.organisations.models import Organisation
from remise.policies.models import Policy
from remise.portals.models import Portal

TOGETHER = 500  # in one request; more of them are asked for in parts

# Of the address printed beside a card: letters and digits alone, 190 bits of them. A hyphen at the end of a line is a
# broken word to a reader of PDFs, which then copies the address without it.
TOKEN = 32


@transaction.atomic
def issue_green_cards(
    *,
    by: Actor,
    policy: Policy,
    items: Sequence[int],
    format: str,  # noqa: A002  # the word of the trade
    key: UUID,
    address: Address | None = None,
    language: str = "nl",
    as_shown: Collection[str] | None = None,
    recipient: str = "",
    wish: Wish = NOTHING_MORE,
) -> Shipment:
    """A card for each of these vehicles, together in one shipment; by post they need an address. `wish` may ask for
    more: a light trailer noted, or the second card of a trailer that the one vehicle pulls. Sent twice with the
    same `key` it is one request: the second gets what the first one made, whatever became of the cover since. A key
    that was used for something else is refused. `as_shown` is what somebody saw of the cards (`Plan.as_shown`): if
    they would now come out otherwise, none is made. With a `recipient` they go there in one mail, in the language
    of the cards; an address that is none makes no cards either."""
    assert by.portal is not None
    chosen = _chosen(items)
    if recipient:
        require_fits(len(chosen))
    if format == Shipment.Format.PAPER:
        address = complete(address)
    hold(policy, chosen)
    sent_before = Shipment.objects.filter(organisation=policy.organisation, key=key).first()
    if sent_before is not None:
        return _made_before(sent_before, by, policy, chosen, format, address, wish)
    today = clock.today(by)
    planned = _planned(by, policy, chosen, today, as_shown, wish)
    shipment, is_new = Shipment.objects.get_or_create(
        organisation=policy.organisation,
        key=key,
        defaults={"portal": by.portal, **_shipment(by, format, address)},
    )
    if not is_new:  # sent at this moment too, for other vehicles: those for the same ones waited above
        return _made_before(shipment, by, policy, chosen, format, address, wish)
    for plan in planned:
        _take_over(plan, by, today)
    made = make_cards(by=by, policy=policy, planned=planned, shipment=shipment, language=language)
    if recipient:
        _mail(made, by, recipient, shipment, language)
    return shipment


def make_cards(
    *,
    by: Actor,
    policy: Policy,
    planned: Sequence[Plan],
    shipment: Shipment,
    language: str,
    periods: Mapping[int, date] | None = None,
) -> list[GreenCard]:
    """The cards of a shipment, within the action that made it; `periods`: item -> from when one that comes by itself
    was due."""
    excluded = rules_of(policy, on=clock.today(by)).excluded
    made = [_card(plan, shipment, by, _territory(plan.span, excluded)) for plan in planned if plan.span]
    for card in made:
        card.period = (periods or {}).get(card.item_id)
    _issue(made, by, shipment, language)
    return made


def _chosen(items: Sequence[int]) -> list[int]:
    chosen = sorted(set(items))
    if not chosen:
        raise BrokenRule(_("Choose at least one vehicle."), code="nothing_chosen")
    if len(chosen) > TOGETHER:
        raise BrokenRule(_("Ask for at most %(most)s cards at once.") % {"most": TOGETHER}, code="too_many_at_once")
    return chosen


def hold(policy: Policy, items: Sequence[int]) -> None:
    """The vehicles, as a change of their cover holds them: what is read now is true until this stands."""
    held = Item.objects.filter(id__in=items, organisation=policy.organisation)
    list(held.order_by("id").select_for_update(no_key=True))


def _planned(
    by: Actor, policy: Policy, items: Sequence[int], today: date, as_shown: Collection[str] | None, wish: Wish
) -> Sequence[Plan]:
    """What each will get, once it is sure that all of them may have one."""
    planned = plans(by, policy, items, today=today, wish=wish)
    for branch in {plan.branch for plan in planned}:
        require(by, FleetRight.REQUEST_CARDS, policy, branch)
    if as_shown is not None and {plan.as_shown for plan in planned} != set(as_shown):
        raise _changed_meanwhile()
    for plan in planned:
        if plan.problem is not None:
            raise plan.problem
    return planned


def _changed_meanwhile() -> BrokenRule:
    return BrokenRule(
        _("Something changed since you looked, so nothing was made. Look once more at what you get."),
        code="changed_meanwhile",
    )


def _take_over(plan: Plan, by: Actor, today: date) -> None:
    """A trailer's card that ended with its car makes room for the new one, so that no two of a period are left."""
    if plan.pulled_by is None or plan.span is None:
        return
    ended = seconds_of(plan.plate, plan.span, organisation=by.company, day=today)
    void_all((line.card for line in ended if line.state is State.EXPIRED), by, GreenCard.Reason.REPLACED)


def _issue(made: Sequence[GreenCard], by: Actor, shipment: Shipment, language: str) -> None:
    """Number, keep and draw them up."""
    portal = Portal.objects.get(id=shipment.portal)
    company = Organisation.objects.get(id=shipment.organisation)
    sheet = printing.sheet(portal, settings_of(portal), address_of(company, None).lines, language=language)
    for card in made:
        printing.qr_svg(printing.check_url(sheet, card))  # drawn, and kept, before anybody has to wait for a number
    # Taken last: whoever asks next waits from here until this stands or is rolled back.
    first = _take_numbers(len(made))
    for number, card in enumerate(made, start=first):
        card.serial = number
    try:
        GreenCard.objects.bulk_create(made)
    except IntegrityError as error:
        if "green_cards_greencard_one_for_a_trailer" not in str(error):
            raise
        raise _changed_meanwhile() from None  # asked with another car at this moment
    _draw_up(made, by, shipment.organisation, sheet)
    told = {"shipment": shipment.id, "format": shipment.format}
    happened = [
        events.Happened(
            ("green_card", card.id),
            after={"serial": card.serial, "item": card.item_id, **told, "by_itself": card.by_itself},
        )
        for card in made
    ]
    events.record_all("green_card.issued", by=by, organisation=shipment.organisation, happened=happened)


def _mail(made: Sequence[GreenCard], by: Actor, recipient: str, shipment: Shipment, language: str) -> None:
    """Its key is the shipment's, by which `mailed_with` knows it again."""
    documents = [card.document for card in made if card.document]
    mail_together(
        by=by,
        recipient=recipient,
        language=language,
        key=shipment.key,
        enclose=lambda: Parcel(
            {(printing.SUBJECT, card.id): document for card, document in zip(made, documents, strict=True)},
            cards_letter(made, documents),
        ),
    )


def _made_before(
    shipment: Shipment,
    by: Actor,
    policy: Policy,
    items: Sequence[int],
    format_: str,
    address: Address | None,
    wish: Wish,
) -> Shipment:
    cards = list(GreenCard.objects.filter(organisation=policy.organisation, shipment=shipment).order_by("item"))
    for branch in {card.branch_id for card in cards}:
        require(by, FleetRight.REQUEST_CARDS, policy, branch)
    same = [card.item_id for card in cards] == list(items) and shipment.format == format_
    same = same and all(_is_wished(card, wish) for card in cards)
    if same and format_ == Shipment.Format.PAPER and shipment.erased_at is None:
        same = all(getattr(shipment, name) == getattr(address, name) for name in FIELDS)
    if not same:
        raise BrokenRule(
            _("This request was sent before, for other cards. Begin a new request."), code="key_used_before"
        )
    return shipment


def _is_wished(card: GreenCard, wish: Wish) -> bool:
    if wish.trailer is not None:
        return card.is_second and card.plate == wish.trailer.value
    return not card.is_second and card.with_trailer == wish.with_trailer


def _shipment(by: Actor, format_: str, address: Address | None) -> dict[str, object]:
    asked: dict[str, object] = {"requested_at": clock.now(by), "requested_by": by.account}
    if format_ == Shipment.Format.PAPER and address is not None:
        return asked | by_post(by, address)
    return asked | {"format": format_}


def _territory(span: Span | None, excluded: frozenset[str]) -> dict[str, list[str]]:
    assert span is not None
    boxes = territory(on=span.first, until=span.last, product_exclusions=excluded)
    return {
        "block": [box.sign for box in boxes if box.in_block],
        "covered": [box.sign for box in boxes if not box.in_block and not box.crossed],
        "crossed": [box.sign for box in boxes if box.crossed],
    }


def _card(plan: Plan, shipment: Shipment, by: Actor, where: dict[str, list[str]]) -> GreenCard:
    assert plan.span is not None
    return GreenCard(
        portal=shipment.portal,
        organisation=shipment.organisation,
        item_id=plan.item,
        branch_id=plan.branch,
        plate=plan.plate.value,
        valid_from=plan.span.first,
        valid_to=plan.span.last,
        category=plan.category,
        with_trailer=plan.with_trailer,
        pulled_by=plan.pulled_by.value if plan.pulled_by else "",
        make=plan.make,
        territory=where,
        token=get_random_string(TOKEN),
        shipment=shipment,
        issued_at=clock.now(by),
    )


def _take_numbers(how_many: int) -> int:
    """The first of so many numbers in a row."""
    return int(rows("select take_card_numbers(%s)", how_many)[0][0])


def _draw_up(made: Sequence[GreenCard], by: Actor, organisation: int, sheet: printing.Sheet) -> None:
    documents = draw_up_all(
        by=by,
        kind=printing.KIND_NAME,
        organisation=organisation,
        drafts=[_draft(sheet, card) for card in made],
        language=sheet.language,
    )
    for card, document in zip(made, documents, strict=True):
        card.document = document
    GreenCard.objects.bulk_update(made, ["document"])


def _draft(sheet: printing.Sheet, card: GreenCard) -> Draft:
    return Draft(
        subject=(printing.SUBJECT, card.id),
        title=printing.title_of(card),
        snapshot=printing.snapshot(sheet, card),
        number=card.number,
        as_of=card.valid_from,
    )
