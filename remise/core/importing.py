"""What comes in as a file, by the command `import`: each room says here which files it takes."""

import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from remise.core.registry import Registry

type Options = Mapping[str, Any]


def refused_beside(path: Path) -> Path:
    """Where the lines go that were refused, with the reason."""
    return path.with_name(f"{path.name}.refused.csv")


class Progress:
    """One line on stderr, at most once a second; on a screen it is written over."""

    def __init__(self, about: str) -> None:
        self._about, self._next = about, 0.0

    def __call__(self, text: str, *, ends: bool = False) -> None:
        if time.monotonic() < self._next and not ends:
            return
        self._next = time.monotonic() + 1
        start, end = ("\r", "") if sys.stderr.isatty() else ("", "\n")
        sys.stderr.write(f"{start}{self._about}: {text}{end}")
        sys.stderr.flush()

    def end(self, text: str) -> None:
        line_end = "\n" if sys.stderr.isatty() else ""
        sys.stderr.write(f"{line_end}{self._about}: {text}\n")


@dataclass(frozen=True, slots=True)
class Importer:
    """`take` gives how many lines were refused, or raises UnreadableFile before anything is changed. It gets one
    file; where they are taken all or none, `several`."""

    name: str
    help: str
    take: Callable[[Sequence[Path], Options], int]
    several: bool = False
    add_arguments: Callable[[ArgumentParser], None] = lambda _parser: None
    epilog: Callable[[], str] = str  # what stands under the help of its arguments


importers: Registry[Importer] = Registry(lambda importer: importer.name)
