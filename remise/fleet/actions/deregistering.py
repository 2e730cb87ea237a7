"""Taking vehicles off a policy: all of them on one day or none, or each of a file on its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from remise.core import events
from remise.core.actor import Actor
from remise.core.errors import BrokenRule, DomainError, NotVisible
from remise.core.events import Happened
from remise.core.identifiers import Plate
from remise.core.ledger.book import Book, Written
from remise.core.ledger.items import HeldItem
from remise.core.ledger.operations import End
from remise.core.models import Item
from remise.core.sending import Numbered, together
from remise.fleet.ending import Ending, Endings, Leaver
from remise.fleet.entries import reason_of
from remise.fleet.models import RegistrationVersion
from remise.fleet.rules import no_longer_insured
from remise.policies.models import Policy


@dataclass(frozen=True, slots=True)
class Deregistered:
    entry: Written
    item: int
    plate: Plate
    starts: date
    ends: date  # the first day without cover


@transaction.atomic
def deregister_vehicles(
    *, by: Actor, policy: Policy, items: Sequence[int], day: date, run: int | None = None, on_request: str = ""
) -> list[Deregistered]:
    """Take vehicles off the policy, all of them or none. `day` as in `Leaver`, `on_request` as in
    `register_vehicle`."""
    if not items:
        raise BrokenRule(_("Choose at least one vehicle."), code="nothing_chosen")
    book = Book.hold(RegistrationVersion, by=by, organisation=policy.organisation, items=items, run=run)
    held = sorted(book.items.values(), key=lambda item: item.key)
    if len(held) != len(set(items)) or any(item.policy != policy.id for item in held):
        raise NotVisible(_("One of these vehicles is not on this policy."))
    endings = Endings(by, policy, [item.key for item in held], on_request=bool(on_request))
    for item in held:
        endings.require_right(Plate(item.key))  # of all, before anything is told of one
    ending = [(item, endings.of(Leaver(Plate(item.key), day), item.timeline())) for item in held]
    return _end(by, policy, book, ending, reason=reason_of(on_request))


@transaction.atomic
def deregister_each(
    *, by: Actor, policy: Policy, leavers: Sequence[Leaver], run: int | None = None
) -> list[Deregistered | DomainError]:
    """Take those off the policy that may go, each on its own day, and say of each of the others why not, in the order
    in which they came."""
    plates = {leaver.plate.value for leaver in leavers}
    known = Item.objects.filter(organisation=policy.organisation, policy=policy.id, key__any_of=plates)
    numbers = list(known.filter(kind=RegistrationVersion.KIND).values_list("id", flat=True))
    book = Book.hold(RegistrationVersion, by=by, organisation=policy.organisation, items=numbers, run=run)
    items, endings = book.by_key(), Endings(by, policy, plates)
    ending: dict[int, tuple[HeldItem, Ending]] = {}
    outcome: list[Deregistered | DomainError] = []
    taken: set[str] = set()
    for place, leaver in enumerate(leavers):
        item = items.get(leaver.plate.value)
        try:
            if item is None or item.key in taken:
                raise no_longer_insured(leaver.plate)
            ending[place] = item, endings.of(leaver, item.timeline())
            taken.add(item.key)
        except DomainError as refusal:
            outcome.append(refusal)
    done = iter(_end(by, policy, book, list(ending.values()), reason=""))
    refused = iter(outcome)
    return [next(done) if place in ending else next(refused) for place in range(len(leavers))]


def _end(
    by: Actor, policy: Policy, book: Book, ending: Sequence[tuple[HeldItem, Ending]], *, reason: str
) -> list[Deregistered]:
    with together(len(ending), Numbered.ENTRIES, Numbered.EVENTS):
        for item, one in ending:
            book.amend(item, starts=one.ends, operations=(End(),), reason=reason)
        done = [
            Deregistered(entry, item.id, Plate(item.key), one.cover.starts, one.ends)
            for entry, (item, one) in zip(book.settle(), ending, strict=True)
        ]
        events.record_all(
            "vehicle.deregistered",
            by=by,
            organisation=policy.organisation,
            happened=[_happened(policy, one) for one in done],
        )
    return done


def _happened(policy: Policy, done: Deregistered) -> Happened:
    return Happened(
        ("registration", done.item),
        before={"starts": done.starts.isoformat(), "ends": None},
        after={"entry": done.entry.id, "policy": policy.id, "ends": done.ends.isoformat()},
    )
