"""Prepares a database on any PostgreSQL (15 and up): roles, owner, grants, extensions. Safe to run again."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from remise.core.kinds import ActorKind

OWNER, APP, JOBS = "remise_owner", "remise_app", "remise_jobs"
LOGINS = (OWNER, APP, JOBS)
# A role per kind of actor: the application has no rights of its own and takes one of these per transaction.
ACTORS = tuple(kind.role for kind in ActorKind)
# COPY is refused on a table with row security: these load a temporary table first.
LOADERS = tuple(kind.role for kind in (ActorKind.MEMBER, ActorKind.STAFF, ActorKind.SYSTEM))
EXTENSIONS = ("btree_gist",)
_LOCK = 7_364_017_001  # any number that nobody else takes


@dataclass(frozen=True)
class Addresses:
    """Where the application, the migrations and the worker of jobs log in."""

    app: str
    owner: str
    jobs: str

    @property
    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.app, "DATABASE_OWNER_URL": self.owner, "DATABASE_JOBS_URL": self.jobs}


def provision(admin_dsn: str, database: str, passwords: Mapping[str, str]) -> Addresses:
    """Make the roles and the database; `passwords` has one for each of `LOGINS`."""
    # Roles belong to the server, an advisory lock to one database: everyone meets in the administrator's.
    with psycopg.connect(admin_dsn, autocommit=True) as admin:
        admin.execute("select pg_advisory_lock(%s)", [_LOCK])
        _make_roles(admin, passwords)
        make_database(admin, database)
        addresses = addresses_of(admin_dsn, database, passwords)
        with psycopg.connect(addresses.owner, autocommit=True) as owner:
            _open_schema(owner)
    return addresses


def make_database(admin: psycopg.Connection, database: str, template: str = "template1") -> None:
    """Create the database (or a clone: the grants on a database do not come with its template) if missing."""
    name = sql.Identifier(database)
    if not admin.execute("select 1 from pg_database where datname = %s", [database]).fetchone():
        encoding = sql.SQL("encoding 'UTF8'") if template == "template1" else sql.SQL("")
        admin.execute(sql.SQL("create database {} template {} {}").format(name, sql.Identifier(template), encoding))
    for statement in (
        sql.SQL("alter database {} owner to {}").format(name, sql.Identifier(OWNER)),
        sql.SQL("revoke all on database {} from public").format(name),
        sql.SQL("grant connect on database {} to {}").format(name, _names((APP, JOBS))),
        sql.SQL("grant temporary on database {} to {}").format(name, _names(LOADERS)),
    ):
        admin.execute(statement)


def addresses_of(admin_dsn: str, database: str, passwords: Mapping[str, str]) -> Addresses:
    """The three logins on the administrator's server; other parameters (TLS) are kept."""
    parts = {key: str(value) for key, value in conninfo_to_dict(admin_dsn).items() if value is not None}
    host, port = parts.pop("host", "127.0.0.1"), parts.pop("port", "5432")
    query = "&".join(
        f"{key}={quote(value, safe='')}" for key, value in parts.items() if key not in {"user", "password", "dbname"}
    )

    def address(role: str) -> str:
        login = f"{role}:{quote(passwords[role], safe='')}"
        url = f"postgresql://{login}@{quote(host, safe='')}:{port}/{quote(database, safe='')}"
        return f"{url}?{query}" if query else url

    return Addresses(address(APP), address(OWNER), address(JOBS))


def _make_roles(admin: psycopg.Connection, passwords: Mapping[str, str]) -> None:
    known = {row[0] for row in admin.execute("select rolname from pg_roles").fetchall()}
    for role in (*LOGINS, *ACTORS):
        if role not in known:
            admin.execute(sql.SQL("create role {}").format(sql.Identifier(role)))
    for role in LOGINS:
        # NOINHERIT: what is granted to the application is a right to become, never a right by itself.
        # The owner inherits: on 15 that is how it owns the schema of its database.
        inherit = sql.SQL("inherit" if role == OWNER else "noinherit")
        stored = sql.Literal(_scrambled(admin, role, passwords[role]))
        admin.execute(
            sql.SQL("alter role {} login {} nocreatedb nocreaterole password {}").format(
                sql.Identifier(role), inherit, stored
            )
        )
    # A page that takes both processors for a moment costs its neighbours more than it wins; batches switch it on.
    admin.execute(sql.SQL("alter role {} set max_parallel_workers_per_gather = 0").format(sql.Identifier(APP)))
    # Since 16 inheritance is a property of the grant, taken from the role only when the grant is new.
    since_16 = admin.info.server_version >= 160000
    become = sql.SQL(" with inherit false, set true" if since_16 else "")
    for role in ACTORS:
        admin.execute(sql.SQL("grant {} to {}").format(sql.Identifier(role), sql.Identifier(APP)) + become)
    if admin.execute("select rolsuper from pg_roles where rolname = current_user").fetchone() != (True,):
        # An administrator who is no superuser needs the owner's rights to hand over a database to it.
        act_as = sql.SQL(" with inherit true, set true" if since_16 else "")
        admin.execute(sql.SQL("grant {} to current_user").format(sql.Identifier(OWNER)) + act_as)


def _open_schema(owner: psycopg.Connection) -> None:
    for extension in EXTENSIONS:
        owner.execute(sql.SQL("create extension if not exists {}").format(sql.Identifier(extension)))
    owner.execute("revoke all on schema public from public")
    # The application sees the names of tables and no row, so that a forgotten scope says "permission denied".
    owner.execute(sql.SQL("grant usage on schema public to {}").format(_names((*ACTORS, APP, JOBS))))


def _scrambled(admin: psycopg.Connection, role: str, password: str) -> str:
    """The password as the server would store it, so that it stands in no log."""
    return admin.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()


def _names(roles: tuple[str, ...]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, roles))
