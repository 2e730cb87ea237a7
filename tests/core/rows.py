"""A row in any walled table for any company, made from the catalogue: a new table is tested without being named."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from remise.accounts.models import Account
from remise.green_cards.models import PrintBatch
from remise.help.models import Partner
from tests import world
from tests.core.catalogue import Table, tables
from tests.world import OWNER, Garage

type Values = dict[str, Any]

# What the checks of a table ask beyond types and keys.
BY_SYSTEM: Values = {"by_system": "test"}
MOMENT = datetime(2026, 1, 1, 12, tzinfo=UTC)
WAITING: Values = {"state": "waiting", "reason": "", "unread": False, "customer_asked": False}
DECIDED: Values = {"state": "accepted", "assignee": 1, "decided_by": 1, "decided_at": MOMENT}
ASKED: dict[str, Values] = {
    "core_entry": BY_SYSTEM | {"starts": date(2026, 1, 1), "operations": Jsonb([])},
    "core_event": BY_SYSTEM,
    "documents_document": {"seal_id": None},  # not drawn, and so not sealed
    "desk_deskrequest": BY_SYSTEM | WAITING | {"entry": None},
    "desk_deskmessage": {"from_desk": False},
    "desk_desknote": {"is_new": False, "is_lost": False},
    "green_cards_carddelivery": {"delivery": "mail"},
    "fleet_radarcheck": {"ended_at": MOMENT},
    "green_cards_greencard": {
        "valid_to": date(2026, 12, 31),
        "category": "A",
        "pulled_by": "",  # no trailer's second card
        "void_reason": "",
    },
    "green_cards_shipment": {"format": "pdf", "state": "", "post_by": None, "sent_at": None, "sent_by": None}
    | {"return_reason": ""},
    "green_cards_batchshipment": {"outcome": "going"},
    "notices_notice": {"kind": "start", "state": "pending", "plate": "GT001K", "kvk": "", "batch_id": None},
    "mandates_mandate": {"rights": ["vehicles.view"], "by_mail": False, "office_id": None},  # nobody took it on yet
    "organisations_grant": BY_SYSTEM,
    "organisations_party": {"kind": "company"},
    "organisations_invitation": {"membership_id": None},  # nobody accepted yet
    "organisations_accessrequest": {"state": "open"},
    "onboarding_linkcase": {"state": "open"},
    "policies_policy": {"agent_id": None},  # the insurer's own
}
# What else changes in a row when this column is filled.
WITH: dict[tuple[str, str], Values] = {
    ("green_cards_shipment", "again_of_id"): {"format": "paper", "state": "waiting", "post_by": MOMENT.date()},
    ("core_entry", "undoes_id"): {"starts": None, "operations": None},
    ("desk_deskrequest", "entry"): DECIDED,
    ("organisations_invitation", "membership_id"): {"accepted_at": datetime(2026, 1, 1, tzinfo=UTC)},
}
# Of which a company has one row: another takes its place.
ONE_EACH = {"green_cards_carddelivery"}
# Columns that the room keeps different although they may be empty.
FILLED = {("organisations_branch", "establishment_number")}


@dataclass(slots=True)
class Rows:
    owner: psycopg.Connection
    catalogue: dict[str, Table] = field(init=False)
    _made: dict[tuple[str, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.catalogue = tables(self.owner)

    def of(self, table: str, garage: Garage) -> int:
        """The id of a row of this company, made when first asked for."""
        key = (table, garage.organisation.id)
        if key not in self._made:
            self._made[key] = self.fresh(table, garage)
        return self._made[key]

    def fresh(self, table: str, garage: Garage) -> int:
        row = self.owner.execute(*insertion(table, self.values(table, garage))).fetchone()
        assert row is not None
        return int(row[0])

    def values(self, table: str, garage: Garage, **replaced: object) -> Values:
        """What a row of this company may hold, so that only what is `replaced` can be wrong with it."""
        if table in ONE_EACH:
            of_company = sql.SQL("delete from {} where organisation = %s").format(sql.Identifier(table))
            self.owner.execute(of_company, [garage.organisation.id])
            self._made.pop((table, garage.organisation.id), None)
        found: Values = {}
        parents = self.parents(table)
        for name, kind, needed in self._columns(table):
            if name in ("portal", "organisation"):
                found[name] = garage.portal.id if name == "portal" else garage.organisation.id
            elif name in parents and parents[name] != table and name not in ASKED.get(table, {}):
                found[name] = self._parent(parents[name], garage)
            elif needed or (table, name) in FILLED:
                found[name] = _value(kind)
        found |= self._following(table, found) | ASKED.get(table, {})
        for name in replaced:
            found |= WITH.get((table, name), {})
        return found | replaced

    def parents(self, table: str) -> dict[str, str]:
        """Column -> the table it refers to."""
        return {
            own: key.target
            for key in self.catalogue[table].foreign_keys
            for own, theirs in zip(key.columns, key.target_columns, strict=True)
            if theirs == "id" and own not in ("organisation", "portal")
        }

    def _following(self, table: str, found: Values) -> Values:
        """Columns that a key takes from the row it refers to: the policy of a version is its item's."""
        following: Values = {}
        for key in self.catalogue[table].foreign_keys:
            pairs = dict(zip(key.columns, key.target_columns, strict=True))
            wanted = {own: theirs for own, theirs in pairs.items() if theirs not in ("id", "organisation", "portal")}
            parent = next((own for own, theirs in pairs.items() if theirs == "id"), "")
            if wanted and parent in found:
                columns = sql.SQL(", ").join(map(sql.Identifier, wanted.values()))
                query = sql.SQL("select {} from {} where id = %s").format(columns, sql.Identifier(key.target))
                row = self.owner.execute(query, [found[parent]]).fetchone()
                following |= zip(wanted, row or (), strict=True)
        return following

    def _parent(self, table: str, garage: Garage) -> int:
        if self.catalogue[table].owned:
            return self.fresh(table, garage)  # never one that has children: two of them might not go together
        if table == "accounts_account":
            return int(Account.objects.using(OWNER).create(email=f"row-{world.unique()}@example.test").id)
        if table == "help_partner":
            return int(Partner.objects.using(OWNER).create(portal=garage.portal, name=world.unique()).id)
        if table == "green_cards_printbatch":
            return _print_batch(garage)
        return {"policies_product": garage.policy.product_id, "portals_portal": garage.portal.id}[table]

    def _columns(self, table: str) -> list[tuple[str, str, bool]]:
        """Columns that can be given: name, type, and whether they must be."""
        return self.owner.execute(
            "select attname::text, format_type(atttypid, atttypmod), attnotnull and not atthasdef from pg_attribute"
            " where attrelid = %s::regclass and attnum > 0 and not attisdropped"
            " and attidentity = '' and attgenerated = '' order by attnum",
            [table],
        ).fetchall()


