"""The wall as the database holds it: every table walled, open for a stated reason, or closed; no fourth kind."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.apps import apps

from remise.config.provision import LOADERS, Addresses
from remise.core.doors import DOORS
from remise.core.models import Walled
from remise.core.scope import ActorKind
from tests.core.catalogue import ACTORS, COMMANDS, Policy, Table, tables

COMPANIES = "organisations_organisation"
OF_COMPANY = "({own} = ( SELECT scope_organisation() AS scope_organisation))"
IN_REACH = (
    "(EXISTS ( SELECT FROM core_reach r WHERE ((r.viewer = ( SELECT scope_organisation() AS scope_organisation))"
    " AND (r.organisation = {table}.{own}))))"
)
IN_PORTAL = "(portal = ( SELECT scope_portal() AS scope_portal))"
OF_ACCOUNT = "({own} = ( SELECT scope_account() AS scope_account))"
PREDICATES = {
    "remise_member": OF_COMPANY,
    "remise_agent": IN_REACH,
    "remise_staff": IN_PORTAL,
    "remise_system": IN_PORTAL,
}
# Policies of another form, each for its own reason.
DOOR_OF_EVENTS = (
    "((organisation IS NULL) AND (NOT (portal IS DISTINCT FROM ( SELECT scope_portal() AS scope_portal))))"
)
OF_ADDRESS = "(email_address_id IN ( SELECT account_emailaddress.id FROM account_emailaddress))"
NARROWED_KEYS = (
    "(((particulars)::text = ''::text) OR (NOT (scope_withholds((particulars)::text)"
    " OR (CURRENT_USER = 'remise_agent'::name))))"
)
NARROWED_REQUESTS = "((NOT internal) OR (CURRENT_USER = ANY (ARRAY['remise_staff'::name, 'remise_system'::name])))"
SPECIAL = {
    # A door writes what happened before there is a company, and reads nothing back.
    ("core_event", "remise_public"): DOOR_OF_EVENTS,
    ("core_event", "remise_account"): DOOR_OF_EVENTS,
    # What the agents' own policies compare with, while it lasts.
    ("core_reach", "remise_agent"): (
        "((viewer = ( SELECT scope_organisation() AS scope_organisation))"
        " AND (COALESCE(until, 'infinity'::date) > ( SELECT scope_day() AS scope_day)))"
    ),
    # Brands are open; an insurer's people change their own.
    ("portals_portal", "remise_staff"): "(id = ( SELECT scope_portal() AS scope_portal))",
    # The account stands in the address that the row refers to, which has a wall of its own.
    **{
        ("account_emailconfirmation", f"remise_{kind}"): OF_ADDRESS
        for kind in ("account", "member", "agent", "staff")
    },
}
# Open tables that more than the system may write to: rows known by a secret or opaque key.
OPEN_TO_WRITING = {"core_cache", "django_session"}
# Tables with a company in the row that are no `Walled` model.
NOT_A_MODEL_OF_A_COMPANY = {
    "core_event",  # may have happened before there was a company
    "core_reach",  # the wall's own: who reaches which company
}
# Numbers in the rows of a company that are no key to another row of that company.
NO_KEYS = {
    ("core_entry", "account"),  # who did it: accounts are global
    ("core_entry", "run"),  # a run may change rows of many companies
    ("core_lookupkey", "subject"),  # of many tables, as the kind says; only their triggers write it
    ("core_lookupkey", "branch"),  # from a row that is keyed with it
    ("core_event", "account"),
    ("core_event", "token"),  # it outlives the key
    ("core_event", "transaction"),  # of the database, not a row
    ("core_event", "office"),  # another company, which acted for this one
    ("core_event", "subject"),  # of many tables, and it outlives what it tells of
    ("documents_document", "subject"),  # of many tables, and it outlives what it tells of
    ("documents_document", "seal_id"),  # of the portal, and keyed with it
    ("desk_deskmessage", "account"),
    ("desk_desknote", "account"),  # the insurer's people
    ("desk_desknote", "given_to"),
    ("desk_desknote", "taken_from"),
    ("desk_deskrequest", "account"),
    ("desk_deskrequest", "office"),  # another company, from which it was asked for this one
    ("desk_deskrequest", "assignee"),  # the insurer's people
    ("desk_deskrequest", "decided_by"),
    ("desk_deskrequest", "subject"),  # of many tables, as the kind says
    ("help_companypartner", "partner_id"),  # of the portal, and keyed with it
    ("fleet_finding", "dismissed_by"),  # an account
    ("green_cards_greencard", "serial"),  # counted per insurer
    ("green_cards_shipment", "requested_by"),  # an account
    ("green_cards_shipment", "sent_by"),  # the insurer's people
    ("green_cards_shipment", "returned_by"),
    ("green_cards_batchshipment", "batch_id"),  # of the portal, and keyed with it
    ("mandates_mandate", "accepted_by"),  # accounts
    ("mandates_mandate", "ended_by"),
    ("mandates_mandate", "given_by"),
    ("mandates_mandate", "office_id"),  # another company of the portal, and keyed with it
    ("messages_mailing", "account"),
    ("messages_mailing", "subject"),  # of many tables, as `about` says
    ("notices_notice", "batch_id"),  # of the portal, and keyed with it
    ("onboarding_linkcase", "account"),  # who asks, of another company or none
    ("onboarding_linkcase", "assignee"),  # the insurer's people
    ("onboarding_linkcase", "decided_by"),
    ("organisations_grant", "granted_by"),
    ("organisations_invitation", "invited_by"),
    ("organisations_accessrequest", "decided_by"),
    ("organisations_membership", "account_id"),
    ("policies_policy", "agent_id"),  # of the portal, and keyed with it
    ("policies_policy", "product_id"),
    ("runs_run", "account"),
    ("runs_run", "office"),  # another company, from which it was begun for this one
    ("runs_runrow", "missing_in"),  # as somebody gave it; shown where it is the company's own
}


@pytest.fixture(scope="module")
def owner(addresses: Addresses) -> Iterator[psycopg.Connection]:
    with psycopg.connect(addresses.owner, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def catalogue(owner: psycopg.Connection) -> dict[str, Table]:
    return tables(owner)


def asked(owner: psycopg.Connection, query: str) -> list[Any]:
    """One value a row, or a tuple of them."""
    return [row[0] if len(row) == 1 else row for row in owner.execute(query).fetchall()]


def owned(catalogue: dict[str, Table]) -> list[Table]:
    """Walled tables whose rows belong to a company."""
    return [table for table in catalogue.values() if table.owned and table.walled]


# --- tables


def test_every_table_is_walled_open_or_closed(catalogue: dict[str, Table]) -> None:
    for table in catalogue.values():
        kinds = {
            "walled": table.walled and not table.open,
            "open": table.open,
            "closed": not table.granted and not table.walled and not table.open,
        }
        assert list(kinds.values()).count(True) == 1, (table.name, kinds)
    assert {"core_item", "fleet_registrationversion"} <= {t.name for t in catalogue.values() if t.walled}


def test_open_tables_say_why_and_are_written_by_the_system_only(catalogue: dict[str, Table]) -> None:
    for table in catalogue.values():
        if table.open:
            assert len(table.comment) > len("open: ") + 10, table.name
            assert "organisation" not in table.columns, table.name
            writers = {role for role, rights in table.granted.items() if rights != {"SELECT"}}
            if not table.walled and table.name not in OPEN_TO_WRITING:
                assert writers <= {"remise_system"}, table.name


def test_table_with_a_company_is_walled(catalogue: dict[str, Table]) -> None:
    assert [t.name for t in catalogue.values() if "organisation" in t.columns and not t.walled] == []
    assert catalogue[COMPANIES].walled


def test_models_with_a_company_are_walled_models(catalogue: dict[str, Table]) -> None:
    with_company = {model._meta.db_table for model in apps.get_models() if issubclass(model, Walled)}
    tables_with_company = {t.name for t in catalogue.values() if "organisation" in t.columns}
    assert with_company == tables_with_company - NOT_A_MODEL_OF_A_COMPANY


def test_row_stays_with_its_company(catalogue: dict[str, Table]) -> None:
    for table in owned(catalogue):
        assert table.triggers["owner_stays"] == {"portal", "organisation"}, table.name
    assert catalogue[COMPANIES].triggers["portal_stays"] == {"portal"}


def test_company_of_a_row_exists_in_its_portal(catalogue: dict[str, Table]) -> None:
    """By a key to the company, or by one, never empty, to a row that has it so, in which both stand."""
    wanted = (("organisation", "portal"), COMPANIES, ("id", "portal"))
    owner = {("organisation", "organisation"), ("portal", "portal")}

    def has_it(table: Table, behind: frozenset[str] = frozenset()) -> bool:
        return table.name not in behind and any(
            (key.columns, key.target, key.target_columns) == wanted
            or (
                owner <= set(zip(key.columns, key.target_columns, strict=True))
                and set(key.columns) <= table.filled
                and has_it(catalogue[key.target], behind | {table.name})
            )
            for key in table.foreign_keys
        )

    assert [table.name for table in owned(catalogue) if not has_it(table)] == []


def test_foreign_keys_carry_company_or_portal(catalogue: dict[str, Table]) -> None:
    """A plain key between two walled tables accepts another company's row, unless another one keeps its column."""
    for table in catalogue.values():
        for key in table.foreign_keys:
            target = catalogue[key.target]
            shared = table.columns & target.columns & {"organisation", "portal"}
            if target.walled and shared and key.columns != ("organisation", "portal"):
                owner = "organisation" if "organisation" in shared else "portal"
                assert set(key.columns) - {owner} <= table.keyed_with(owner) | {"portal"}, key


