"""The cards of a company, with what each is worth on a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, Case, F, Func, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from remise.core import paging
from remise.core.actor import Actor
from remise.core.errors import NotVisible
from remise.core.forms import whole_number
from remise.core.paging import Order, Page
from remise.documents.models import Document
from remise.green_cards import printing, rules
from remise.green_cards.access import may_see, seen_branches
from remise.green_cards.models import GreenCard, Shipment
from remise.green_cards.rules import State
from remise.green_cards.selectors.covers import covers_of
from remise.messages.models import Mailing
from remise.messages.selectors import Mailed, mailed_about

type Cards = QuerySet[GreenCard, GreenCard]

NEWEST = Order("serial", descending=True)


@dataclass(frozen=True, slots=True)
class CardLine:
    """A card as a list shows it."""

    card: GreenCard
    state: State
    is_cut_short: bool = False  # its cover ended before the last day that stands on it
    ended_on: date | None = None  # that day; of cover that was over before the card began there is none

    @property
    def may_be_printed(self) -> bool:
        return rules.may_be_printed(self.state)


@dataclass(frozen=True, slots=True)
class CardQuery:
    day: date
    search: str = ""
    state: State | None = None
    branch: int | None = None


def with_cover(cards: Cards, day: date) -> Cards:
    """Each with `runs`: does its cover run on that day, without a gap since its first one?"""
    until = Case(When(valid_from__gt=day, then=F("valid_from")), default=Value(day))
    runs = Func(F("item"), F("valid_from"), until, function="green_card_holds", output_field=BooleanField())
    return cards.annotate(runs=runs)


def cards(by: Actor, query: CardQuery) -> Cards:
    """Those that this actor may see, found by the beginning of a plate or by a number."""
    found = GreenCard.objects.filter(organisation=by.company).select_related("shipment")
    seen = seen_branches(by)
    if seen is not None:
        found = found.filter(branch__in=seen)
    if query.branch is not None:
        found = found.filter(branch=query.branch)
    return with_cover(_searched(found, query.search), query.day).filter(_in(query.state, query.day))


def page(found: Cards, query: CardQuery, *, after: str = "", before: str = "") -> Page[CardLine]:
    shown = paging.page(found, NEWEST, after=after, before=before)
    return shown.showing(lines(shown.rows, query.day))


def lines(found: Iterable[GreenCard], day: date) -> list[CardLine]:
    """Of one company's cards `with_cover`."""
    states = [(card, state_of(card, day)) for card in found]
    cut_short = {card.id: card for card, state in states if state is State.EXPIRED and day <= card.valid_to}
    ended = _ended(list(cut_short.values())) if cut_short else {}
    return [CardLine(card, state, card.id in cut_short, ended.get(card.id)) for card, state in states]


def _ended(found: Sequence[GreenCard]) -> dict[int, date]:
    """Card -> the day on which its cover ended."""
    covers, _makes = covers_of([card.item_id for card in found], organisation=found[0].organisation)
    last = {card.id: rules.last_day(card.span, covers[card.item_id]) for card in found}
    return {card.id: last[card.id] for card in found if last[card.id] < card.valid_to}


def state_of(card: GreenCard, day: date) -> State:
    """Of one `with_cover`, whosesoever it is."""
    runs: bool = getattr(card, "runs")  # noqa: B009  # asked for beside it
    return rules.state(card.span, runs=runs, voided=card.voided_at is not None, day=day)


def cards_of_item(by: Actor, item: int, day: date) -> list[CardLine]:
    """One vehicle's, newest first."""
    found = GreenCard.objects.filter(organisation=by.company, item=item).order_by("-serial")
    return [line for line in lines(with_cover(found, day), day) if may_see(by, line.card.branch_id)]


def line_of(card: GreenCard, day: date) -> CardLine:
    return lines(with_cover(GreenCard.objects.filter(id=card.id, organisation=card.organisation), day), day)[0]


def prints_of(card: GreenCard) -> list[Document]:
    """The original and each reprint, once: one that was mailed in another language is the same print."""
    found = Document.objects.filter(
        organisation=card.organisation, kind=printing.KIND_NAME, subject_kind=printing.SUBJECT, subject=card.id
    )
    first = {document.edition: document for document in found.order_by("-id")}
    return sorted(first.values(), key=lambda document: document.id)


def newest_print(card: GreenCard) -> Document:
    return prints_of(card)[-1]


def shipment_of(by: Actor, number: int, day: date) -> tuple[Shipment, Sequence[CardLine]]:
    """Raises NotVisible unless this actor sees all of its cards."""
    found = Shipment.objects.filter(id=number, organisation=by.company).first()
    if found is None:
        raise NotVisible(_("There is no such shipment."))
    held = with_cover(GreenCard.objects.filter(shipment=found.carries, organisation=by.company), day)
    shown = lines(held.select_related("document", "shipment").order_by("serial"), day)
    if not all(may_see(by, line.card.branch_id) for line in shown):
        raise NotVisible(_("There is no such shipment."))
    return found, shown


def mailed_with(by: Actor, shipment: Shipment, shown: Sequence[CardLine]) -> Sequence[Mailed]:
    """The mail in which these cards went when they were asked for, and how it fared: none or one."""
    of = Mailing.objects.filter(organisation=by.company, key=shipment.key, about=printing.SUBJECT)
    numbers = dict(of.values_list("subject", "id"))
    left = [line.card.id for line in shown if line.state is not State.VOID] or list(numbers)
    first = next((card for card in left if card in numbers), None)
    if first is None:
        return []
    return [mailed for mailed in mailed_about(by, (printing.SUBJECT, first)) if mailed.number == numbers[first]]


def _searched(found: Cards, search: str) -> Cards:
    plain = "".join(char for char in search.upper() if char.isalnum())
    if not plain:
        return found
    number = whole_number(plain)
    by_plate = Q(plate__prefix=plain)
    return found.filter(by_plate if number is None else by_plate | Q(serial=number))


def _in(state: State | None, day: date) -> Q:
    live = Q(voided_at__isnull=True)
    match state:
        case State.VOID:
            return ~live
        case State.EXPIRED:
            return live & (Q(runs=False) | Q(valid_to__lt=day))
        case State.NOT_YET:
            return live & Q(runs=True, valid_from__gt=day)
        case State.VALID:
            return live & Q(runs=True, valid_from__lte=day, valid_to__gte=day)
        case None:
            return Q()
