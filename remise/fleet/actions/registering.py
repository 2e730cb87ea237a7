"""Putting vehicles on a policy, one or a file of them: each gets a verdict of its own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.errors import BrokenRule, DomainError
from remise.core.events import Happened
from remise.core.identifiers import CheckCode, Plate, Vin
from remise.core.ledger.book import Book, Written
from remise.core.ledger.items import HeldItem
from remise.core.ledger.operations import Start, Value
from remise.core.sending import Numbered, together
from remise.fleet.awaiting import is_awaited
from remise.fleet.entries import reason_of
from remise.fleet.models import RegistrationVersion
from remise.fleet.parties import meaning as parties
from remise.fleet.rules import not_covered_from
from remise.fleet.wanted import Details, Planned, Wanted, plan
from remise.policies.models import Policy
from remise.policies.selectors import rules_of
from remise.vehicles import chassis


@dataclass(frozen=True, slots=True)
class Registered:
    entry: Written
    item: int
    plate: Plate
    starts: date


@transaction.atomic
def register_vehicle(
    *,
    by: Actor,
    policy: Policy,
    plate: Plate,
    check_code: CheckCode | None,
    starts: date,
    branch: int,
    details: Details | None = None,
    vin: Vin | None = None,
    run: int | None = None,
    on_request: str = "",
    sure: bool = False,
) -> Registered:
    """Put one vehicle on the policy from `starts` on, or raise why it cannot be. `on_request` is the kind of request
    on which the desk decides: the entry names it, and who decided."""
    wanted = Wanted(plate, check_code, starts, branch, details or {}, vin, sure)
    (verdict,) = register_vehicles(by=by, policy=policy, wanted=[wanted], run=run, on_request=on_request)
    if isinstance(verdict, DomainError):
        raise verdict
    return verdict


@transaction.atomic
def register_vehicles(
    *, by: Actor, policy: Policy, wanted: Sequence[Wanted], run: int | None = None, on_request: str = ""
) -> list[Registered | DomainError]:
    """Put those on the policy that may be, and say of each of the others why not, in the order in which they came.
    What the register says of them is read as stored; a vehicle that it does not know is registered all the same and
    looked at again later."""
    verdicts = plan(by, policy, wanted, on_request=bool(on_request))
    planned = [verdict for verdict in verdicts if isinstance(verdict, Planned)]
    book = Book.open(
        RegistrationVersion,
        by=by,
        organisation=policy.organisation,
        policy=policy.id,
        keys=[one.wanted.plate.value for one in planned],
        run=run,
    )
    items = book.by_key()
    parties.keep((one.parties for one in planned), by=by, policy=policy)
    sections = rules_of(policy, on=clock.today(by)).sections
    by_itself = sorted(name for name, said in sections.items() if said.get("automatic"))
    amended: list[tuple[int, Planned]] = []
    outcome: list[Registered | DomainError | None] = [None] * len(wanted)
    with together(len(planned), Numbered.ENTRIES, Numbered.EVENTS):
        for place, verdict in enumerate(verdicts):
            if isinstance(verdict, DomainError):
                outcome[place] = verdict
            elif (refusal := _amend(book, items, verdict, reason_of(on_request))) is not None:
                outcome[place] = refusal
            else:
                amended.append((place, verdict))
        happened = []
        for (place, one), entry in zip(amended, book.settle(), strict=True):
            plate = one.wanted.plate
            outcome[place] = done = Registered(entry, items[plate.value].id, plate, one.wanted.starts)
            happened.append(_happened(policy, one, done, by_itself))
        events.record_all("vehicle.registered", by=by, organisation=policy.organisation, happened=happened)
    _note_chassis(policy, (one.wanted for _place, one in amended))
    return [verdict for verdict in outcome if verdict is not None]


def _amend(book: Book, items: Mapping[str, HeldItem], one: Planned, reason: str) -> BrokenRule | None:
    item, starts = items[one.wanted.plate.value], one.wanted.starts
    try:
        not_covered_from(one.wanted.plate, item.timeline(), starts)
    except BrokenRule as refusal:
        return refusal
    terms: dict[str, Value] = {**one.terms, **parties.numbers(one.parties)}
    book.amend(item, starts=starts, operations=(Start(terms),), reason=reason)
    return None


def _note_chassis(policy: Policy, wanted: Iterable[Wanted]) -> None:
    for one in wanted:
        if one.vin is not None and one.plate.needs_check_code:
            chassis.note(policy.organisation, one.plate, one.vin, chassis.Source.COMPANY)


def _happened(policy: Policy, one: Planned, done: Registered, by_itself: list[str]) -> Happened:
    """`by_itself`: what the product does by itself, for who follows."""
    return Happened(
        ("registration", done.item),
        after={
            "entry": done.entry.id,
            "policy": policy.id,
            "branch": one.wanted.branch,
            "starts": done.starts.isoformat(),
            "awaited": is_awaited(done.plate, one.known),
            "by_itself": by_itself,
        },
    )
