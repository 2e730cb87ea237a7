"""The rule that a request is about stands beside what is asked: in words, with the limit, the day and its source."""

from datetime import timedelta
from decimal import Decimal

import pytest

from remise.core.identifiers import Plate
from remise.core.scope import enter
from remise.desk.kinds import RuleMet
from remise.desk.models import DeskRequest
from remise.desk.selectors import case_of
from remise.fleet.requests import CATALOGUE_VALUE, CORRECT_REGISTRATION, Correction, WrongValue
from remise.portals.models import Portal
from remise.ui.formats import day as shown_day
from tests import vehicles
from tests.desk.office import Office, office
from tests.world import OWNER

SHEET = "Product sheet dealer stock 2020-01"


@pytest.fixture
def desk() -> Office:
    return office()


def met(desk: Office, request: DeskRequest) -> RuleMet | None:
    found = []
    for who in (desk.mirjam, desk.owner):
        by = desk.actor(who)
        with enter(by.scope):
            found.append(case_of(by, request).rule_met)
    assert found[0] == found[1]
    return found[0]


def test_late_registration_says_limit_first_day_and_source(desk: Office) -> None:
    assert met(desk, desk.late(back=40)) == RuleMet(
        "40 days back is no longer possible online: the limit is 28 days. The first day that could be chosen was"
        f" {shown_day(desk.day(28))}.",
        SHEET,
        "28 days",
    )


def test_late_registration_before_its_name_date_says_that_day(desk: Office) -> None:
    since = desk.day(5)
    vehicle = vehicles.in_register(in_name_since=since)
    found = met(desk, desk.late(back=12, plate=Plate(vehicle.plate)))
    assert found is not None
    assert f"in its owner's name since {shown_day(since)}" in found.words


def test_value_says_why_it_is_in_doubt_and_that_the_customer_is_sure(desk: Office) -> None:
    held = vehicles.on_cover(desk.garage, Plate(vehicles.in_register().plate))
    plain = met(desk, desk.value(held))
    assert plain == RuleMet(
        "The catalogue value is the register's: another one is set by the desk.", "terms of the policy"
    )
    data = WrongValue(desk.garage.policy.id, held.item, held.plate.value, Decimal("41.50"), "x", sure=True)
    doubted = met(desk, desk.ask(CATALOGUE_VALUE.name, data))
    assert doubted is not None
    assert "€41.50 is very little for this vehicle." in doubted.words
    assert doubted.words.endswith("The customer said that it is right.")
    assert "RDW" in doubted.source


def test_correction_says_the_day_of_the_entry(desk: Office) -> None:
    held, today = vehicles.on_cover(desk.garage, days=3), vehicles.today(desk.garage)
    Portal.objects.using(OWNER).filter(id=desk.garage.portal.id).update(clock_offset=timedelta(days=2))
    data = Correction(desk.garage.policy.id, held.item, held.plate.value, held.entry, "Verkeerde auto.")
    found = met(desk, desk.ask(CORRECT_REGISTRATION.name, data))
    assert found is not None
    assert f"this one was made on {shown_day(today)}" in found.words


def test_page_of_the_desk_shows_it_before_the_decision(desk: Office) -> None:
    request = desk.late()
    page = desk.client(desk.mirjam).get(f"/desk/{request.id}").content.decode()
    assert f"Source: {SHEET}" in page
    assert page.index("The rule that this is about") < page.index('id="decide"')
