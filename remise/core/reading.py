"""What there is to read about a refusal or a page. Rooms below know that something may be written, and neither where
it stands nor in which room: who writes it registers it here at start-up."""

from collections.abc import Callable
from dataclasses import dataclass

from remise.core.registry import Registry
from remise.core.words import Text


@dataclass(frozen=True, slots=True)
class Reason:
    """Where it is explained why something is refused with this code."""

    code: str
    url: Callable[[], str]


@dataclass(frozen=True, slots=True)
class About:
    """What is written about a page: its title in the reader's language, and where it stands."""

    title: Callable[[], Text]
    url: Callable[[], str]


reasons: Registry[Reason] = Registry(lambda entry: entry.code)
_about: dict[str, list[About]] = {}


def read_why(code: str) -> str:
    """The address; nothing where nothing is written."""
    reason = reasons.get(code)
    return reason.url() if reason else ""


def add_about(page: str, about: About) -> None:
    """`page` is the name of an address, as the frame finds it."""
    _about.setdefault(page, []).append(about)


def about(page: str) -> list[About]:
    return _about.get(page, [])


def pages() -> list[str]:
    """Those that something is written about."""
    return list(_about)
