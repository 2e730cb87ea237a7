"""The only writer of the ledger: lock, amend, settle. One item or a hundred thousand go the same way.

    book = Book.open(RegistrationVersion, by=by, ...)      # items locked, moment taken after the lock
    book.amend(item, starts=day, operations=(Start(terms),))
    book.settle()                                          # entries and versions, one statement each

The moment comes after the lock and is later than all that the item knows. With the transaction's own `now()` ten of
six hundred concurrent amendments failed; without the lock the exclusion constraint gave deadlocks.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache

from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg.types.json import Jsonb

from remise.core.actor import Actor
from remise.core.ledger.operations import Operation, Posting, Segment, decode, encode, replay
from remise.core.ledger.versions import COLUMN_TYPES, Version
from remise.core.models import Entry

# Above this many items the planner is kept from nested loops, which its guess of a hundred rows invites.
BULK = 200


class UnknownEntryError(LookupError):
    """The entry to undo is not a live entry of this item."""


@dataclass(slots=True)
class HeldItem:
    """An item under lock, with the moment from which a change of it is known."""

    id: int
    key: str
    moment: datetime
    postings: dict[int, Posting] = field(default_factory=dict)
    added: list[Posting] = field(default_factory=list)

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
            _plan_for(cursor, len(keys))
            cursor.execute(
                "insert into core_item as i (portal, organisation, policy, kind, key, known_at)"
                " select %(portal)s, %(organisation)s, %(policy)s, %(kind)s, k, clock_timestamp() + %(offset)s::interval"
                " from (select distinct k from unnest(%(keys)s::text[]) k order by k) ordered"
                " on conflict (policy, kind, key) do update"
                " set known_at = greatest(clock_timestamp() + %(offset)s::interval, i.known_at + interval '1 microsecond')"
                " returning id, key, known_at",
                {
                    "portal": by.portal,
                    "organisation": organisation,
                    "policy": policy,
                    "kind": table.KIND,
                    "keys": list(keys),
                    "offset": _interval(by.clock_offset),
                },
            )
            held = [HeldItem(*row) for row in cursor.fetchall()]
            return cls(table, by=by, organisation=organisation, items=_with_postings(cursor, table, held))

    @classmethod
    def hold(cls, table: type[Version], *, by: Actor, organisation: int, items: Sequence[int]) -> "Book":
        """Hold items that exist. Those that this actor may not see are left out: the caller compares."""
        with connection.cursor() as cursor:
            _plan_for(cursor, len(items))
            cursor.execute(
                "with locked as materialized (select id from core_item where id = any(%(items)s)"
                " and organisation = %(organisation)s and kind = %(kind)s order by id for no key update)"
                " update core_item i"
                " set known_at = greatest(clock_timestamp() + %(offset)s::interval, i.known_at + interval '1 microsecond')"
                " from locked where i.id = locked.id returning i.id, i.key, i.known_at",
                {
                    "items": list(items),
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

    def settle(self, *, run: int | None = None) -> list[Entry]:
        """Write the entries and let the versions follow; returns the entries in the order they were added."""
        if not self._drafts:
            return []
        with connection.cursor() as cursor:
            numbers = self._write_entries(cursor, run)
            self._write_versions(cursor, dict(zip((d.item.id for d in self._drafts), numbers, strict=True)))
        entries = [self._entry(number, draft, run) for number, draft in zip(numbers, self._drafts, strict=True)]
        self._drafts = []
        return entries

    def _entry(self, number: int, draft: _Draft, run: int | None) -> Entry:
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

    def _write_entries(self, cursor: CursorWrapper, run: int | None) -> list[int]:
        drafts = self._drafts
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
                [d.item.id for d in drafts],
                [d.starts for d in drafts],
                [d.ends for d in drafts],
                [None if d.operations is None else Jsonb(encode(d.operations, schema)) for d in drafts],
                [d.undoes for d in drafts],
                [d.item.moment for d in drafts],
                [d.reason for d in drafts],
            ],
        )
        return [number for (number,) in cursor.fetchall()]

    def _write_versions(self, cursor: CursorWrapper, entry_of: Mapping[int, int]) -> None:
        """`entry_of`: item -> the entry that opens and closes; the last one, where an item has several."""
        touched = [self.items[item] for item in entry_of]
        wanted = [(item.id, segment) for item in touched for segment in item.timeline()]
        terms, blank = list(self.table.SCHEMA), self.table.BLANK
        cursor.execute(
            settle_statement(self.table),
            [
                [item.id for item in touched],
                [item.moment for item in touched],
                [entry_of[item.id] for item in touched],
                [item for item, _ in wanted],
                [segment.starts for _, segment in wanted],
                [segment.ends for _, segment in wanted],
                *([segment.terms.get(term, blank.get(term)) for _, segment in wanted] for term in terms),
            ],
        )


@cache
def settle_statement(table: type[Version]) -> str:
    """Close what no longer holds, open what does, touch nothing else: one statement for any table of versions.

    Parameters: items, moments, entries; then wanted items, starts, ends, and an array per term of the schema.
    """
    name = table._meta.db_table
    key = table.KEY_COLUMN
    columns = list(table.SCHEMA)  # a term's column has its name
    types = [COLUMN_TYPES[kind] for kind in table.SCHEMA.values()]
    held = "".join(f", v.{column}" for column in columns)
    wants = "".join(f", w.{column}" for column in columns)
    haves = "".join(f", h.{column}" for column in columns)
    listed = "".join(f", {column}" for column in columns)
    arrays = "".join(f", %s::{kind}[]" for kind in types)
    return f"""
