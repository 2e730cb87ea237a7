"""The only writer of the ledger: lock, amend, settle. One item or a hundred thousand go the same way.

    book = Book.open(RegistrationVersion, by=by, ...)      # items locked, moment taken after the lock
    book.amend(item, starts=day, operations=(Start(terms),))
    book.settle()                                          # entries and versions, set by set

The moment comes after the lock and is later than all that the item knows. With the transaction's own `now()` ten of
six hundred concurrent amendments failed; without the lock the exclusion constraint gave deadlocks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import overload

from django.db.backends.utils import CursorWrapper

from remise.core.actor import Actor
from remise.core.ledger import items as held
from remise.core.ledger import projection
from remise.core.ledger.arrays import array
from remise.core.ledger.items import HeldItem
from remise.core.ledger.operations import Operation, Posting, encode
from remise.core.ledger.prepared import send, together
from remise.core.ledger.versions import Version
from remise.core.models import Entry

# So many entries go in one statement; while the server works on it the next one is put together.
SLICE = 5_000


class UnknownEntryError(LookupError):
    """The entry to undo is not a live entry of this item."""


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

    def __init__(self, table: type[Version], *, by: Actor, organisation: int, items: Mapping[int, HeldItem]) -> None:
        assert by.portal is not None
        self.table = table
        self.portal = by.portal
        self.by = by
        self.organisation = organisation
        self.items = items
        self._drafts: list[_Draft] = []
        self._settled = False
        self._arrival = max((n for item in self.items.values() for n in item.postings), default=0)

    @classmethod
    def open(cls, table: type[Version], *, by: Actor, organisation: int, policy: int, keys: Sequence[str]) -> "Book":
        """Hold the items with these keys, making those that are not there yet. Two who ask for the same key at
        once wait for each other; keys are taken in order, so that nobody waits in a circle."""
        values = {
            "portal": by.portal,
            "organisation": organisation,
            "policy": policy,
            "kind": table.KIND,
            "keys": array(keys),
            "offset": _interval(by.clock_offset),
        }
        return cls(table, by=by, organisation=organisation, items=held.by_key(table, values))

    @classmethod
    def hold(cls, table: type[Version], *, by: Actor, organisation: int, items: Sequence[int]) -> "Book":
        """Hold items that exist. Those that this actor may not see are left out: the caller compares."""
        values = {
            "items": array(items),
            "organisation": organisation,
            "kind": table.KIND,
            "offset": _interval(by.clock_offset),
        }
        return cls(table, by=by, organisation=organisation, items=held.by_id(table, values))

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
        self._drafts.append(_Draft(item, starts, ends, operations, None, reason))

    def undo(self, item: HeldItem, entry: int, *, reason: str = "") -> None:
        """Leave an earlier entry out from now on; what came after it is replayed without it."""
        if item.postings.pop(entry, None) is None:
            raise UnknownEntryError(entry)
        self._drafts.append(_Draft(item, None, None, None, entry, reason))

    def settle(self, *, run: int | None = None) -> Sequence[Entry]:
        """Write the entries and let the versions follow, once; returns the entries in the order they were added."""
        if self._settled:
            # What this book wrote is known from its moment on: a change of that needs a later one.
            raise RuntimeError("a book is settled once")
        self._settled = True
        drafts = self._drafts
        if not drafts:
            return []
        numbers = self._write_entries(run)
        # Where an item has several entries, the last one opens and closes.
        entry_of = {draft.item.id: number for draft, number in zip(drafts, numbers, strict=True)}
        projection.write(
            self.table,
            [self.items[item] for item in entry_of],
            entry_of,
            portal=self.portal,
            organisation=self.organisation,
        )
        return _Entries(self, drafts, numbers, run)

    def entry(self, number: int, draft: _Draft, run: int | None) -> Entry:
        return Entry(
            id=number,
            portal=self.portal,
            organisation=self.organisation,
            item_id=draft.item.id,
            starts=draft.starts,
            ends=draft.ends,
            operations=None if draft.operations is None else encode(draft.operations, self.table.SCHEMA),
            undoes_id=draft.undoes,
            at=draft.item.moment,
            account=self.by.account,
            by_system=self.by.by_system,
            reason=draft.reason,
            run=run,
        )

    def _write_entries(self, run: int | None) -> list[int]:
        with together(many=len(self._drafts) > SLICE):
            answers = [
                self._send_entries(self._drafts[start : start + SLICE], run)
                for start in range(0, len(self._drafts), SLICE)
            ]
        return [number for answer in answers for (number,) in answer.fetchall()]

    def _send_entries(self, drafts: Sequence[_Draft], run: int | None) -> CursorWrapper:
        schema = self.table.SCHEMA
        return send(
            "insert into core_entry"
            " (portal, organisation, item_id, starts, ends, operations, undoes_id, at, account, by_system, reason,"
            " run)"
            " select %s::bigint, %s::bigint, d.item, d.starts, d.ends, d.operations, d.undoes, d.at,"
            " %s::bigint, %s::text, d.reason, %s::bigint"
            " from unnest(%s::bigint[], %s::date[], %s::date[], %s::jsonb[], %s::bigint[], %s::timestamptz[],"
            " %s::text[]) with ordinality as d (item, starts, ends, operations, undoes, at, reason, place)"
            " order by d.place returning id",
            [
                self.portal,
                self.organisation,
                self.by.account,
                self.by.by_system,
                run,
                array(d.item.id for d in drafts),
                array(d.starts for d in drafts),
                array(d.ends for d in drafts),
                array(None if d.operations is None else encode(d.operations, schema) for d in drafts),
                array(d.undoes for d in drafts),
                array(d.item.moment for d in drafts),
                array(d.reason for d in drafts),
            ],
        )


class _Entries(Sequence[Entry]):
    """The entries as written, each made when it is looked at: a run of a hundred thousand looks at few."""

    def __init__(self, book: Book, drafts: Sequence[_Draft], numbers: Sequence[int], run: int | None) -> None:
        self._made = (book, drafts, numbers, run)

    def __len__(self) -> int:
        return len(self._made[2])

    @overload
    def __getitem__(self, place: int) -> Entry: ...

    @overload
    def __getitem__(self, place: slice) -> list[Entry]: ...

    def __getitem__(self, place: int | slice) -> Entry | list[Entry]:
        book, drafts, numbers, run = self._made
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        return book.entry(numbers[place], drafts[place], run)


def _interval(offset: timedelta) -> str:
    return f"{offset.total_seconds():.6f} seconds"
