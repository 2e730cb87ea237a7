"""Databases of our own on the durable server, the web server as an installation runs it, and who visits it."""

import contextlib
import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import httpx
import psycopg

from benchmarks import fleets
from benchmarks.figures import check
from benchmarks.sizes import Sizes
from remise.config import database, serve
from remise.config.embedded_postgres import VAR
from remise.config.provision import Addresses
from remise.fleet.rights import FleetRight
from remise.organisations.models import Membership
from tests import database as databases
from tests import sessions, world
from tests.world import Garage

PATIENCE = 60.0
WORKERS = 2
RIGHTS = [FleetRight.VIEW, FleetRight.REGISTER, FleetRight.DEREGISTER]
WARM_UP = 40  # requests, so that each thread of the server has its connection and has compiled its templates


@dataclass(frozen=True, slots=True)
class Web:
    port: int
    process: int


@dataclass
class World:
    """A database with two companies that are looked at, a large and a common one, among others of their insurer."""

    addresses: Addresses
    large: Garage
    common: Garage
    members: dict[int, Membership]  # by company
    stack: contextlib.ExitStack = field(repr=False)

    def use(self) -> None:
        """Point Django's connections of this process here."""
        databases.use(self.addresses)

    @cached_property
    def web(self) -> Web:
        self.use()
        return self.stack.enter_context(_web())

    @property
    def port(self) -> int:
        return self.web.port

    def visitor(self, garage: Garage, who: Membership | None = None) -> httpx.Client:
        """A browser of a member with both factors proven, its connection kept open and the server warm."""
        self.use()
        slug = garage.portal.slug
        browser = sessions.client_of(who or self.members[garage.organisation.id], garage.portal)
        cookies = {name: morsel.value for name, morsel in browser.cookies.items()}
        visitor = httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}",
            headers={"Host": f"{slug}.localhost:{self.port}", "Accept-Language": "nl"},
            cookies=cookies,
            timeout=PATIENCE,
        )
        self.stack.enter_context(visitor)
        for _turn in range(WARM_UP):
            check(visitor.get("/vehicles/").status_code == 200, "the stock is shown to its owner")
        return visitor


class Stage:
    """What the benchmarks share; each part is made when it is first asked for."""

    def __init__(self, sizes: Sizes, stack: contextlib.ExitStack) -> None:
        self.sizes = sizes
        self._stack = stack

    @cached_property
    def few(self) -> World:
        return self._filled("few", self.sizes.few)

    @cached_property
    def many(self) -> World:
        return self._filled("many", self.sizes.many)

    @cached_property
    def watched(self) -> World:
        """One fleet and hardly anybody else."""
        made = self._world("watched")
        fleets.fill([(made.large, self.sizes.watched)], others=1, known=self.sizes.requests * 4)
        return made

    @cached_property
    def empty(self) -> World:
        return self._world("empty")

    @cached_property
    def intake(self) -> World:
        """Where a large file is taken in by the servers themselves."""
        return self._world("intake")

    @cached_property
    def _server(self) -> str:
        return self._stack.enter_context(_durable_server())

    def _world(self, name: str) -> World:
        addresses = self._stack.enter_context(databases.clone(self._server, f"bench_{name}"))
        portal = world.portal()
        cover = {"nl": "Dekking", "de": "Deckung", "en": "Cover"}
        choices = [{"value": value, "labels": {"nl": value}} for value in ("wa", "casco")]
        asked = {"name": "cover", "kind": "choice", "labels": cover, "required": True, "choices": choices}
        large, common = (world.garage(at=portal, fields=[asked]) for _garage in range(2))
        members = {
            garage.organisation.id: world.member(garage.organisation, rights=list(RIGHTS))
            for garage in (large, common)
        }
        return World(addresses, large, common, members, self._stack)

    def _filled(self, name: str, others: int) -> World:
        made, started = self._world(name), time.monotonic()
        garages = [(made.large, self.sizes.fleet), (made.common, self.sizes.stock)]
        fleets.fill(garages, others=others, known=self.sizes.rounds * self.sizes.requests * 4)
        say(f"{name}: {self.sizes.fleet} vehicles among {others} others, {time.monotonic() - started:.0f} s")
        return made


@contextlib.contextmanager
def _durable_server() -> Iterator[str]:
    """An administrator's address; the embedded server is stopped again if nobody else works with it."""
    if "DATABASE_URL" in os.environ:
        yield databases.administrator()
        return
    ran = database.embedded(durable=True).pid is not None
    try:
        yield database.administrator(durable=True)
    finally:
        if not ran:
            # Demos prepare their world under this lock, and are not connected all that time.
            with (VAR / "demo.lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                database.stop_unless_used(durable=True)


@contextlib.contextmanager
def _web() -> Iterator[Web]:
    """The web server on the database of this process."""
    port = serve.free_port(0)
    log = VAR / f"bench-{port}.log"
    withheld = {"DATABASE_OWNER_URL", "DATABASE_JOBS_URL"}
    environment = {key: value for key, value in os.environ.items() if key not in withheld}
    command = serve.web(port, WORKERS).command
    with log.open("w") as output:
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    try:
        _wait(port, process, log)
        yield Web(port, process.pid)
    finally:
        process.terminate()
        process.wait(15)
        log.unlink()


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    give_up = time.monotonic() + PATIENCE
    while not serve.is_ready(port):
        check(process.poll() is None and time.monotonic() < give_up, log.read_text()[-2000:])
        time.sleep(0.1)


def connect(world_: World, *, owner: bool = False, as_django: bool = False) -> psycopg.Connection:
    """A bare connection, past Django. `as_django` puts values into the statement, for the plans that pages get."""
    url = world_.addresses.owner if owner else world_.addresses.app
    return psycopg.connect(url, cursor_factory=psycopg.ClientCursor if as_django else psycopg.Cursor)


def say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
