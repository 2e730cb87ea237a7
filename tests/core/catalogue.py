"""What PostgreSQL itself says of the tables, policies, grants and functions: read once, asked by the tests."""

import re
from dataclasses import dataclass, field

import psycopg

from remise.core.scope import ActorKind

ACTORS = {f"remise_{kind}" for kind in ActorKind}
COMMANDS = {"SELECT": "r", "INSERT": "a", "UPDATE": "w", "DELETE": "d"}


@dataclass(frozen=True, slots=True)
class Policy:
    table: str
    name: str
    command: str  # r, a, w, d, or * = all of them
    roles: tuple[str, ...]
    permissive: bool
    using: str | None
    check: str | None


@dataclass(frozen=True, slots=True)
class ForeignKey:
    table: str
    name: str
    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]


@dataclass(slots=True)
class Table:
    name: str
    walled: bool  # row-level security is on
    comment: str
    columns: frozenset[str]
    numbers: frozenset[str]  # bigint columns that are given: any of them may be the id of another row
    filled: frozenset[str]  # columns that are never empty: a key of which one is empty says nothing
    grants: dict[str, set[str]] = field(default_factory=dict)  # role (PUBLIC is "") -> privileges, not the owner's
    policies: list[Policy] = field(default_factory=list)
    narrowed: list[Policy] = field(default_factory=list)  # by restrictive ones, for whoever is let through by others
    foreign_keys: list[ForeignKey] = field(default_factory=list)
    triggers: dict[str, frozenset[str]] = field(default_factory=dict)  # function -> columns it watches

    @property
    def open(self) -> bool:
        return self.comment.startswith("open: ")

    @property
    def granted(self) -> dict[str, set[str]]:
        """What the kinds of actor, or everybody, may do."""
        return {role: rights for role, rights in self.grants.items() if role in ACTORS or not role}

    @property
    def owned(self) -> bool:
        return {"portal", "organisation"} <= self.columns

    def keyed_with(self, owner: str) -> set[str]:
        """Columns that refer to a row, or follow from one, together with its owner (the company, or the portal)."""
        return {
            own
            for key in self.foreign_keys
            for own, theirs in zip(key.columns, key.target_columns, strict=True)
            if (owner, owner) in zip(key.columns, key.target_columns, strict=True)
            and theirs not in ("organisation", "portal")
        }


def tables(owner: psycopg.Connection) -> dict[str, Table]:
    found = {
        name: Table(name, walled, comment or "", frozenset(columns), frozenset(numbers), frozenset(filled))
        for name, walled, comment, columns, numbers, filled in owner.execute(
            "select c.relname, c.relrowsecurity, obj_description(c.oid, 'pg_class'),"
            " array(select attname::text from pg_attribute a"
            " where a.attrelid = c.oid and attnum > 0 and not attisdropped),"
            " array(select attname::text from pg_attribute a where a.attrelid = c.oid and attnum > 0"
            " and atttypid = 'bigint'::regtype and attgenerated = '' and attidentity = '' and not attisdropped),"
            " array(select attname::text from pg_attribute a"
            " where a.attrelid = c.oid and attnum > 0 and attnotnull and not attisdropped)"
            " from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')"
        )
    }
    for name, role, privilege in owner.execute(
        "select c.relname, case when x.grantee = 0 then '' else pg_get_userbyid(x.grantee) end, x.privilege_type"
        " from pg_class c, aclexplode(c.relacl) x"
        " where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and x.grantee <> c.relowner"
    ):
        found[name].grants.setdefault(role, set()).add(privilege)
    for policy in _policies(owner):
        of = found[policy.table]
        (of.policies if policy.permissive else of.narrowed).append(policy)
    for key in _foreign_keys(owner):
        found[key.table].foreign_keys.append(key)
    for name, function, columns in owner.execute(
        "select t.tgrelid::regclass::text, p.proname, array(select a.attname::text from pg_attribute a"
        " where a.attrelid = t.tgrelid and a.attnum = any(t.tgattr))"
        " from pg_trigger t join pg_proc p on p.oid = t.tgfoid where not t.tgisinternal"
        " and t.tgenabled = 'O' and t.tgtype & 19 = 19"  # each row, before, update
    ):
        found[name].triggers[function] = frozenset(columns)
    return found


def _policies(owner: psycopg.Connection) -> list[Policy]:
    return [
        Policy(table, name, command, tuple(roles), permissive, _flat(using), _flat(check))
        for table, name, command, roles, permissive, using, check in owner.execute(
            "select polrelid::regclass::text, polname, polcmd::text,"
            " array(select case when r = 0 then '' else pg_get_userbyid(r)::text end from unnest(polroles) r),"
            " polpermissive, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid) from pg_policy"
        )
    ]


def _foreign_keys(owner: psycopg.Connection) -> list[ForeignKey]:
    names = (
        "array(select a.attname::text from unnest({numbers}) with ordinality k (number, place)"
        " join pg_attribute a on a.attrelid = {table} and a.attnum = k.number order by k.place)"
    )
    return [
        ForeignKey(table, name, tuple(columns), target, tuple(target_columns))
        for table, name, columns, target, target_columns in owner.execute(
            f"select conrelid::regclass::text, conname, {names.format(numbers='conkey', table='conrelid')},"
            f" confrelid::regclass::text, {names.format(numbers='confkey', table='confrelid')}"
            " from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace and convalidated"
        )
    ]


def _flat(expression: str | None) -> str | None:
    return None if expression is None else re.sub(r"\s+", " ", expression)
