"""What the frame around a page shows. Rooms above fill these; the templates only draw them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from remise.core.words import Text


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the navigation. `phone` puts it in the bottom bar (four at most), `side` in the side list."""

    label: Text
    url: str
    icon: str
    active: bool = False
    phone: bool = False
    side: bool = True
    count: int | None = None
    phone_active: bool | None = None  # None: as `active`

    @property
    def lit_below(self) -> bool:
        """Lit in the bottom bar, where a page's own line wins over the line of its room."""
        return self.active if self.phone_active is None else self.phone_active


@dataclass(frozen=True, slots=True)
class Choice:
    """A company and branch that one may switch to; `value` is what the form posts as `to`."""

    value: str
    label: Text
    hint: Text = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    label: Text
    url: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one is: company and branch, and the form address that switches to another."""

    company: str
    branch: str = ""
    choices: Sequence[Choice] = ()
    action: str = ""
    onward: Link | None = None  # to yet another company


@dataclass(frozen=True, slots=True)
class Band:
    """Said over every page while one is not simply oneself: as whom one looks or acts, and what ends it."""

    text: Text
    button: Text
    url: str  # posted to
    detail: Text = ""
    icon: str = "eye"


@dataclass(frozen=True, slots=True)
class Suggest:
    """What the search box offers while one types: the address that answers, and what draws it and lets arrows walk
    through it."""

    url: str
    script: str
    style: str


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    email: str = ""
    links: Sequence[Link] = ()
    sign_out: str = ""
