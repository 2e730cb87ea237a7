import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import errors, sql

from remise.config.embedded_postgres import EmbeddedPostgres
from remise.config.provision import ACTORS, APP, LOADERS, LOGINS, OWNER, Addresses, addresses_of, provision

PASSWORDS = {role: f"a word of {role}/ä" for role in LOGINS}
_names = (f"try_{number}" for number in itertools.count())


@pytest.fixture
def made(server: EmbeddedPostgres) -> Addresses:
    return provision(server.start(), "try_house", PASSWORDS)


@pytest.fixture
def app(made: Addresses) -> Iterator[psycopg.Connection]:
    with psycopg.connect(made.app, autocommit=True) as connection:
        yield connection


def test_provision_twice_gives_the_same(server: EmbeddedPostgres) -> None:
    name = next(_names)
    assert provision(server.start(), name, PASSWORDS) == provision(server.start(), name, PASSWORDS)


def test_provision_at_the_same_moment(server: EmbeddedPostgres) -> None:
    url, name = server.start(), next(_names)
    with ThreadPoolExecutor(6) as pool:
        made = set(pool.map(lambda _: provision(url, name, PASSWORDS), range(12)))
    assert len(made) == 1


def test_provision_changes_the_passwords(server: EmbeddedPostgres, made: Addresses) -> None:
    changed = provision(server.start(), "try_house", dict.fromkeys(LOGINS, "another"))
    psycopg.connect(changed.app).close()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(made.app)


def test_provision_as_an_administrator_who_is_no_superuser(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.start(), autocommit=True) as admin:
        databases = admin.execute("select datname from pg_database where datname like 'try_%'").fetchall()
        for (database,) in databases:
            admin.execute(sql.SQL("drop database {}").format(sql.Identifier(database)))
        for role in (*LOGINS, *ACTORS):
            admin.execute(sql.SQL("drop role if exists {}").format(sql.Identifier(role)))
        admin.execute("create role clerk login createdb createrole password 'clerk'")
    try:
        url, name = f"postgresql://clerk:clerk@127.0.0.1:{server.port}/postgres", next(_names)
        assert provision(url, name, PASSWORDS) == provision(url, name, PASSWORDS)
    finally:
        with psycopg.connect(server.admin_url, autocommit=True) as admin:
            admin.execute("reassign owned by clerk to postgres")
            admin.execute("drop owned by clerk cascade")


def test_roles_have_no_power_of_their_own(server: EmbeddedPostgres, made: Addresses) -> None:
    with psycopg.connect(server.admin_url) as admin:
        rows = admin.execute(
            "select rolname, rolcanlogin, rolsuper or rolcreatedb or rolcreaterole or rolbypassrls"
            " from pg_roles where rolname like 'remise%' order by 1"
        ).fetchall()
    assert rows == sorted((role, role in LOGINS, False) for role in (*LOGINS, *ACTORS))


def test_app_alone_can_do_nothing(app: psycopg.Connection, made: Addresses) -> None:
    with psycopg.connect(made.owner, autocommit=True) as owner:
        owner.execute("create table if not exists secret (id int)")
        owner.execute(sql.SQL("grant select on secret to {}").format(sql.SQL(", ").join(map(sql.Identifier, ACTORS))))
    for statement in (
        "create table public.mine (id int)",
        "create temporary table mine (id int)",
        "create schema mine",
        "select * from public.secret",
        "create role mine",
        "alter role remise_app inherit",
        "create extension pg_trgm schema public",
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            app.execute(statement)


@pytest.mark.parametrize("role", ACTORS)
def test_app_becomes_an_actor_for_a_transaction(app: psycopg.Connection, role: str) -> None:
    with app.transaction():
        app.execute("select set_config('role', %s, true)", [role])
        assert app.execute("select current_user::text").fetchone() == (role,)
    assert app.execute("select current_user::text").fetchone() == (APP,)


@pytest.mark.parametrize("role", ACTORS)
def test_actors_make_no_tables(app: psycopg.Connection, role: str) -> None:
    app.execute(sql.SQL("set role {}").format(sql.Identifier(role)))
    with pytest.raises(errors.InsufficientPrivilege):
        app.execute("create table public.mine (id int)")


@pytest.mark.parametrize("role", ACTORS)
def test_loaders_make_temporary_tables(app: psycopg.Connection, role: str) -> None:
    app.execute(sql.SQL("set role {}").format(sql.Identifier(role)))
    allowed = app.execute("select has_database_privilege(current_database(), 'temporary')").fetchone()
    assert allowed == (role in LOADERS,)


@pytest.mark.parametrize("role", [OWNER, "remise_jobs", "postgres"])
def test_app_never_becomes_another_login(app: psycopg.Connection, role: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        app.execute(sql.SQL("set role {}").format(sql.Identifier(role)))


def test_jobs_become_nobody_else(made: Addresses) -> None:
    with psycopg.connect(made.jobs, autocommit=True) as jobs:
        for role in (APP, OWNER, *ACTORS):
            with pytest.raises(errors.InsufficientPrivilege):
                jobs.execute(sql.SQL("set role {}").format(sql.Identifier(role)))


def test_strangers_on_the_server_cannot_connect(server: EmbeddedPostgres, made: Addresses) -> None:
    name = urlsplit(made.app).path.lstrip("/")
    with psycopg.connect(server.admin_url) as admin:
        allowed = "select has_database_privilege('pg_read_all_data', %s, 'connect')"
        assert admin.execute(allowed, [name]).fetchone() == (False,)


def test_addresses_keep_what_the_administrator_wrote() -> None:
    made = addresses_of("postgresql://boss:x@db.example:6543/postgres?sslmode=require", "house", PASSWORDS)
    assert made.jobs == (
        "postgresql://remise_jobs:a%20word%20of%20remise_jobs%2F%C3%A4@db.example:6543/house?sslmode=require"
    )