def test_numbers_in_rows_of_a_company_are_keys_to_its_own(catalogue: dict[str, Table]) -> None:
    """A plain number accepts the id of another company's row: it is a key with the company, or said to be none."""
    unkeyed = {
        (table.name, column)
        for table in owned(catalogue)
        for column in table.numbers - {"portal", "organisation"} - table.keyed_with("organisation")
    }
    assert unkeyed == NO_KEYS


# --- policies


def test_policies_are_for_exactly_who_has_grants(catalogue: dict[str, Table]) -> None:
    for table in catalogue.values():
        granted = {(role, COMMANDS[right]) for role, rights in table.granted.items() for right in rights}
        if not table.walled:
            assert table.policies == [], table.name
            continue
        for policy in table.policies:
            assert len(policy.roles) == 1, policy
            mine = {command for role, command in granted if role == policy.roles[0]}
            assert mine & ({policy.command} if policy.command != "*" else mine), policy
        for role, command in granted:
            serving = [p for p in table.policies if p.roles == (role,) and p.command in ("*", command)]
            assert len(serving) == 1, (table.name, role, command)  # two would be an OR


def predicate(policy: Policy) -> str | None:
    """The one thing that a policy asks of a row, for reading and writing alike."""
    assert policy.permissive, policy
    assert policy.check in (None, policy.using) or policy.using is None, policy
    found = policy.using or policy.check
    assert found is not None, policy
    assert " OR " not in found, policy
    return found


