"""Items under lock: what is known of them, and the moment from which a change of them is known."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

from remise.core.arrays import array
from remise.core.ledger.operations import DETAILS, Posting, Segment, Value, decode, replay
from remise.core.ledger.versions import Version
from remise.core.sending import send

# Of a version: from, until, and the terms in the order of the schema.
type Row = tuple[Value | dict[str, Value], ...]

# Later than all that the item knows, and taken by the statement that locks it.
_MOMENT = "greatest(clock_timestamp() + %(offset)s::interval, i.known_at + interval '1 microsecond')"
# Those that are not there yet are made. In order, so that nobody waits in a circle. What this statement made has no
# `xmax`; of what was there it is the transaction that locked the row.
_LOCK_BY_KEY = f"""
insert into core_item as i (portal, organisation, policy, kind, key, known_at)
select %(portal)s::bigint, %(organisation)s::bigint, %(policy)s::bigint, %(kind)s::text, k,
  clock_timestamp() + %(offset)s::interval
from (select distinct k from unnest(%(keys)s::text[]) k order by k) ordered
on conflict (policy, kind, key) do update set known_at = {_MOMENT}
returning id, policy, key, known_at, xmax = 0"""  # noqa: S608
_LOCK_BY_ID = f"""
with locked as materialized (
  select id from core_item where id = any(%(items)s::bigint[]) and organisation = %(organisation)s::bigint
    and kind = %(kind)s::text order by id for no key update)
update core_item i set known_at = {_MOMENT}
from locked where i.id = locked.id returning i.id, i.policy, i.key, i.known_at, false"""  # noqa: S608


@dataclass(slots=True)
class HeldItem:
    """An item under lock."""

    id: int
    policy: int
    key: str
    moment: datetime
    postings: dict[int, Posting] = field(default_factory=dict)
    versions: dict[date, tuple[int, Row]] = field(default_factory=dict)  # open ones, by their first day
    added: list[Posting] = field(default_factory=list)

    def timeline(self) -> tuple[Segment, ...]:
        """What holds when, the changes of this book included."""
        return replay([*self.postings.values(), *self.added])


def by_key(table: type[Version], values: Mapping[str, object]) -> dict[int, HeldItem]:
    return _hold(table, _LOCK_BY_KEY, values)


def by_id(table: type[Version], values: Mapping[str, object]) -> dict[int, HeldItem]:
    return _hold(table, _LOCK_BY_ID, values)


def _hold(table: type[Version], lock: str, values: Mapping[str, object]) -> dict[int, HeldItem]:
    """The statements that read see what was committed until the first one had its locks."""
    items, there = {}, []
    for number, policy, key, moment, is_new in send(lock, values).fetchall():
        items[number] = HeldItem(number, policy, key, moment)
        if not is_new:
            there.append(number)
    if there:
        _read(table, items, array(there))
    return items


def _read(table: type[Version], items: Mapping[int, HeldItem], there: str) -> None:
    """The past of those that were there before."""
    for number, item, starts, ends, operations, undoes in send(_ENTRIES, [there]).fetchall():
        if undoes is not None:
            items[item].postings.pop(undoes)
        else:
            read = decode(_json(operations), table.SCHEMA)
            items[item].postings[number] = Posting(number, starts, ends, read)
    has_details = DETAILS in table.SCHEMA
    for number, item, *row in send(_versions(table), [there]).fetchall():
        if has_details:
            row[-1] = json.loads(row[-1])
        items[item].versions[row[0]] = (number, tuple(row))


_ENTRIES = (
    "select id, item_id, starts, ends, operations, undoes_id from core_entry"
    " where item_id = any(%s::bigint[]) order by id"
)


@cache
def _versions(table: type[Version]) -> str:
    columns = ", ".join(table.SCHEMA)  # a term's column has its name
    return (
        f"select id, item_id, starts, ends, {columns} from {table._meta.db_table}"  # noqa: S608
        " where item_id = any(%s::bigint[]) and known_to is null"
    )


def _json(value: str) -> list[dict[str, object]]:
    """Django's cursors hand JSON over as text."""
    stored: list[dict[str, object]] = json.loads(value)
    return stored
