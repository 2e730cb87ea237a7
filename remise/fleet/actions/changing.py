"""Changing what holds for vehicles on a policy: one, or each of a file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from remise.core import events
from remise.core.actor import Actor
from remise.core.errors import DomainError
from remise.core.events import Happened
from remise.core.identifiers import Plate
from remise.core.ledger.book import Book, Written
from remise.core.ledger.items import HeldItem
from remise.core.ledger.operations import Set, Terms, Value
from remise.core.models import Item
from remise.core.sending import Numbered, together
from remise.fleet.changing import Change, Changes, PlannedChange
from remise.fleet.entries import reason_of
from remise.fleet.models import RegistrationVersion
from remise.fleet.parties import meaning as parties
from remise.fleet.rights import UnderwritingRight
from remise.fleet.rules import no_longer_insured, nothing_changes
from remise.organisations.parties import merged
from remise.policies.models import Policy
from remise.policies.rules import PARTIES


@dataclass(frozen=True, slots=True)
class Changed:
    entry: Written
    item: int
    plate: Plate
    terms: Terms


@transaction.atomic
def change_vehicle(*, by: Actor, policy: Policy, change: Change, on_request: str = "") -> Changed:
    """Raises why it cannot be. `on_request` as in `register_vehicle`."""
    (verdict,) = change_each(by=by, policy=policy, changes=[change], on_request=on_request)
    if isinstance(verdict, DomainError):
        raise verdict
    return verdict


@transaction.atomic
def change_each(
    *, by: Actor, policy: Policy, changes: Sequence[Change], run: int | None = None, on_request: str = ""
) -> list[Changed | DomainError]:
    """Change what may be changed, and say of each of the others why not, in the order in which they came."""
    plates = [change.plate.value for change in changes]
    known = Item.objects.filter(organisation=policy.organisation, policy=policy.id, key__any_of=set(plates))
    numbers = list(known.filter(kind=RegistrationVersion.KIND).values_list("id", flat=True))
    book = Book.hold(RegistrationVersion, by=by, organisation=policy.organisation, items=numbers, run=run)
    items, judge = book.by_key(), _judge(by, policy, plates, on_request=bool(on_request))
    planned = judge.knowing([_planned(judge, change, items.get(change.plate.value)) for change in changes])
    parties.keep((one.parties for one in planned if isinstance(one, PlannedChange)), by=by, policy=policy)
    naming = (one.change for one in planned if isinstance(one, PlannedChange) and one.parties)
    held = {party for change in naming for party in _parties(_held(items[change.plate.value], change.day))}
    same = merged(policy.organisation, held)
    outcome: list[Changed | DomainError | None] = []
    amended: list[tuple[int, PlannedChange, Terms]] = []
    for place, one in enumerate(planned):
        outcome.append(one if isinstance(one, DomainError) else None)
        if isinstance(one, PlannedChange):
            terms = {**one.terms, **parties.numbers(one.parties)}
            item = items[one.change.plate.value]
            if _holds_already(_held(item, one.change.day), terms, same):
                outcome[place] = nothing_changes()
            else:
                book.amend(item, starts=one.change.day, operations=(Set(terms),), reason=reason_of(on_request))
                amended.append((place, one, terms))
    with together(len(amended), Numbered.ENTRIES, Numbered.EVENTS):
        happened = []
        for (place, one, agreed), entry in zip(amended, book.settle(), strict=True):
            plate = one.change.plate
            outcome[place] = done = Changed(entry, items[plate.value].id, plate, agreed)
            happened.append(_happened(policy, one, done))
        events.record_all("vehicle.changed", by=by, organisation=policy.organisation, happened=happened)
    return [one for one in outcome if one is not None]


def _judge(by: Actor, policy: Policy, plates: Sequence[str], *, on_request: bool) -> Changes:
    if not on_request:
        return Changes(by, policy, plates)
    right = UnderwritingRight.ALLOW_LATE
    return Changes(by, policy, plates, right=right, lifting=(right,))


def _planned(judge: Changes, change: Change, item: HeldItem | None) -> PlannedChange | DomainError:
    return no_longer_insured(change.plate) if item is None else judge.verdict(change, item.timeline())


def _held(item: HeldItem, day: date) -> Terms | None:
    return next((segment.terms for segment in item.timeline() if segment.covers(day)), None)


def _parties(held: Terms | None) -> Iterator[int]:
    yield from (party for name in PARTIES if held is not None and isinstance(party := held.get(name), int))


def _holds_already(held: Terms | None, terms: Terms, same: Mapping[int, int]) -> bool:
    """`same`: who of those that stand there is somebody else by now."""
    if held is None:
        return False

    def now(term: str) -> Value:
        value = held.get(term)
        return same.get(value, value) if term in PARTIES and isinstance(value, int) else value

    return all(now(term) == value for term, value in terms.items())


def _happened(policy: Policy, one: PlannedChange, done: Changed) -> Happened:
    """Which terms, and never a name: of a lessee or driver the ledger holds the number."""
    return Happened(
        ("registration", done.item),
        after={
            "entry": done.entry.id,
            "policy": policy.id,
            "starts": one.change.day.isoformat(),
            "terms": sorted(done.terms),
        },
    )