def test_policies_ask_for_company_reach_or_portal(catalogue: dict[str, Table]) -> None:
    for table in catalogue.values():
        own = "id" if table.name == COMPANIES else "organisation"
        if table.owned or table.name == COMPANIES:
            for policy in table.policies:
                role = policy.roles[0]
                wanted = SPECIAL.get((table.name, role)) or PREDICATES[role].format(table=table.name, own=own)
                assert predicate(policy) == wanted, policy


def test_policies_without_company_ask_for_account_or_portal(catalogue: dict[str, Table]) -> None:
    for table in catalogue.values():
        for policy in () if table.owned or table.name == COMPANIES else table.policies:
            role = policy.roles[0]
            allowed = {IN_PORTAL, SPECIAL.get((table.name, role))}
            allowed |= {OF_ACCOUNT.format(own=column) for column in ("id", "account_id", "user_id")}
            # Doors before sign-in meet every account; what is open is read by all.
            if (role == "remise_public" and "portal" not in table.columns) or (table.open and policy.command == "r"):
                allowed.add("true")
            assert predicate(policy) in allowed, policy


def test_what_narrows_leaves_out_particulars_or_what_is_the_desks_own_and_nothing_else(
    catalogue: dict[str, Table],
) -> None:
    """For every kind of actor: a role left out of it would read them."""
    narrowed = {table.name: table.narrowed for table in catalogue.values() if table.narrowed}
    assert set(narrowed) == {"organisations_party", "core_lookupkey", "desk_deskrequest"}
    for (policy,) in narrowed.values():
        assert (policy.command, policy.roles, policy.check) == ("r", ("",), None)
    assert narrowed["organisations_party"][0].using == (
        "(NOT ( SELECT scope_withholds('people'::text) AS scope_withholds))"
    )
    # A key belongs to the group of what it leads to; an agent meets none of any group.
    assert narrowed["core_lookupkey"][0].using == NARROWED_KEYS
    # What the desk looks at by itself: before it writes, its own people and the system alone.
    assert narrowed["desk_deskrequest"][0].using == NARROWED_REQUESTS


