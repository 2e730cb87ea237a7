"""The demo's clock goes forward, and nowhere else is there such a page."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remise.core import clock
from remise.core.errors import DomainError
from remise.core.scope import ActorKind, Scope, enter
from remise.demo.time_machine import move_on, steps
from remise.portals.models import Portal
from tests import world
from tests.world import OWNER


@pytest.fixture
def portal() -> Portal:
    return world.portal(offset=timedelta(days=100))


def moved(portal: Portal) -> Portal:
    return Portal.objects.using(OWNER).get(id=portal.id)


def go(portal: Portal, to: date) -> None:
    with enter(Scope(ActorKind.PUBLIC)):
        move_on(portal, to=to)


def test_clock_goes_to_the_day_at_the_same_hour(portal: Portal) -> None:
    there = clock.today(portal) + timedelta(days=40)
    hour = clock.now(portal).astimezone(clock.AMSTERDAM).hour
    go(portal, there)
    now = clock.now(moved(portal)).astimezone(clock.AMSTERDAM)
    assert (now.date(), now.hour) == (there, hour)


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
