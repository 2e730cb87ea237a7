"""Migration operations that give a table its wall: policies, grants, composite foreign keys, immutable owner.

A table is walled (its rows belong to a company, an account or a portal), open with its reason written in the
migration, or closed: nobody is granted anything. `tests/core/test_catalogue.py` accepts no fourth kind.
"""

from collections.abc import Mapping

from django.db.migrations import RunSQL
from django.db.migrations.operations.base import Operation

from remise.core.kinds import ActorKind

# One predicate per kind of actor, never an OR over kinds: that took a page from 0.9 to 345 ms over a million rows.
BY_ORGANISATION = {
    "member": "organisation = (select scope_organisation())",
    # Not `in`: that reads all clients of the viewer for each look-up, 2.3 ms instead of 0.4 with 5,000 of them.
    "agent": "exists (select from core_reach r where r.viewer = (select scope_organisation())"
    " and r.organisation = {table}.organisation)",
    "staff": "portal = (select scope_portal())",
    "system": "portal = (select scope_portal())",
}
PRIVILEGES = {"r": "select", "a": "insert", "w": "update", "d": "delete"}


def walled(
    table: str,
    *,
    member: str = "",
    agent: str = "",
    staff: str = "",
    system: str = "",
    parents: Mapping[str, str] | None = None,
    parent: bool = False,
) -> list[Operation]:
    """Wall a table whose rows belong to a company.

    The letters say what each kind of actor may do: r read, a append, w write, d delete. `parents` maps a column to
    the walled table it refers to; its foreign key carries company and portal, for a plain one accepts another
    company's row. `parent` makes the table one that others may refer to.
    """
    statements = [f"alter table {table} enable row level security"]
    if parent:
        statements.append(f"alter table {table} add constraint {table}_owned unique (id, organisation, portal)")
    for column, target in (parents or {}).items():
        statements.append(
            f"alter table {table} add constraint {table}_{column}_owned"
            f" foreign key ({column}, organisation, portal) references {target} (id, organisation, portal)"
        )
    statements.append(
        f"create trigger {table}_owner_stays before update of portal, organisation on {table}"
        " for each row execute function owner_stays()"
    )
    kinds = {"member": member, "agent": agent, "staff": staff, "system": system}
    for kind, letters in kinds.items():
        if letters:
            statements.append(_policy(table, kind, BY_ORGANISATION[kind].format(table=table)))
            statements.append(_grant(table, kind, letters))
    return [_forward(statements)]


def belongs_to_organisation(*tables: str) -> list[Operation]:
    """The company named in a row exists, in the portal named in the row. Where a row always has a parent, its key to
    that one says so already, and each key costs every row that is written."""
    return [
        _forward(
            [
                f"alter table {table} add constraint {table}_organisation"
                " foreign key (organisation, portal) references organisations_organisation (id, portal)"
                for table in tables
            ]
        )
    ]


def own_rows(table: str, *, column: str, through: str = "", public: str = "", account: str = "") -> list[Operation]:
    """Wall a table whose rows belong to an account: who is signed in meets only the own row, a door meets all.
    `through` is the walled table that `column` refers to, where the account stands only there."""
    own = f"{column} in (select id from {through})" if through else f"{column} = (select scope_account())"  # noqa: S608
    statements = [f"alter table {table} enable row level security"]
    if public:
        statements += [_policy(table, "public", "true"), _grant(table, "public", public)]
    for kind in ("account", "member", "agent", "staff"):
        statements.append(_policy(table, kind, own))
        statements.append(_grant(table, kind, account))
    return [_forward(statements)]


def own_portal(table: str, *, parent: bool = False, **letters: str) -> list[Operation]:
    """Wall a table whose rows belong to a portal but to no company in it; `parent` as in `walled`."""
    statements = [f"alter table {table} enable row level security"]
    if parent:
        statements.append(f"alter table {table} add constraint {table}_in_portal unique (id, portal)")
    for kind, privileges in letters.items():
        statements += [
            _policy(table, kind, "portal = (select scope_portal())"),
            _grant(table, kind, privileges),
        ]
    return [_forward(statements)]


