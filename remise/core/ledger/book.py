"""The only writer of the ledger: lock, amend, settle. One item or a hundred thousand go the same way.

    book = Book.open(RegistrationVersion, by=by, ...)      # items locked, moment taken after the lock
    book.amend(item, starts=day, operations=(Start(terms),))
    book.settle()                                          # entries and versions, set by set

Within `together` what was amended is on its way while the next items are:

    with together(count, Numbered.ENTRIES):
        for item in ...: book.amend(item, ...)             # each item once
        book.settle()

The moment comes after the lock and is later than all that the item knows. With the transaction's own `now()` ten of
six hundred concurrent amendments failed; without the lock the exclusion constraint gave deadlocks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import batched

from remise.core.actor import Actor
from remise.core.arrays import array
from remise.core.ledger import items as held
from remise.core.ledger import projection
from remise.core.ledger.items import HeldItem
from remise.core.ledger.operations import Operation, Posting, encode
from remise.core.ledger.versions import Version
from remise.core.models import receipt_number
from remise.core.sending import Numbered, goes_together, insert, together

# So many entries go in one statement; while the server works on it the next one is put together.
SLICE = 250


class UnknownEntryError(LookupError):
    """The entry to undo is not a live entry of this item."""


@dataclass(frozen=True, slots=True)
class Written:
    """An entry that was just made: its number, and its moment on the portal's clock."""

    id: int
    at: datetime

    @property
    def receipt(self) -> str:
        return receipt_number(self.id, self.at)


@dataclass(slots=True)
class _Draft:
    item: HeldItem
    starts: date | None
    ends: date | None
    operations: tuple[Operation, ...] | None
    undoes: int | None
    reason: str


class Book:
    """The items of one policy, or of many, held until the transaction ends."""

    def __init__(
        self, table: type[Version], *, by: Actor, organisation: int, items: Mapping[int, HeldItem], run: int | None
    ) -> None:
        assert by.portal is not None
        self.table = table
        self.portal = by.portal
        self.by = by
        self.organisation = organisation
        self.items = items
        self.run = run
        self._drafts: list[_Draft] = []
        self._written: list[Written] = []
        self._gone: set[int] = set()  # items whose entries are written, or under way
        self._settled = False
        self._arrival = max((n for item in self.items.values() for n in item.postings), default=0)

    @classmethod
    def open(
        cls,
        table: type[Version],
        *,
        by: Actor,
        organisation: int,
        policy: int,
        keys: Sequence[str],
        run: int | None = None,
    ) -> "Book":
        """Hold the items with these keys, making those that are not there yet. Two who ask for the same key at
        once wait for each other; keys are taken in order, so that nobody waits in a circle. `run`: the run that the
        entries belong to."""
        values = {
            "portal": by.portal,
            "organisation": organisation,
            "policy": policy,
            "kind": table.KIND,
            "keys": array(keys),
            "offset": _interval(by.clock_offset),
        }
        return cls(table, by=by, organisation=organisation, items=held.by_key(table, values), run=run)

    @classmethod
    def hold(
        cls, table: type[Version], *, by: Actor, organisation: int, items: Sequence[int], run: int | None = None
    ) -> "Book":
        """Hold items that exist. Those that this actor may not see are left out: the caller compares."""
        values = {
            "items": array(items),
            "organisation": organisation,
            "kind": table.KIND,
            "offset": _interval(by.clock_offset),
        }
        return cls(table, by=by, organisation=organisation, items=held.by_id(table, values), run=run)

    def by_key(self) -> dict[str, HeldItem]:
        return {item.key: item for item in self.items.values()}

    def amend(
        self,
        item: HeldItem,
        *,
        starts: date,
        operations: tuple[Operation, ...],
        ends: date | None = None,
        reason: str = "",
    ) -> None:
        """Add an entry. It is replayed at once, so that a rule can look at `item.timeline()` before `settle`."""
        self._arrival += 1
        item.added.append(Posting(self._arrival, starts, ends, operations))
        self._add(_Draft(item, starts, ends, operations, None, reason))

    def undo(self, item: HeldItem, entry: int, *, reason: str = "") -> None:
        """Leave an earlier entry out from now on; what came after it is replayed without it."""
        if item.postings.pop(entry, None) is None:
            raise UnknownEntryError(entry)
        self._add(_Draft(item, None, None, None, entry, reason))

    def settle(self) -> list[Written]:
        """Write the entries and let the versions follow, once; returns them in the order in which they were added.
        Within `together` they are under way when this returns."""
        if self._settled:
            # What this book wrote is known from its moment on: a change of that needs a later one.
            raise RuntimeError("a book is settled once")
        self._settled = True
        with together(len(self._drafts), Numbered.ENTRIES):
            self._send_off()
        return self._written

    def _add(self, draft: _Draft) -> None:
        if draft.item.id in self._gone:
            raise RuntimeError("an item is amended once where changes go out together")
        self._drafts.append(draft)
        if len(self._drafts) == SLICE and goes_together():
            self._send_off()

    def _send_off(self) -> None:
        drafts, self._drafts = self._drafts, []
        if not drafts:
            return
        # They come while the items are held, so that later ones are greater.
        numbers = [number for part in batched(drafts, SLICE) for number in self._write_entries(part)]
        # Where an item has several entries, the last one opens and closes.
        entry_of = {draft.item.id: number for draft, number in zip(drafts, numbers, strict=True)}
        projection.write(
            self.table,
            [self.items[item] for item in entry_of],
            entry_of,
            portal=self.portal,
            organisation=self.organisation,
        )
        self._gone |= entry_of.keys()
        self._written += [Written(number, draft.item.moment) for draft, number in zip(drafts, numbers, strict=True)]

    def _write_entries(self, drafts: Sequence[_Draft]) -> list[int]:
        schema = self.table.SCHEMA
        return insert(
            Numbered.ENTRIES,
            same={
                "portal": ("bigint", self.portal),
                "organisation": ("bigint", self.organisation),
                "account": ("bigint", self.by.account),
                "by_system": ("text", self.by.by_system),
                "run": ("bigint", self.run),
            },
            each={
                "item_id": ("bigint", (d.item.id for d in drafts)),
                "starts": ("date", (d.starts for d in drafts)),
                "ends": ("date", (d.ends for d in drafts)),
                "operations": (
                    "jsonb",
                    (None if d.operations is None else encode(d.operations, schema) for d in drafts),
                ),
                "undoes_id": ("bigint", (d.undoes for d in drafts)),
                "at": ("timestamptz", (d.item.moment for d in drafts)),
                "reason": ("text", (d.reason for d in drafts)),
            },
            count=len(drafts),
        )


def _interval(offset: timedelta) -> str:
    return f"{offset.total_seconds():.6f} seconds"
