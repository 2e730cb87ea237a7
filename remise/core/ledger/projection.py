"""How the versions of any table follow the entries: what no longer holds is closed, what does is opened, and nothing
else is touched. One statement each, for one item and for a hundred thousand."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.db.backends.utils import CursorWrapper

from remise.core.ledger.arrays import array
from remise.core.ledger.operations import Segment, Value
from remise.core.ledger.versions import COLUMN_TYPES, Version

type Row = tuple[Value, ...]  # from, until, and the terms in the order of the schema
type Open = Mapping[int, Mapping[date, tuple[int, Row]]]  # item -> first day -> the version and what it says


class LedgerChangedError(RuntimeError):
    """Versions were changed by somebody who does not hold the item."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an item is to say from this moment on, by this entry."""

    item: int
    policy: int
    key: str
    moment: datetime
    entry: int
    segments: Sequence[Segment]
    is_new: bool  # nothing is held of it yet


def write(
    cursor: CursorWrapper, table: type[Version], wanted: Sequence[Wanted], *, portal: int, organisation: int
) -> None:
    held = _held(cursor, table, [one.item for one in wanted if not one.is_new])
    closing: list[tuple[int, Wanted]] = []
    opening: list[tuple[Row, Wanted]] = []
    for one in wanted:
        stays = set()
        have = held.get(one.item, {})
        for starts, row in _rows(table, one.segments):
            known = have.get(starts)
            if known is not None and known[1] == row:
                stays.add(starts)
            else:
                opening.append((row, one))
        closing.extend((version, one) for starts, (version, _row) in have.items() if starts not in stays)
    # Before the others are opened: two truths are refused at every moment.
    _close(cursor, table, closing)
    _open(cursor, table, opening, portal=portal, organisation=organisation)


def _rows(table: type[Version], segments: Iterable[Segment]) -> Iterator[tuple[date, Row]]:
    blanks = [(term, table.BLANK.get(term)) for term in table.SCHEMA]
    for segment in segments:
        terms = segment.terms
        yield segment.starts, (segment.starts, segment.ends, *[terms.get(term, blank) for term, blank in blanks])


def _held(cursor: CursorWrapper, table: type[Version], items: Sequence[int]) -> Open:
    if not items:
        return {}
    cursor.execute(_statements(table).held, [array(items)])
    found: dict[int, dict[date, tuple[int, Row]]] = defaultdict(dict)
    for number, item, *row in cursor.fetchall():
        found[item][row[0]] = (number, tuple(row))
    return found


def _close(cursor: CursorWrapper, table: type[Version], closing: Sequence[tuple[int, Wanted]]) -> None:
    if not closing:
        return
    cursor.execute(
        _statements(table).close,
        [
            array(version for version, _ in closing),
            array(one.moment for _, one in closing),
            array(one.entry for _, one in closing),
        ],
    )
    if cursor.rowcount != len(closing):
        raise LedgerChangedError(f"{cursor.rowcount} versions closed instead of {len(closing)}")


def _open(
    cursor: CursorWrapper,
    table: type[Version],
    opening: Sequence[tuple[Row, Wanted]],
    *,
    portal: int,
    organisation: int,
) -> None:
    if not opening:
        return
    columns = zip(*(row for row, _ in opening), strict=True)
    cursor.execute(
        _statements(table).open,
        [
            portal,
            organisation,
            array(one.item for _, one in opening),
            array(one.policy for _, one in opening),
            array(one.key for _, one in opening),
            array(one.moment for _, one in opening),
            array(one.entry for _, one in opening),
            *(array(column) for column in columns),
        ],
    )


@dataclass(frozen=True, slots=True)
class _Statements:
    held: str
    close: str
    open: str


@cache
def _statements(table: type[Version]) -> _Statements:
    name = table._meta.db_table
    columns = ["starts", "ends", *table.SCHEMA]  # a term's column has its name
    types = ["date", "date", *(COLUMN_TYPES[kind] for kind in table.SCHEMA.values())]
    listed = ", ".join(columns)
    arrays = ", ".join(f"%s::{kind}[]" for kind in types)
    return _Statements(
        held=f"select id, item_id, {listed} from {name} where item_id = any(%s::bigint[]) and known_to is null",  # noqa: S608
        close=f"update {name} v set known_to = c.moment, closed_id = c.entry"  # noqa: S608
        " from unnest(%s::bigint[], %s::timestamptz[], %s::bigint[]) as c (id, moment, entry)"
        " where v.id = c.id and v.known_to is null",
        open=f"insert into {name} (portal, organisation, item_id, policy, {table.KEY_COLUMN}, known_from, opened_id,"  # noqa: S608
        f" {listed}) select %s, %s, o.* from unnest(%s::bigint[], %s::bigint[], %s::text[], %s::timestamptz[],"
        f" %s::bigint[], {arrays}) as o",
    )
