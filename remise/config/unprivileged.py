"""PostgreSQL refuses to run as root: who runs it then, and where that user can reach its files."""

import contextlib
import os
import pwd
import shutil
import subprocess
import sys
import zlib
from pathlib import Path
from typing import IO

PROJECT = Path(__file__).resolve().parents[2]
# None: the server runs as whoever we are.
UNPRIVILEGED = pwd.getpwnam("nobody") if os.getuid() == 0 else None


def run_as_server(program: Path, *arguments: str, output: IO[str] | int = subprocess.DEVNULL) -> int:
    """Run a program as the user that owns the server; return its exit code."""
    return subprocess.run(  # noqa: S603 (a fixed program, arguments of our own)
        [str(program), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C"},
        check=False,
        user=UNPRIVILEGED.pw_uid if UNPRIVILEGED else None,
        group=UNPRIVILEGED.pw_gid if UNPRIVILEGED else None,
        extra_groups=[] if UNPRIVILEGED else None,
    ).returncode


def reachable_data(data: Path) -> Path:
    """`data`, or its replacement when it lies where the server's user may not go (below root's home)."""
    if _can_enter(data.parent):
        return data
    moved = _elsewhere() / data.name
    if not moved.exists():
        sys.stderr.write(f"{data.parent} is closed to other users: the database is kept in {moved}\n")
    return moved


def reachable_programs(programs: Path) -> Path:
    """The directory of the server's programs, copied when its user may not go there."""
    if _can_enter(programs):
        return programs
    copy = _elsewhere() / f"programs-{zlib.crc32(f'{programs} {programs.stat().st_mtime_ns}'.encode()):08x}"
    if not copy.exists():
        unfinished = copy.with_suffix(f".{os.getpid()}")
        shutil.copytree(programs.parent, unfinished, symlinks=True)
        with contextlib.suppress(OSError):  # someone else was first
            unfinished.rename(copy)
    return copy / programs.name


def _can_enter(directory: Path) -> bool:
    """Whether the server's user gets into `directory`, or into its nearest parent that exists."""
    while not directory.exists():
        directory = directory.parent
    return not UNPRIVILEGED or run_as_server(Path("/usr/bin/test"), "-x", str(directory)) == 0


def _elsewhere() -> Path:
    place = Path("/var/lib") / f"remise-{zlib.crc32(str(PROJECT).encode()):08x}"
    place.mkdir(exist_ok=True)
    place.chmod(0o755)
    return place
