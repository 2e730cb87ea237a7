"""The frame's contents, gathered from the rooms above: each registers, at start-up, a function that answers for a
request. Nothing is asked until a template draws it, so a fragment or an error page costs nothing."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from remise.ui.shell import Item, Person, Place

type Answer = Place | Person | str | None

_navigation: list[tuple[int, Callable[[HttpRequest], Item | None]]] = []
_parts: dict[str, Callable[[HttpRequest], Answer]] = {}

PARTS = ("place", "person", "search_url", "messages_url", "help_url", "home_url")


def add_navigation(order: int, item: Callable[[HttpRequest], Item | None]) -> None:
    """One line of the menu; None where the actor's rights do not allow it."""
    _navigation.append((order, item))
    _navigation.sort(key=lambda pair: pair[0])


def provide(part: str, answer: Callable[[HttpRequest], Answer]) -> None:
    if part not in PARTS:
        message = f"{part!r} is no part of the frame: {', '.join(PARTS)}"
        raise ValueError(message)
    _parts[part] = answer


def navigation(request: HttpRequest) -> list[Item]:
    return [item for _, answer in _navigation if (item := answer(request))]


def shell(request: HttpRequest) -> dict[str, object]:
    """Context processor. A view's own context wins over it."""
    found: dict[str, object] = {"navigation": SimpleLazyObject(lambda: navigation(request))}
    for part, answer in _parts.items():
        found[part] = SimpleLazyObject(lambda answer=answer: answer(request))
    return found