def _print_batch(garage: Garage) -> int:
    portal = garage.portal.id
    number = PrintBatch.objects.using(OWNER).filter(portal=portal).count() + 1
    made = PrintBatch.objects.using(OWNER).create(
        portal=portal, number=number, key=uuid4(), language="nl", both_sides=True, cards=1, made_at=MOMENT, made_by=1
    )
    return int(made.id)


def insertion(table: str, values: Values, *, returning: bool = True) -> tuple[sql.Composed, list[Any]]:
    statement = sql.SQL("insert into {} ({}) values ({})" + (" returning id" if returning else "")).format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, values)),
        sql.SQL(", ").join(sql.Placeholder() for _ in values),
    )
    return statement, list(values.values())


def _value(kind: str) -> object:
    """Something of this type, different each time where it can be."""
    if kind.endswith("[]"):
        return []
    name, _, size = kind.partition("(")
    match name:
        case "bigint" | "integer" | "smallint" | "numeric":
            return world.number() % 30_000
        case "text" | "character varying":
            text = f"{world.number()}-{world.unique()}"
            return text[: int(size.rstrip(")"))] if size else text
        case "date":
            return date(2026, 1, 1)
        case "timestamp with time zone":
            return datetime(2026, 1, 1, 12, tzinfo=UTC)
        case "uuid":
            return uuid4()
        case "boolean":
            return False
        case "bigint[]" | "text[]":
            return []
        case "jsonb":
            return Jsonb({})
    raise NotImplementedError(f"say in tests/core/rows.py what a {kind} may hold")
