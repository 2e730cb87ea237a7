"""The wall, tried: each kind of actor, over a real connection, at every walled table."""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import Error, IntegrityError, ProgrammingError, connection, transaction
from django.db.backends.utils import CursorWrapper

from remise.config.provision import Addresses
from remise.core.models import Reach, Walled
from remise.core.scope import ActorKind, Scope, enter
from tests import world
from tests.core.rows import Rows, Values, insertion
from tests.world import OWNER, Garage

WALLED = sorted({m._meta.db_table for m in apps.get_models() if issubclass(m, Walled)} | {"core_event"})
REFUSED = "42501"  # permission denied, and a row that breaks a policy


@dataclass(slots=True)
class Scene:
    """Two companies at one insurer, one at another, and an intermediary that reaches the second."""

    rows: Rows
    a: Garage
    b: Garage
    elsewhere: Garage
    agent: int
    stranger: int  # an intermediary that reaches nobody

    def scope(self, kind: str) -> Scope:
        portal = self.a.portal.id
        return {
            "public": Scope(ActorKind.PUBLIC, portal),
            "account": Scope(ActorKind.ACCOUNT, portal, 1),
            "member": Scope(ActorKind.MEMBER, portal, None, self.a.organisation.id),
            "colleague": Scope(ActorKind.MEMBER, portal, None, self.b.organisation.id),
            "agent": Scope(ActorKind.AGENT, portal, None, self.agent),
            "stranger": Scope(ActorKind.AGENT, portal, None, self.stranger),
            "staff": Scope(ActorKind.STAFF, portal),
            "other staff": Scope(ActorKind.STAFF, self.elsewhere.portal.id),
            "system": Scope(ActorKind.SYSTEM, portal),
        }[kind]

    def sees(self, kind: str) -> set[int]:
        a, b, c = (garage.organisation.id for garage in (self.a, self.b, self.elsewhere))
        return {
            "member": {a},
            "colleague": {b},
            "agent": {b},
            "stranger": set[int](),
            "staff": {a, b},
            "other staff": {c},
            "system": {a, b},
        }[kind]

    def offices(self, table: str, kind: str) -> set[int]:
        """Who stands above the companies finds the two offices too: each has the keys of its own name."""
        return {self.agent, self.stranger} if table == "core_lookupkey" and kind in {"staff", "system"} else set()

    def beyond(self, kind: str) -> list[Garage]:
        """The companies that this kind may not see."""
        return [g for g in (self.a, self.b, self.elsewhere) if g.organisation.id not in self.sees(kind)]

    def may(self, kind: str, privilege: str, table: str) -> bool:
        role = f"remise_{self.scope(kind).kind}"
        return privilege in self.rows.catalogue[table].grants.get(role, ())


KINDS = ("member", "colleague", "agent", "stranger", "staff", "other staff", "system")


@pytest.fixture(scope="module")
def scene(addresses: Addresses) -> Iterator[Scene]:
    with psycopg.connect(addresses.owner, autocommit=True) as owner:
        a = world.garage()
        b, elsewhere = world.garage(at=a.portal), world.garage()
        agent, stranger = (world.organisation(a.portal, name="Tussenpersoon").id for _ in range(2))
        Reach.objects.using(OWNER).create(viewer=agent, organisation=b.organisation.id)
        made = Scene(Rows(owner), a, b, elsewhere, agent, stranger)
        for table in WALLED:
            for garage in (a, b, elsewhere):
                made.rows.of(table, garage)
        yield made


def companies(table: str) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"select distinct organisation from {table}")
        return {company for (company,) in cursor.fetchall()}


