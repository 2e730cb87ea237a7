"""The frame's contents: what the rooms registered, as the actor's rights allow, and not before it is drawn."""

from collections.abc import Iterator

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.test.utils import override_settings
from django.urls import resolve

from remise.core.actor import Actor
from remise.core.registry import MenuEntry, Registry
from remise.core.scope import ActorKind
from remise.ui import context
from remise.ui.shell import Item


@pytest.fixture
def menu(monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry[MenuEntry]]:
    registry: Registry[MenuEntry] = Registry(lambda entry: entry.url_name)
    registry.add(
        MenuEntry("ui:gallery_door", "Register", "plus", ("vehicles.register",), 20, phone=True, side=False),
        MenuEntry("ui:gallery", "Vehicles", "car", ("vehicles.view",), 10, namespace="ui", phone=True),
        MenuEntry("ui:gallery_refusal", "Home", "home", order=1),
    )
    monkeypatch.setattr(context, "menu", registry)
    with override_settings(ROOT_URLCONF="tests.ui.urls"):
        yield registry


def request_at(path: str, *rights: str) -> HttpRequest:
    request = RequestFactory().get(path)
    request.resolver_match = resolve(path)
    grants = frozenset((right, None) for right in rights)
    request.actor = Actor(kind=ActorKind.MEMBER, portal=1, grants=grants)  # type: ignore[attr-defined]
    return request


def lit(items: list[Item]) -> list[tuple[str, bool, bool]]:
    return [(str(item.label), item.active, item.lit_below) for item in items]


@pytest.mark.usefixtures("menu")
def test_navigation_shows_what_the_rights_allow_in_order() -> None:
    items = context.navigation(request_at("/gallery/", "vehicles.view"))
    assert [item.label for item in items] == ["Home", "Vehicles"]


@pytest.mark.usefixtures("menu")
def test_navigation_lights_the_room_and_below_only_the_page_itself() -> None:
    items = context.navigation(request_at("/gallery/door/", "vehicles.view", "vehicles.register"))
    assert lit(items) == [("Home", False, False), ("Vehicles", True, False), ("Register", True, True)]


def test_navigation_is_empty_without_an_actor() -> None:
    assert context.navigation(RequestFactory().get("/")) == []


def test_shell_asks_nothing_before_it_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[HttpRequest] = []

    def answer(request: HttpRequest) -> str:
        asked.append(request)
        return "/search"

    monkeypatch.setattr(context, "_parts", {})
    context.provide("search_url", answer)
    found = context.shell(RequestFactory().get("/"))
    assert asked == []
    assert str(found["search_url"]) == "/search"
    assert len(asked) == 1


def test_provide_refuses_an_unknown_part() -> None:
    with pytest.raises(ValueError, match="no part of the frame"):
        context.provide("weather", lambda _: None)