def same_portal(table: str, **parents: str) -> list[Operation]:
    """A row refers to rows of its own portal: a plain foreign key accepts another insurer's product."""
    return [
        _forward(
            [
                f"alter table {table} add constraint {table}_{column}_in_portal"
                f" foreign key ({column}, portal) references {target} (id, portal)"
                for column, target in parents.items()
            ]
        )
    ]


def withheld(table: str, group: str) -> list[Operation]:
    """Rows of this walled table are not read where the scope leaves this group of particulars out, whatever else the
    wall allows."""
    seen = f"not (select scope_withholds('{group}'))"
    return [_forward([f"create policy withheld on {table} as restrictive for select using ({seen})"])]


def open_table(table: str, *, because: str, **letters: str) -> list[Operation]:
    """Grant a table that belongs to nobody; `because` stays with the table as its comment."""
    reason = because.replace("'", "''")
    return [
        _forward(
            [f"comment on table {table} is 'open: {reason}'"]
            + [_grant(table, kind, privileges) for kind, privileges in letters.items()]
        )
    ]


def every_kind(letters: str) -> dict[str, str]:
    return dict.fromkeys(map(str, ActorKind), letters)


def frozen_versions(table: str) -> list[Operation]:
    """The ledger's promises for one table of versions: company, portal and policy are the item's (whose own keys say
    that they exist), the entries that opened and closed a version are the company's, no two truths, and a past that
    stays as it was known. The trigger comes after the row: before it, generated columns of the new row are empty."""
    return [
        _forward(
            [
                f"alter table {table} add constraint {table}_item_owned"
                " foreign key (item_id, organisation, portal, policy)"
                " references core_item (id, organisation, portal, policy)",
                *(
                    f"alter table {table} add constraint {table}_{entry}_owned"
                    f" foreign key ({entry}, organisation, portal) references core_entry (id, organisation, portal)"
                    for entry in ("opened_id", "closed_id")
                ),
                # A version is asked for by its policy or item, from which company and portal follow. The planner, not
                # told so, lets the wall's condition divide by the number of companies: it expects next to nothing
                # where there are many, and sorts a whole fleet for one page.
                f"alter table {table} alter organisation set (n_distinct = 1), alter portal set (n_distinct = 1)",
                f"alter table {table} add constraint {table}_one_truth exclude using gist"
                " (item_id with =, daterange(starts, ends) with &&) where (known_to is null)",
                f"create trigger {table}_frozen after update or delete on {table}"
                " for each row execute function version_stays()",
            ]
        )
    ]


def door(
    signature: str,
    returns: str,
    body: str,
    *,
    kinds: tuple[str, ...] = (),
    volatile: bool = False,
    language: str = "sql",
) -> Operation:
    """A named opening in the wall: runs as the owner, returns only what its page shows, callable by `kinds` only
    (none: what a trigger does). It is listed in `core.doors`."""
    volatility = "volatile" if volatile else "stable"
    name = signature.split("(", maxsplit=1)[0]
    arguments = signature[len(name) :]
    types = ", ".join(part.split()[-1] for part in arguments.strip("()").split(",") if part.strip())
    roles = ", ".join(f"remise_{kind}" for kind in kinds)
    return RunSQL(
        f"create function {signature} returns {returns} language {language} {volatility} security definer"
        f" set search_path = public, pg_temp as $door${body}$door$;"
        f"revoke all on function {name}({types}) from public;"
        + (f"grant execute on function {name}({types}) to {roles};" if kinds else ""),
        f"drop function {name}({types})",
    )


def _policy(table: str, kind: str, predicate: str) -> str:
    return f"create policy {kind} on {table} to remise_{kind} using ({predicate}) with check ({predicate})"


def _grant(table: str, kind: str, letters: str) -> str:
    privileges = ", ".join(PRIVILEGES[letter] for letter in letters)
    return f"grant {privileges} on {table} to remise_{kind}"


def _forward(statements: list[str]) -> RunSQL:
    """Walls are built, never taken down: undoing a migration drops the table and its wall with it."""
    return RunSQL(tuple(statements), RunSQL.noop)