def run(statement: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []


def put(cursor: CursorWrapper, table: str, values: Values) -> None:
    statement, parameters = insertion(table, values, returning=False)
    cursor.execute(statement.as_string(), parameters)


def refused(error: pytest.ExceptionInfo[Error]) -> bool:
    return getattr(error.value.__cause__, "sqlstate", None) == REFUSED


def test_without_scope_every_table_is_refused(scene: Scene) -> None:
    for table in scene.rows.catalogue:
        with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied") as error:
            cursor.execute(f"select from {table}")
        assert refused(error)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("table", WALLED)
def test_actor_sees_own_companies_only(scene: Scene, table: str, kind: str) -> None:
    if not scene.may(kind, "SELECT", table):
        with pytest.raises(ProgrammingError, match="permission denied"), enter(scene.scope(kind)):
            companies(table)
        return
    with enter(scene.scope(kind)):
        assert companies(table) == scene.sees(kind) | scene.offices(table, kind)


@pytest.mark.parametrize("kind", ["public", "account"])
def test_nobody_yet_sees_no_row_of_a_company(scene: Scene, kind: str) -> None:
    for table in [*WALLED, "organisations_organisation", "core_reach", "core_delivery"]:
        with pytest.raises(ProgrammingError, match="permission denied"), enter(scene.scope(kind)):
            run(f"select from {table}")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("table", WALLED)
def test_actor_inserts_for_own_companies_only(scene: Scene, table: str, kind: str) -> None:
    for garage in scene.beyond(kind):
        values = scene.rows.values(table, garage)
        with pytest.raises(ProgrammingError) as error, enter(scene.scope(kind)), connection.cursor() as cursor:
            put(cursor, table, values)
        assert refused(error)
    if not scene.may(kind, "INSERT", table):
        return
    for garage in (scene.a, scene.b, scene.elsewhere):
        if garage.organisation.id in scene.sees(kind):  # else the refusals above prove little
            values = scene.rows.values(table, garage)
            with enter(scene.scope(kind)), connection.cursor() as cursor:
                put(cursor, table, values)
                transaction.set_rollback(True)


@pytest.mark.parametrize("table", WALLED)
def test_changes_touch_no_row_of_others(scene: Scene, table: str) -> None:
    for kind in KINDS:
        for privilege, statement in (
            ("UPDATE", f"update {table} set organisation = organisation"),
            ("DELETE", f"delete from {table}"),
        ):
            if not scene.may(kind, privilege, table):
                continue
            for garage in scene.beyond(kind):
                with enter(scene.scope(kind)), connection.cursor() as cursor:
                    cursor.execute(f"{statement} where id = %s", [scene.rows.of(table, garage)])
                    assert cursor.rowcount == 0, (kind, statement)


@pytest.mark.parametrize("table", WALLED)
def test_row_of_another_company_is_no_parent(scene: Scene, table: str) -> None:
    """The owner of the tables is refused too: this is no matter of who asks."""
    keys = {c: target for c, target in scene.rows.parents(table).items() if scene.rows.catalogue[target].owned}
    assert keys.keys() <= scene.rows.catalogue[table].keyed_with("organisation")
    for column, target in keys.items():
        for garage in (scene.b, scene.elsewhere):
            values = scene.rows.values(table, scene.a, **{column: scene.rows.fresh(target, garage)})
            with pytest.raises(psycopg.errors.ForeignKeyViolation):
                scene.rows.owner.execute(*insertion(table, values))


@pytest.mark.parametrize("table", WALLED)
def test_company_in_a_row_is_one_of_its_portal(scene: Scene, table: str) -> None:
    values = scene.rows.values(table, scene.a, portal=scene.elsewhere.portal.id)
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        scene.rows.owner.execute(*insertion(table, values))


@pytest.mark.parametrize("table", WALLED)
def test_row_stays_with_its_company(scene: Scene, table: str) -> None:
    number = scene.rows.of(table, scene.a)
    for change in (f"organisation = {scene.b.organisation.id}", f"portal = {scene.elsewhere.portal.id}"):
        statement = f"update {table} set {change} where id = {number}"
        with pytest.raises(psycopg.errors.RestrictViolation):
            scene.rows.owner.execute(statement)
        for kind in ("member", "staff", "system"):
            if scene.may(kind, "UPDATE", table):
                with pytest.raises(IntegrityError, match="stays with its company"), enter(scene.scope(kind)):
                    run(statement)


def test_companies_are_seen_like_their_rows(scene: Scene) -> None:
    for kind in KINDS:
        with enter(scene.scope(kind)):
            seen = {number for (number,) in run("select id from organisations_organisation")}
        assert seen - {scene.agent, scene.stranger} == scene.sees(kind), kind


def test_company_stays_with_its_insurer(scene: Scene) -> None:
    with pytest.raises(IntegrityError, match="stays with its insurer"), enter(scene.scope("staff")):
        run("update organisations_organisation set portal = %s", [scene.elsewhere.portal.id])


def test_agent_reaches_what_the_projection_says_at_once(scene: Scene) -> None:
    agent = world.organisation(scene.a.portal, name="Tussenpersoon")
    scope = Scope(ActorKind.AGENT, scene.a.portal.id, None, agent.id)
    for garage in (scene.b, scene.a):
        Reach.objects.using(OWNER).create(viewer=agent.id, organisation=garage.organisation.id)
    with enter(scope):
        assert companies("core_item") == {scene.a.organisation.id, scene.b.organisation.id}
        assert {viewer for (viewer,) in run("select viewer from core_reach")} == {agent.id}
    Reach.objects.using(OWNER).filter(viewer=agent.id, organisation=scene.b.organisation.id).delete()
    with enter(scope):
        assert companies("core_item") == {scene.a.organisation.id}


def test_products_stay_with_their_insurer(scene: Scene) -> None:
    foreign = scene.elsewhere.policy.product_id
    for kind in ("account", "member", "agent", "staff", "system"):
        with enter(scene.scope(kind)):
            assert run("select id from policies_product") == [(scene.a.policy.product_id,)]
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        scene.rows.owner.execute(
            *insertion("policies_policy", scene.rows.values("policies_policy", scene.a, product_id=foreign))
        )


def test_staff_changes_own_portal_only(scene: Scene) -> None:
    with enter(scene.scope("staff")), connection.cursor() as cursor:
        cursor.execute("update portals_portal set name = name")
        assert cursor.rowcount == 1
        cursor.execute("select count(*) from portals_portal where id = %s", [scene.elsewhere.portal.id])
        assert cursor.fetchone() == (1,)  # everybody reads every brand


@pytest.mark.parametrize("kind", [ActorKind.ACCOUNT, ActorKind.MEMBER, ActorKind.AGENT, ActorKind.STAFF])
def test_signed_in_meets_own_account_only(scene: Scene, kind: ActorKind) -> None:
    mine, other = (world.member(scene.a.organisation, rights=[]).account_id for _ in range(2))
    with enter(Scope(kind, scene.a.portal.id, mine, scene.a.organisation.id)):
        assert run("select id from accounts_account") == [(mine,)]
        assert run("select account_id from accounts_person") == [(mine,)]
        with connection.cursor() as cursor:
            cursor.execute("update accounts_account set language = 'nl' where id = %s", [other])
            assert cursor.rowcount == 0
        with pytest.raises(ProgrammingError, match="row-level security"):
            run(
                'insert into account_emailaddress (user_id, email, verified, "primary")'
                " values (%s, 'x@example.test', true, true)",
                [other],
            )


# What a member might try with the rights of the connection; none of it is needed by a page.
ESCAPES = [
    "set local role remise_owner",
    "select set_config('role', 'remise_owner', true)",
    "set session authorization remise_owner",
    "alter table core_item disable row level security",
    "alter table core_item no force row level security",
    "alter role remise_app bypassrls",
    "drop policy member on core_item",
    "create policy all_of_it on core_item using (true)",
    "alter policy member on core_item using (true)",
    "drop trigger core_item_owner_stays on core_item",
    "truncate core_cache",
    "truncate core_item",
    "drop table core_item",
    "create table mine (i int)",
    "create view seen as select * from core_item",
    "create materialized view seen as select * from core_item",
    "create schema mine",
    "create function mine() returns int language sql as 'select 1'",
    "create index on core_item (key)",
    "create trigger mine before insert on core_item for each row execute function owner_stays()",
    "create temporary table child () inherits (core_item)",
    "copy core_item from stdin",
    "copy (select 1) to program 'true'",
    "set local session_replication_role = replica",
    "set local row_security = off; select from core_item",
    "select currval('core_item_id_seq')",
    "select from pg_authid",
    "select from pg_statistic",
    "select from procrastinate_jobs",
    "select from django_migrations",
]


@pytest.mark.parametrize("statement", ESCAPES)
@pytest.mark.parametrize("kind", ["member", "staff", "system"])
def test_nothing_opens_the_wall(scene: Scene, kind: str, statement: str) -> None:
    with pytest.raises(Error) as error, enter(scene.scope(kind)):
        run(statement)
    assert getattr(error.value.__cause__, "sqlstate", None) in (REFUSED, "0A000"), error.value


def test_reader_cannot_pass_a_right_on(scene: Scene) -> None:
    with enter(scene.scope("member")):
        run("grant select on core_item to remise_public")  # a warning only
        assert run("select has_table_privilege('remise_public', 'core_item', 'select')") == [(False,)]


def test_copy_out_temporary_view_and_statistics_keep_the_wall(scene: Scene) -> None:
    own = {scene.a.organisation.id}
    scene.rows.owner.execute("analyze core_item")
    assert scene.rows.owner.execute("select from pg_stats where tablename = 'core_item'").fetchall() != []
    with enter(scene.scope("member")), connection.cursor() as cursor:
        with cursor.copy("copy core_item (organisation) to stdout") as out:
            assert {int(bytes(line)) for line in out} == own
        cursor.execute("create temporary view glance as select * from core_item")
        cursor.execute("select distinct organisation from glance")
        assert {company for (company,) in cursor.fetchall()} == own
        cursor.execute("select from pg_stats where tablename = any(%s)", [WALLED])
        assert cursor.fetchall() == []
        transaction.set_rollback(True)


def test_lookalike_table_does_not_bend_policies_and_doors(scene: Scene) -> None:
    """Temporary tables come first in the search path of a query, and last in that of a policy or a door."""
    member = world.member(scene.a.organisation, rights=[])
    with enter(scene.scope("member")):
        run("create temporary table core_reach (viewer bigint, organisation bigint) on commit drop")
        run("create temporary table organisations_membership (like organisations_membership) on commit drop")
        run("insert into core_reach values (%s, %s)", [scene.a.organisation.id, scene.b.organisation.id])
        run("set local role remise_agent")
        assert run("select distinct organisation from core_item") == []
        run("set local role remise_system")
        found = run("select membership from memberships_of(%s)", [member.account_id])
        assert found == [(member.id,)]


def test_probe_by_unique_key_needs_a_foreign_id_and_tells_one_bit(scene: Scene) -> None:
    """What is accepted: keys see all rows. Who guesses another company's policy id learns whether a plate is on it,
    and nothing can be written. Numbers that people choose are unique per insurer and given by the insurer's staff."""
    policy, kind, key = scene.rows.owner.execute(
        "select policy, kind, key from core_item where id = %s", [scene.rows.of("core_item", scene.b)]
    ).fetchone() or (0, "", "")
    values = scene.rows.values("core_item", scene.a, policy=policy, kind=kind)
    for given, ending, answer in (
        (key, " on conflict do nothing", None),
        (key, " on conflict (policy, kind, key) do update set known_at = now()", "row-level security"),
        (key, "", "core_item_one_per_policy"),
        ("NOT-THERE", "", "core_item_policy_owned"),
        ("NOT-THERE", " on conflict do nothing", "core_item_policy_owned"),
    ):
        statement, parameters = insertion("core_item", values | {"key": given}, returning=False)
        with pytest.raises(Error, match=answer) if answer else nullcontext(), enter(scene.scope("member")):
            run(statement.as_string() + ending, parameters)
    found = scene.rows.owner.execute("select organisation from core_item where policy = %s", [policy]).fetchall()
    assert found == [(scene.b.organisation.id,)]
