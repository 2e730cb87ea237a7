"""The demo's clock goes forward, and nowhere else is there such a page."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.test.utils import override_settings
from hypothesis import given
from hypothesis import strategies as st

from remise.core import clock
from remise.core.errors import DomainError
from remise.core.models import Event
from remise.core.scope import ActorKind, Scope, enter
from remise.demo.time_machine import move_on, steps, visitor
from remise.portals.models import Portal
from tests import world
from tests.routes import REMISE
from tests.world import OWNER

# The demo is no app of these tests: its pages are found all the same.
TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [REMISE / "demo" / "templates"]}]


@pytest.fixture
def portal() -> Portal:
    return world.portal(offset=timedelta(days=100))


def moved(portal: Portal) -> Portal:
    return Portal.objects.using(OWNER).get(id=portal.id)


def go(portal: Portal, to: date) -> None:
    with enter(Scope(ActorKind.PUBLIC)):
        move_on(by=visitor(portal), portal=portal, to=to)


def test_clock_goes_to_the_day_at_the_same_hour(portal: Portal) -> None:
    there = clock.today(portal) + timedelta(days=40)
    hour = clock.now(portal).astimezone(clock.AMSTERDAM).hour
    go(portal, there)
    now = clock.now(moved(portal)).astimezone(clock.AMSTERDAM)
    assert (now.date(), now.hour) == (there, hour)


def test_moved_clock_is_written_down(portal: Portal) -> None:
    before = clock.today(portal)
    go(portal, before + timedelta(days=40))
    event = Event.objects.using(OWNER).get(portal=portal.id, kind="clock.moved")
    assert (event.by_system, event.account, event.organisation) == ("demo.visitor", None, None)
    assert (event.subject_kind, event.subject) == ("portal", portal.id)
    assert (event.before, event.after) == (
        {"day": before.isoformat()},
        {"day": (before + timedelta(days=40)).isoformat()},
    )


@override_settings(DEMO=True, START_URLCONF="remise.demo.start_urls", TEMPLATES=TEMPLATES)
def test_day_that_cannot_be_is_answered_as_in_every_form(portal: Portal) -> None:
    for day in (clock.today(portal), "no day"):
        answer = Client(HTTP_HOST="localhost").post("/demo/time", {"portal": portal.slug, "day": str(day)})
        assert answer.status_code == 422
    assert moved(portal).clock_offset == portal.clock_offset


@pytest.mark.parametrize("days", [0, -1, -400, 3661])
def test_clock_goes_neither_back_nor_out_of_sight(portal: Portal, days: int) -> None:
    with pytest.raises(DomainError):
        go(portal, clock.today(portal) + timedelta(days=days))
    assert moved(portal).clock_offset == portal.clock_offset


def test_clock_of_another_portal_stays(portal: Portal) -> None:
    other = world.portal()
    go(portal, clock.today(portal) + timedelta(days=1))
    assert moved(other).clock_offset == timedelta(0)


@given(st.dates(date(2020, 1, 1), date(2090, 12, 31)))
def test_steps_lead_forward_only(today: date) -> None:
    assert all(today < step.day <= date(today.year + 1, 1, 31) for step in steps(today))
