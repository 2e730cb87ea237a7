"""What a refusal here offers and a room above does: it says at start-up where the button leads."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

from remise.core.actor import Actor
from remise.core.registry import Registry
from remise.ui.shell import Link

# Nobody in the company decides about rights; the branch worked in has no relation number; no company has added one.
WITHOUT_ADMINISTRATOR = "without_administrator"
WITHOUT_NUMBER = "without_number"
WITHOUT_COMPANY = "without_company"
# Who acts by a mandate lacks a right that it could give.
WIDER_MANDATE = "wider_mandate"


@dataclass(frozen=True, slots=True)
class Lacking:
    """Which branch or right is meant, where one is."""

    branch: int | None = None
    right: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """`build` gives the button and whether it is a form that is sent; None where there is none for this visitor."""

    name: str
    build: Callable[[HttpRequest, Lacking], tuple[Link, bool] | None]


@dataclass(frozen=True, slots=True)
class AlsoAsked:
    """What else is asked of who decides about rights: how many, and where it is answered."""

    name: str
    count: Callable[[Actor], int]
    link: Callable[[int], Link]


also_asked: Registry[AlsoAsked] = Registry(lambda one: one.name)
ways: Registry[Way] = Registry(lambda way: way.name)


def asked_besides(by: Actor) -> list[Link]:
    """Where there is something to answer."""
    counted = [(one, one.count(by)) for one in also_asked]
    return [one.link(count) for one, count in counted if count]


def way(name: str, request: HttpRequest, *, branch: int | None = None, right: str = "") -> tuple[Link, bool] | None:
    found = ways.get(name)
    return found.build(request, Lacking(branch, right)) if found else None
