"""Items under lock: what is known of them, and the moment from which a change of them is known."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

from remise.core.ledger.operations import DETAILS, Posting, Segment, Value, decode, replay
from remise.core.ledger.versions import Version
from remise.core.sending import send

# Of a version: from, until, and the terms in the order of the schema.
type Row = tuple[Value | dict[str, Value], ...]

# Later than all that the item knows, and taken by the statement that locks it.
_MOMENT = "greatest(clock_timestamp() + %(offset)s::interval, i.known_at + interval '1 microsecond')"
# Those that are not there yet are made. In order, so that nobody waits in a circle.
_LOCK_BY_KEY = f"""
insert into core_item as i (portal, organisation, policy, kind, key, known_at)
select %(portal)s::bigint, %(organisation)s::bigint, %(policy)s::bigint, %(kind)s::text, k,
  clock_timestamp() + %(offset)s::interval
from (select distinct k from unnest(%(keys)s::text[]) k order by k) ordered
on conflict (policy, kind, key) do update set known_at = {_MOMENT}
returning id, policy, key, known_at"""  # noqa: S608
_LOCK_BY_ID = f"""
with locked as materialized (
  select id from core_item where id = any(%(items)s::bigint[]) and organisation = %(organisation)s::bigint
    and kind = %(kind)s::text order by id for no key update)
update core_item i set known_at = {_MOMENT}
from locked where i.id = locked.id returning i.id, i.policy, i.key, i.known_at"""  # noqa: S608
_BY_KEY = (
    "in (select id from core_item where policy = %(policy)s::bigint and kind = %(kind)s::text"
    " and key = any(%(keys)s::text[]))"
)
_BY_ID = "= any(%(items)s::bigint[])"


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
    return _hold(table, _LOCK_BY_KEY, _BY_KEY, values)


def by_id(table: type[Version], values: Mapping[str, object]) -> dict[int, HeldItem]:
    return _hold(table, _LOCK_BY_ID, _BY_ID, values)


def _hold(table: type[Version], lock: str, which: str, values: Mapping[str, object]) -> dict[int, HeldItem]:
    """The statements that read see what was committed until the first one had its locks."""
    items = {row[0]: HeldItem(*row) for row in send(lock, values).fetchall()}
    entries = send(_entries(which), values).fetchall()
    for number, item, starts, ends, operations, undoes in entries:
        if item not in items:
            continue  # of another kind
        if undoes is not None:
            items[item].postings.pop(undoes)
        else:
            read = decode(_json(operations), table.SCHEMA)
            items[item].postings[number] = Posting(number, starts, ends, read)
    if entries:
        has_details = DETAILS in table.SCHEMA
        for number, item, *row in send(_versions(table, which), values).fetchall():
            if has_details:
                row[-1] = json.loads(row[-1])
            items[item].versions[row[0]] = (number, tuple(row))
    return items


@cache
def _entries(which: str) -> str:
    return (
        "select id, item_id, starts, ends, operations, undoes_id from core_entry"  # noqa: S608
        f" where item_id {which} order by id"
    )


@cache
def _versions(table: type[Version], which: str) -> str:
    columns = ", ".join(table.SCHEMA)  # a term's column has its name
    return (
        f"select id, item_id, starts, ends, {columns} from {table._meta.db_table}"  # noqa: S608
        f" where item_id {which} and known_to is null"
    )


def _json(value: str) -> list[dict[str, object]]:
    """Django's cursors hand JSON over as text."""
    stored: list[dict[str, object]] = json.loads(value)
    return stored