with touched as materialized (
  select t.item_id, t.moment, t.entry, i.portal, i.organisation, i.policy, i.key
  from unnest(%s::bigint[], %s::timestamptz[], %s::bigint[]) as t (item_id, moment, entry)
  join core_item i on i.id = t.item_id),
want as (
  select * from unnest(%s::bigint[], %s::date[], %s::date[]{arrays}) as w (item_id, starts, ends{listed})),
have as (
  select v.id, v.item_id, v.starts, v.ends{held}
  from {name} v join touched t on t.item_id = v.item_id where v.known_to is null),
difference as materialized (
  select coalesce(w.item_id, h.item_id) as item_id, h.id, w.starts, w.ends{wants}, w.item_id is not null as keep
  from want w full join have h on h.item_id = w.item_id and h.starts = w.starts
  where (w.item_id, w.ends{wants}) is distinct from (h.item_id, h.ends{haves})),
closing as (
  update {name} v set known_to = t.moment, closed_id = t.entry
  from difference d join touched t on t.item_id = d.item_id where v.id = d.id returning 1),
opening as (
  insert into {name}
    (portal, organisation, item_id, policy, {key}, starts, ends{listed}, known_from, opened_id)
  select t.portal, t.organisation, t.item_id, t.policy, t.key, d.starts, d.ends{wants.replace("w.", "d.")},
    t.moment, t.entry
  from difference d join touched t on t.item_id = d.item_id
  where d.keep and (select count(*) from closing) >= 0 returning 1)
select (select count(*) from closing), (select count(*) from opening)"""  # noqa: S608  # names come from models


def _interval(offset: timedelta) -> str:
    return f"{offset.total_seconds():.6f} seconds"


def _plan_for(cursor: CursorWrapper, items: int) -> None:
    if items > BULK:
        cursor.execute("set local enable_nestloop = off")


def _with_postings(cursor: CursorWrapper, table: type[Version], held: list[HeldItem]) -> list[HeldItem]:
    items = {item.id: item for item in held}
    cursor.execute(
        "select id, item_id, starts, ends, operations, undoes_id from core_entry where item_id = any(%s) order by id",
        [list(items)],
    )
    for number, item, starts, ends, operations, undoes in cursor.fetchall():
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
