"""How the versions of any table follow the entries: what no longer holds is closed, what does is opened, and nothing
else is touched. One statement each, for one item and for thousands."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache

from django.db.backends.utils import CursorWrapper

from remise.core.arrays import array
from remise.core.ledger.items import HeldItem, Row
from remise.core.ledger.operations import DETAILS, Segment, Value, details_of
from remise.core.ledger.versions import COLUMN_TYPES, Version
from remise.core.sending import once_there, send

# So many items go in one statement; while the server works on it the next one is put together.
SLICE = 250


class LedgerChangedError(RuntimeError):
    """Versions were changed by somebody who does not hold the item."""


def write(
    table: type[Version], items: Sequence[HeldItem], entry_of: Mapping[int, int], *, portal: int, organisation: int
) -> None:
    """Make the versions of these items say what their timelines say; `entry_of`: item -> the entry that opens and
    closes."""
    closed: list[tuple[int, CursorWrapper]] = []
    for start in range(0, len(items), SLICE):
        closing: list[tuple[int, HeldItem]] = []
        opening: list[tuple[Row, HeldItem]] = []
        for item in items[start : start + SLICE]:
            _compare(table, item, closing, opening)
        # Before the others are opened: two truths are refused at every moment.
        if closing:
            closed.append((len(closing), _close(table, closing, entry_of)))
        if opening:
            _open(table, opening, entry_of, portal=portal, organisation=organisation)
    once_there(lambda: _check(closed))


def _check(closed: Iterable[tuple[int, CursorWrapper]]) -> None:
    for wanted, answer in closed:
        if answer.rowcount != wanted:
            raise LedgerChangedError(f"{answer.rowcount} versions closed instead of {wanted}")


def _compare(
    table: type[Version],
    item: HeldItem,
    closing: list[tuple[int, HeldItem]],
    opening: list[tuple[Row, HeldItem]],
) -> None:
    stays = set()
    for starts, row in _rows(table, item.timeline()):
        known = item.versions.get(starts)
        if known is not None and known[1] == row:
            stays.add(starts)
        else:
            opening.append((row, item))
    closing.extend((version, item) for starts, (version, _row) in item.versions.items() if starts not in stays)


def _rows(table: type[Version], segments: Iterable[Segment]) -> Iterator[tuple[date, Row]]:
    blanks = _blanks(table)
    has_details = DETAILS in table.SCHEMA
    for segment in segments:
        terms = segment.terms
        row = (segment.starts, segment.ends, *[terms.get(term, blank) for term, blank in blanks])
        yield segment.starts, (*row, details_of(terms)) if has_details else row


@cache
def _blanks(table: type[Version]) -> tuple[tuple[str, Value], ...]:
    """Each term with what it is where no entry ever set it."""
    return tuple((term, table.BLANK.get(term)) for term in table.SCHEMA if term != DETAILS)


def _close(
    table: type[Version], closing: Sequence[tuple[int, HeldItem]], entry_of: Mapping[int, int]
) -> CursorWrapper:
    return send(
        _close_statement(table),
        [
            array(version for version, _ in closing),
            array(item.moment for _, item in closing),
            array(entry_of[item.id] for _, item in closing),
        ],
    )


def _open(
    table: type[Version],
    opening: Sequence[tuple[Row, HeldItem]],
    entry_of: Mapping[int, int],
    *,
    portal: int,
    organisation: int,
) -> None:
    columns = zip(*(row for row, _ in opening), strict=True)
    send(
        _open_statement(table),
        [
            portal,
            organisation,
            array(item.id for _, item in opening),
            array(item.policy for _, item in opening),
            array(item.key for _, item in opening),
            array(item.moment for _, item in opening),
            array(entry_of[item.id] for _, item in opening),
            *(array(column) for column in columns),
        ],
    )


@cache
def _close_statement(table: type[Version]) -> str:
    return (
        f"update {table._meta.db_table} v set known_to = c.moment, closed_id = c.entry"  # noqa: S608
        " from unnest(%s::bigint[], %s::timestamptz[], %s::bigint[]) as c (id, moment, entry)"
        " where v.id = c.id and v.known_to is null"
    )


@cache
def _open_statement(table: type[Version]) -> str:
    columns = ", ".join(["starts", "ends", *table.SCHEMA])  # a term's column has its name
    types = ["date", "date", *(COLUMN_TYPES[kind] for kind in table.SCHEMA.values())]
    return (
        f"insert into {table._meta.db_table}"  # noqa: S608
        f" (portal, organisation, item_id, policy, {table.KEY_COLUMN}, known_from, opened_id, {columns})"
        " select %s::bigint, %s::bigint, o.* from unnest(%s::bigint[], %s::bigint[], %s::text[], %s::timestamptz[],"
        f" %s::bigint[], {', '.join(f'%s::{kind}[]' for kind in types)}) as o"
    )
