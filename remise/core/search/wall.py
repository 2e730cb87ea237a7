"""Migration operations that keep the keys of what can be found.

Nobody may write a key: triggers of the tables that hold the things do, once for each statement. So a thing and its
keys are there together, and a hundred thousand vehicles cost one statement more.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.migrations import RunSQL
from django.db.migrations.operations.base import Operation

from remise.core import wall

_INSERT = """
    insert into core_lookupkey as k (portal, organisation, kind, key, subject, branch, particulars)
    select {distinct} {portal}, {organisation}, '{kind}', w.key, {subject}, {branch}, '{particulars}'
    from added r cross join lateral ({keys}) w (key)
    where {where} {narrowed} {order}
    on conflict (kind, subject, key) do {conflict};
"""
_DELETE = "delete from core_lookupkey k using gone r where k.kind = '{kind}' and k.subject = {subject} {narrowed};"
_NARROWED = "and exists (select from {other} o where o.id = r.id and ({theirs}) is distinct from ({ours}))"


@dataclass(frozen=True, slots=True)
class Keys:
    """Which keys rows of a table have; `r` is the row. A name is written by `named`, a number stands in a column."""

    kind: str
    keys: str  # a query of one column: a key in each row
    watched: tuple[str, ...]  # the columns from which they follow; none: they stay as they are
    where: str = "true"
    subject: str = "r.id"
    organisation: str = "r.organisation"
    portal: str = "r.portal"
    branch: str = "null::bigint"
    particulars: str = ""  # the group that a mandate may leave out (organisations.fields)
    # Of rows that are only ever added: which of a subject's counts, the newest first. A later one has the last word.
    newest: str = ""


def named(column: str) -> str:
    return f"select search_keys({column})"


def numbered(column: str) -> str:
    return f"select {column} where {column} <> ''"


def searched(table: str, *kinds: Keys) -> list[Operation]:
    """What rows of this table are found by, from now on. Each trigger is listed in `core.doors`."""
    return [operation for one in kinds for operation in _kept(table, one)]


def _kept(table: str, one: Keys) -> list[Operation]:
    follows = {"insert": _insert(one)}
    if not one.newest:
        follows["delete"] = _delete(one)
    if not one.newest and one.watched:
        follows["update"] = _delete(one, _changed(one, "added")) + _insert(one, _changed(one, "gone"))
    return [
        wall.door(f"search_follows_{one.kind}()", "trigger", _body(follows), volatile=True, language="plpgsql"),
        RunSQL([_trigger(table, one, event) for event in follows], RunSQL.noop),
    ]


def _trigger(table: str, one: Keys, event: str) -> str:
    tables = [
        *(["old table as gone"] if event != "insert" else []),
        *(["new table as added"] if event != "delete" else []),
    ]
    return (
        f"create trigger search_{one.kind}_{event} after {event} on {table} referencing {' '.join(tables)}"
        f" for each statement execute function search_follows_{one.kind}()"
    )


def _body(follows: Mapping[str, str]) -> str:
    """One statement's tables are known in its own branch only."""
    branches = "".join(f"if tg_op = '{event.upper()}' then {deed} end if;\n" for event, deed in follows.items())
    return f"begin\n{branches}return null;\nend"


def _insert(one: Keys, narrowed: str = "") -> str:
    order = f"order by {one.subject}, w.key, {one.newest}" if one.newest else ""
    return _INSERT.format(
        distinct=f"distinct on ({one.subject}, w.key)" if one.newest else "",
        portal=one.portal,
        organisation=one.organisation,
        kind=one.kind,
        subject=one.subject,
        branch=one.branch,
        particulars=one.particulars,
        keys=one.keys,
        where=one.where,
        narrowed=narrowed,
        order=order,
        conflict="update set branch = excluded.branch where k.branch is distinct from excluded.branch"
        if one.newest
        else "nothing",
    )


def _delete(one: Keys, narrowed: str = "") -> str:
    return _DELETE.format(kind=one.kind, subject=one.subject, narrowed=narrowed)


def _changed(one: Keys, other: str) -> str:
    theirs, ours = (", ".join(f"{row}.{column}" for column in one.watched) for row in ("o", "r"))
    return _NARROWED.format(other=other, theirs=theirs, ours=ours)