def test_doors_write_events_and_read_none(catalogue: dict[str, Table]) -> None:
    for role in ("remise_public", "remise_account"):
        assert catalogue["core_event"].grants[role] == {"INSERT"}


# --- grants


def test_grants_are_to_read_and_write_and_no_more(catalogue: dict[str, Table], owner: psycopg.Connection) -> None:
    for table in catalogue.values():
        assert "" not in table.grants, table.name  # nothing to PUBLIC
        for role, rights in table.grants.items():
            assert rights <= set(COMMANDS), (table.name, role)
            assert role in ACTORS or (role == "remise_jobs" and table.name.startswith("procrastinate_"))
    assert (
        asked(
            owner,
            "select attrelid::regclass::text from pg_attribute where attacl is not null"
            " and attrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)",
        )
        == []
    )
    assert (
        asked(
            owner,
            "select c.oid::regclass::text from pg_class c, aclexplode(c.relacl) x"
            " where c.relnamespace = 'public'::regnamespace and x.is_grantable and x.grantee <> c.relowner",
        )
        == []
    )


def test_sequences_are_the_owners_and_the_workers(owner: psycopg.Connection) -> None:
    granted = asked(
        owner,
        "select c.relname, pg_get_userbyid(x.grantee) from pg_class c, aclexplode(c.relacl) x"
        " where c.relkind = 'S' and c.relnamespace = 'public'::regnamespace and x.grantee <> c.relowner",
    )
    for name, role in granted:
        assert role == "remise_jobs", name
        assert name.startswith("procrastinate_"), name


def test_application_has_no_rights_of_its_own(owner: psycopg.Connection) -> None:
    assert (
        asked(
            owner,
            "select oid::regclass::text from pg_class where relnamespace = 'public'::regnamespace"
            " and relkind in ('r', 'p', 'v') and has_table_privilege('remise_app', oid,"
            " 'select, insert, update, delete, truncate, references, trigger')",
        )
        == []
    )
    assert asked(owner, "select has_schema_privilege('remise_app', 'public', 'create')") == [False]
    assert asked(owner, "select has_database_privilege('remise_app', current_database(), 'create, temporary')") == [
        False
    ]


