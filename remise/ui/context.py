"""The frame's contents, gathered from the rooms above. Each registers, at start-up, a menu entry (core.registry) or a
function that answers for a request. Nothing is asked until a template draws it: a fragment costs nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from remise.core.actor import Actor
from remise.core.registry import MenuEntry, menu
from remise.ui.shell import Band, Item, Link, Person, Place, Suggest

type Answer = Place | Person | Suggest | Sequence[Link] | str | None

PARTS = (
    *("place", "person", "search_url", "suggest", "messages_url", "home_url"),
    # Help on every page, at the sign-in, and by people; what is written about the page.
    *("help_url", "door_help_url", "who_can_help_url", "about"),
    "join_url",  # for who has no account yet
)
_parts: dict[str, Callable[[HttpRequest], Answer]] = {}
_bands: list[Callable[[HttpRequest], Band | None]] = []


def provide(part: str, answer: Callable[[HttpRequest], Answer]) -> None:
    """Say who answers for a part of the frame: its company and branch, its person, or an address."""
    if part not in PARTS:
        message = f"{part!r} is no part of the frame: {', '.join(PARTS)}"
        raise ValueError(message)
    _parts[part] = answer


def answer_for(part: str, request: HttpRequest) -> Answer:
    """For code that writes links; None where no room answers."""
    return _parts[part](request) if part in _parts else None


def provide_band(answer: Callable[[HttpRequest], Band | None]) -> None:
    """Say who knows whether something is to be said over every page."""
    _bands.append(answer)


def bands(request: HttpRequest) -> list[Band]:
    return [band for answer in _bands if (band := answer(request)) is not None]


def navigation(request: HttpRequest) -> list[Item]:
    """The menu as this actor's rights allow it."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return []
    entries = entries_for(actor)
    return [_item(request, entry, entries) for entry in entries]


def entries_for(actor: Actor) -> list[MenuEntry]:
    """What this actor's rights open, in the order of the menu."""
    held = {right for right, _ in actor.grants}
    entries = [entry for entry in menu if not entry.rights or held.intersection(entry.rights)]
    return sorted(entries, key=lambda entry: entry.order)


def _item(request: HttpRequest, entry: MenuEntry, entries: list[MenuEntry]) -> Item:
    here = request.resolver_match
    exact = here is not None and here.view_name == entry.url_name
    active = exact or (here is not None and entry.namespace in here.namespaces)
    has_own = here is not None and any(other.phone and other.url_name == here.view_name for other in entries)
    return Item(
        label=entry.label,
        url=reverse(entry.url_name),
        icon=entry.icon,
        active=active,
        phone=entry.phone,
        side=entry.side or _stands_alone(entry, entries),
        phone_active=exact if has_own else None,
    )


def _stands_alone(entry: MenuEntry, entries: list[MenuEntry]) -> bool:
    """Its page is reached from another one that these rights do not open."""
    return bool(entry.beside) and all(other.url_name != entry.beside for other in entries)


def shell(request: HttpRequest) -> dict[str, object]:
    """Context processor. A view's own context wins over it."""
    found: dict[str, object] = {
        "navigation": SimpleLazyObject(partial(navigation, request)),
        "bands": SimpleLazyObject(partial(bands, request)),
    }
    for part, answer in _parts.items():
        found[part] = SimpleLazyObject(partial(answer, request))
    return found
