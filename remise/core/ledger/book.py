"""The only writer of the ledger: lock, amend, settle. One item or a hundred thousand go the same way.

    book = Book.open(RegistrationVersion, by=by, ...)      # items locked, moment taken after the lock
    book.amend(item, starts=day, operations=(Start(terms),))
    book.settle()                                          # entries and versions, set by set

The moment comes after the lock and is later than all that the item knows. With the transaction's own `now()` ten of
six hundred concurrent amendments failed; without the lock the exclusion constraint gave deadlocks.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import overload

from django.db import connection
from django.db.backends.utils import CursorWrapper

from remise.core.actor import Actor
from remise.core.ledger import projection
from remise.core.ledger.arrays import array
from remise.core.ledger.operations import Operation, Posting, Segment, decode, encode, replay
from remise.core.ledger.versions import Version
from remise.core.models import Entry

# So many rows go in one statement: larger ones spill to disk on the server and gain nothing.
SLICE = 5_000


class UnknownEntryError(LookupError):
    """The entry to undo is not a live entry of this item."""


@dataclass(slots=True)
class HeldItem:
    """An item under lock, with the moment from which a change of it is known."""

    id: int
    policy: int
    key: str
    moment: datetime
    postings: dict[int, Posting] = field(default_factory=dict)
    added: list[Posting] = field(default_factory=list)
    is_new: bool = True  # without any entry, and so without versions

    def timeline(self) -> tuple[Segment, ...]:
        """What holds when, the changes of this book included."""
        return replay([*self.postings.values(), *self.added])


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

    def __init__(self, table: type[Version], *, by: Actor, organisation: int, items: Iterable[HeldItem]) -> None:
        assert by.portal is not None
        self.table = table
        self.portal = by.portal
        self.by = by
        self.organisation = organisation
        self.items = {item.id: item for item in items}
        self._drafts: list[_Draft] = []
        self._arrival = max((n for item in self.items.values() for n in item.postings), default=0)

    @classmethod
    def open(cls, table: type[Version], *, by: Actor, organisation: int, policy: int, keys: Sequence[str]) -> "Book":
        """Hold the items with these keys, making those that are not there yet. Two who ask for the same key at
        once wait for each other; keys are taken in order, so that nobody waits in a circle."""
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into core_item as i (portal, organisation, policy, kind, key, known_at)"
                " select %(portal)s, %(organisation)s, %(policy)s, %(kind)s, k,"
                " clock_timestamp() + %(offset)s::interval"
                " from (select distinct k from unnest(%(keys)s::text[]) k order by k) ordered"
                " on conflict (policy, kind, key) do update"
                " set known_at ="
                " greatest(clock_timestamp() + %(offset)s::interval, i.known_at + interval '1 microsecond')"
                " returning id, policy, key, known_at",
                {
                    "portal": by.portal,
                    "organisation": organisation,
                    "policy": policy,
                    "kind": table.KIND,
                    "keys": array(keys),
                    "offset": _interval(by.clock_offset),
                },
            )
            held = [HeldItem(*row) for row in cursor.fetchall()]
            return cls(table, by=by, organisation=organisation, items=_with_postings(cursor, table, held))

    @classmethod
    def hold(cls, table: type[Version], *, by: Actor, organisation: int, items: Sequence[int]) -> "Book":
        """Hold items that exist. Those that this actor may not see are left out: the caller compares."""
        with connection.cursor() as cursor:
            cursor.execute(
                "with locked as materialized (select id from core_item where id = any(%(items)s::bigint[])"
                " and organisation = %(organisation)s and kind = %(kind)s order by id for no key update)"
                " update core_item i"
                " set known_at ="
                " greatest(clock_timestamp() + %(offset)s::interval, i.known_at + interval '1 microsecond')"
                " from locked where i.id = locked.id returning i.id, i.policy, i.key, i.known_at",
                {
                    "items": array(items),
                    "organisation": organisation,
                    "kind": table.KIND,
                    "offset": _interval(by.clock_offset),
                },
            )
            held = [HeldItem(*row) for row in cursor.fetchall()]
            return cls(table, by=by, organisation=organisation, items=_with_postings(cursor, table, held))

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
        """Write the entries and let the versions follow; returns the entries in the order they were added."""
        drafts, self._drafts = self._drafts, []
        numbers: list[int] = []
        with connection.cursor() as cursor:
            for start in range(0, len(drafts), SLICE):
                numbers += self._write_entries(cursor, drafts[start : start + SLICE], run)
            # Where an item has several entries, the last one opens and closes.
            entry_of = {draft.item.id: number for draft, number in zip(drafts, numbers, strict=True)}
            touched = list(entry_of)
            for start in range(0, len(touched), SLICE):
                self._write_versions(cursor, touched[start : start + SLICE], entry_of)
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
            name=self.by.name,
            reason=draft.reason,
            run=run,
        )

    def _write_entries(self, cursor: CursorWrapper, drafts: Sequence[_Draft], run: int | None) -> list[int]:
        schema = self.table.SCHEMA
        cursor.execute(
            "insert into core_entry"
            " (portal, organisation, item_id, starts, ends, operations, undoes_id, at, account, name, reason, run)"
            " select %s, %s, d.item, d.starts, d.ends, d.operations, d.undoes, d.at, %s, %s, d.reason, %s"
            " from unnest(%s::bigint[], %s::date[], %s::date[], %s::jsonb[], %s::bigint[], %s::timestamptz[],"
            " %s::text[]) with ordinality as d (item, starts, ends, operations, undoes, at, reason, place)"
            " order by d.place returning id",
            [
                self.by.portal,
                self.organisation,
                self.by.account,
                self.by.name,
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
        return [number for (number,) in cursor.fetchall()]

    def _write_versions(self, cursor: CursorWrapper, touched: Sequence[int], entry_of: Mapping[int, int]) -> None:
        items = [self.items[number] for number in touched]
        wanted = [
            projection.Wanted(
                item=item.id,
                policy=item.policy,
                key=item.key,
                moment=item.moment,
                entry=entry_of[item.id],
                segments=item.timeline(),
                is_new=item.is_new,
            )
            for item in items
        ]
        projection.write(cursor, self.table, wanted, portal=self.portal, organisation=self.organisation)
        for item in items:
            item.is_new = False


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


def _with_postings(cursor: CursorWrapper, table: type[Version], held: list[HeldItem]) -> list[HeldItem]:
    items = {item.id: item for item in held}
    cursor.execute(
        "select id, item_id, starts, ends, operations, undoes_id from core_entry where item_id = any(%s::bigint[])"
        " order by id",
        [array(items)],
    )
    for number, item, starts, ends, operations, undoes in cursor.fetchall():
        items[item].is_new = False
        postings = items[item].postings
        if undoes is not None:
            postings.pop(undoes)
        else:
            postings[number] = Posting(number, starts, ends, decode(_json(operations), table.SCHEMA))
    return held


def _json(value: str) -> list[dict[str, object]]:
    """Django's cursors hand JSON over as text."""
    stored: list[dict[str, object]] = json.loads(value)
    return stored