def test_database_and_schema_are_closed_to_everybody_else(owner: psycopg.Connection) -> None:
    found = set(
        asked(
            owner,
            "select pg_get_userbyid(x.grantee), x.privilege_type from pg_database d,"
            " aclexplode(d.datacl) x where datname = current_database() and x.grantee <> d.datdba",
        )
    )
    assert found == {(role, "TEMPORARY") for role in LOADERS} | {
        (r, "CONNECT") for r in ("remise_app", "remise_jobs")
    }
    found = set(
        asked(
            owner,
            "select pg_get_userbyid(x.grantee), x.privilege_type from pg_namespace n,"
            " aclexplode(n.nspacl) x where nspname = 'public' and x.grantee <> n.nspowner",
        )
    )
    assert found == {(role, "USAGE") for role in (*ACTORS, "remise_app", "remise_jobs")}
    assert asked(owner, "select nspname from pg_namespace where nspname !~ '^(pg_|information_schema$)'") == [
        "public"
    ]
    assert asked(owner, "select defaclobjtype::text from pg_default_acl") == []


# --- roles


def test_no_role_passes_the_wall(owner: psycopg.Connection) -> None:
    mighty = "rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication"
    assert asked(owner, f"select rolname from pg_roles where rolname like 'remise%' and ({mighty})") == []
    logins = asked(owner, "select rolname from pg_roles where rolname like 'remise%' and rolcanlogin order by 1")
    assert logins == ["remise_app", "remise_jobs", "remise_owner"]


def test_only_the_application_becomes_an_actor(owner: psycopg.Connection) -> None:
    found = asked(
        owner,
        "select m.roleid::regrole::text, m.member::regrole::text, m.admin_option"
        " from pg_auth_members m where m.roleid::regrole::text like 'remise%'"
        " or m.member::regrole::text like 'remise%'",
    )
    # The administrator who is no superuser acts as the owner to hand a database over.
    made = {row for row in found if row[0] != "remise_owner"}
    assert made == {(role, "remise_app", False) for role in ACTORS}
    assert "remise_app" not in {row[1] for row in found if row[0] == "remise_owner"}
    assert asked(owner, "select rolinherit from pg_roles where rolname = 'remise_app'") == [False]
    if owner.info.server_version >= 160000:
        assert asked(
            owner, "select distinct inherit_option from pg_auth_members where member = 'remise_app'::regrole"
        ) == [False]


# --- what else sees through a wall


def test_owner_owns_everything(owner: psycopg.Connection) -> None:
    ours = "not exists (select from pg_depend d where d.objid = x.oid and d.deptype in ('e', 'i'))"
    for catalogue, name, owner_column, namespace in (
        ("pg_class", "relname", "relowner", "relnamespace"),
        ("pg_proc", "proname", "proowner", "pronamespace"),
        ("pg_type", "typname", "typowner", "typnamespace"),
    ):
        assert (
            asked(
                owner,
                f"select {name} from {catalogue} x where {namespace} = 'public'::regnamespace"
                f" and {owner_column} <> 'remise_owner'::regrole and {ours}",
            )
            == []
        )


def test_no_view_sees_through_the_wall(owner: psycopg.Connection) -> None:
    """A plain view reads as its owner, a materialised one keeps what its owner read, a foreign table has no wall."""
    assert (
        asked(
            owner,
            "select relname from pg_class where relnamespace = 'public'::regnamespace"
            " and (relkind in ('m', 'f') or relkind = 'v'"
            " and not coalesce('security_invoker=true' = any(reloptions), false))",
        )
        == []
    )


def test_doors_are_the_named_ones(owner: psycopg.Connection) -> None:
    doors = owner.execute(
        "select p.proname, p.proconfig, array(select case when x.grantee = 0 then 'PUBLIC'"
        " else pg_get_userbyid(x.grantee)::text end"
        " from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x where x.grantee <> p.proowner)"
        " from pg_proc p where p.prosecdef and p.pronamespace = 'public'::regnamespace"
    ).fetchall()
    assert sorted(name for name, _, _ in doors) == sorted(DOORS)
    for name, config, callers in doors:
        assert config == ["search_path=public, pg_temp"], name
        assert {c for c in callers if c != "remise_jobs"} == {f"remise_{kind}" for kind in DOORS[name]}, name
        assert "remise_jobs" not in callers or name.startswith("procrastinate_"), name
    assert set(DOORS["procrastinate_defer_jobs_v1"]) == set(ActorKind)
