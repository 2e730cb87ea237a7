"""The statements of the ledger and of its events are the same each time, and to read and plan one takes the server
longer than to run it: they are prepared once per connection. Many that do not wait for each other's answers go out
together."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from functools import cache
from typing import Any, Self, cast

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg.abc import Params

from remise.core.arrays import Element, array

type Same = tuple[str, object]
type Each = tuple[str, Iterable[Element]]
type Columns = tuple[tuple[str, str], ...]

# Up to so many rows the driver's own work for sending statements together is more than what it saves.
FEW = 100


class _Prepared(psycopg.Cursor[Any]):
    def execute(
        self,
        query: Any,  # noqa: ANN401  # as the driver takes it
        params: Params | None = None,
        *,
        prepare: bool | None = True,
        binary: bool | None = None,
    ) -> Self:
        return super().execute(query, params, prepare=prepare, binary=binary)


def send(statement: str, values: Params) -> CursorWrapper:
    """Run a statement with a cast at every value; the answer is fetched from what is returned. Where the connection's
    `prepare_threshold` is null (a pooler that keeps no prepared statements), nothing is prepared."""
    connection.ensure_connection()
    # As `connection.cursor()` chooses it, so that the ledger's statements are in the log of queries like all others.
    wrapped = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    # Its stubs know no other cursor than Django's own.
    cursor = wrapped(cast("CursorWrapper", _Prepared(connection.connection)))
    cursor.execute(statement, values)
    return cursor


class Numbered(StrEnum):
    """Tables of which many rows are written at once; each with the door that gives the numbers of its next rows."""

    ENTRIES = "core_entry"
    EVENTS = "core_event"


_DOORS = {Numbered.ENTRIES: "next_entries", Numbered.EVENTS: "next_events"}


def insert(into: Numbered, *, same: Mapping[str, Same], each: Mapping[str, Each], count: int) -> list[int]:
    """Write rows that share some columns and differ in others (column -> type and value, or values); returns their
    numbers, in order. Within `together` the rows are under way when this returns."""
    values = [*(value for _type, value in same.values()), *(array(column) for _type, column in each.values())]
    types = _types(same), _types(each)
    under_way = _under_way.get()
    if under_way is None:
        return _numbers(send(_insert(into, *types, numbered=False), values))
    numbers = under_way.take(into, count)
    send(_insert(into, *types, numbered=True), [*values, array(numbers)])
    return numbers


def _types(columns: Mapping[str, tuple[str, object]]) -> tuple[tuple[str, str], ...]:
    return tuple((column, kind) for column, (kind, _values) in columns.items())


def _numbers(answer: CursorWrapper) -> list[int]:
    return [number for (number,) in answer.fetchall()]


@cache
def _insert(into: str, same: Columns, each: Columns, *, numbered: bool) -> str:
    each = (*each, ("id", "bigint")) if numbered else each
    names = ", ".join(column for column, _type in each)
    return (
        f"insert into {into} ({', '.join(column for column, _type in same)}, {names})"  # noqa: S608
        f" select {', '.join(f'%s::{kind}' for _column, kind in same)}, {names}"
        f" from unnest({', '.join(f'%s::{kind}[]' for _column, kind in each)}) with ordinality as e ({names}, place)"
        f" order by place{'' if numbered else ' returning id'}"
    )


class _UnderWay:
    """What is sent together: the numbers of its rows, and what waits for the answers."""

    def __init__(self) -> None:
        self.after: list[Callable[[], None]] = []
        self._numbers: dict[Numbered, list[int]] = {}

    def reserve(self, of: Numbered, count: int) -> None:
        held = self._numbers.setdefault(of, [])
        held += _numbers(send(f"select {_DOORS[of]}(%s::int)", [count]))

    def take(self, of: Numbered, count: int) -> list[int]:
        held = self._numbers.get(of, [])
        if len(held) < count:  # waits for all that was sent before
            self.reserve(of, count - len(held))
            held = self._numbers[of]
        self._numbers[of] = held[count:]
        return held[:count]


_under_way: ContextVar[_UnderWay | None] = ContextVar("under_way", default=None)


@contextmanager
def together(rows: int, *numbered: Numbered) -> Iterator[None]:
    """Of so many rows: what is sent meanwhile is not waited for, and the server works on one statement while the next
    is put together. Afterwards every answer is there, or the first error was raised. Within another one it is part of
    that. `numbered`: tables of which as many rows come, whose numbers are taken before any of them."""
    if rows <= FEW or _under_way.get() is not None:
        yield
        return
    connection.ensure_connection()
    under_way = _UnderWay()
    for table in numbered:
        under_way.reserve(table, rows)
    token = _under_way.set(under_way)
    try:
        with connection.wrap_database_errors, connection.connection.pipeline():
            yield
    finally:
        _under_way.reset(token)
    for deed in under_way.after:
        deed()


def goes_together() -> bool:
    """Whether what is sent now is under way when the call returns."""
    return _under_way.get() is not None


def once_there(deed: Callable[[], None]) -> None:
    """Do it when what was sent has been done: now, or at the end of what goes out together."""
    under_way = _under_way.get()
    if under_way is None:
        deed()
    else:
        under_way.after.append(deed)
