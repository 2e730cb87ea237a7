"""Typing the plate brings make, model and value with source and date; with the register down, registering goes on."""

import re
import time
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from remise.core.identifiers import Plate
from remise.demo.register_server import Mode, Stand
from remise.fleet.models import Awaited, Finding, RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.fleet.tasks import ask_register
from remise.ui.formats import day as shown_day
from remise.ui.formats import money
from tests import jobs, vehicles, world
from tests.journeys.browsing import Browse, choose_day, day_field, no_violations, words
from tests.journeys.fleet_pages import check_code, fact, submit
from tests.register.published import row_of
from tests.world import OWNER, Garage


def not_here_yet(plate: Plate) -> str:
    text = (
        "The register's answer on %(plate)s is not here yet. You can register the vehicle all the same; make, model"
        " and value follow."
    )
    return words(text) % {"plate": plate.formatted}


@pytest.fixture
def garage() -> Garage:
    jobs.forget()
    return world.garage()


def seller(browse: Browse, garage: Garage) -> Page:
    rights = [FleetRight.VIEW, FleetRight.REGISTER]
    return browse(world.member(garage.organisation, rights=[*rights]), garage.portal)


def type_whole(page: Page, plate: Plate) -> None:
    """As pasted: one question."""
    with page.expect_response(lambda answer: f"plate={plate.formatted}" in answer.url):
        page.get_by_label(words("Plate"), exact=True).fill(plate.value)


def ask_at_last(garage: Garage) -> None:
    from procrastinate.contrib.django import app

    while due := jobs.waiting("core.deliver"):
        jobs.forget(due[0][0])
        app.tasks["core.deliver"].func(**due[0][2])
    ask_register.run(portal=garage.portal.id)


@pytest.mark.phone
def test_f127_value_with_source_and_date(browse: Browse, garage: Garage, register: Stand) -> None:
    plate, today = vehicles.fresh_plate(), vehicles.today(garage)
    since = vehicles.back(garage, 6)
    register.vehicles = lambda asked: [row_of(asked, datum_tenaamstelling=since.strftime("%Y%m%d"))]
    page = seller(browse, garage)
    page.goto("/vehicles/register")
    before = page.locator("#facts").bounding_box()
    type_whole(page, plate)
    answer = page.locator("#facts .vehicle")
    expect(answer).to_contain_text("Volvo EX30")
    expect(fact(page, words("Catalogue value"))).to_have_text(money(Decimal(41495), "whole"))
    expect(answer).to_contain_text(words("%(source)s on %(day)s") % {"source": "RDW", "day": shown_day(today)})
    after = page.locator("#facts").bounding_box()
    assert before
    assert after
    assert abs(after["height"] - before["height"]) <= 1
    no_violations(page)
    # The days narrow to the name date, drawn and native.
    expect(page.locator("day-picker")).to_have_attribute("data-earliest", since.isoformat())
    too_early = page.locator(f'.days [data-day="{vehicles.back(garage, 7).isoformat()}"]')
    expect(too_early).to_have_class("days-ask")
    expect(page.locator(f'.days [data-day="{since.isoformat()}"]')).not_to_have_class("days-ask")
    check_code(page).fill(vehicles.CODE)
    choose_day(page, since)
    submit(page)
    expect(page.get_by_role("article")).to_contain_text(plate.formatted)

    page.get_by_role("link", name=words("Show the vehicle")).click()
    shown = fact(page, words("Catalogue value"))
    expect(shown).to_contain_text("RDW")
    expect(shown).to_contain_text(shown_day(today))
    assert page.get_by_role("main").locator("input, select, textarea").count() == 0  # to be read, not changed
    page.goto("/vehicles/")
    expect(page.get_by_role("row").filter(has_text=plate.formatted)).to_contain_text(
        f"RDW {shown_day(today, 'short')}"
    )


@pytest.mark.full
@pytest.mark.parametrize("mode", [Mode.FAIL, Mode.SLOW])
def test_f127_register_down_value_follows(browse: Browse, garage: Garage, register: Stand, mode: Mode) -> None:
    plate = vehicles.fresh_plate()
    register.mode = mode
    page = seller(browse, garage)
    page.goto("/vehicles/register")
    started = time.monotonic()
    type_whole(page, plate)
    expect(page.locator("#facts")).to_contain_text(not_here_yet(plate))
    assert time.monotonic() - started < 6
    no_violations(page)
    check_code(page).fill(vehicles.CODE)
    choose_day(page, vehicles.back(garage, 1))
    started = time.monotonic()
    submit(page)
    expect(page.get_by_role("article")).to_contain_text(plate.formatted)
    assert time.monotonic() - started < 4  # the form waits for nobody
    held = RegistrationVersion.objects.using(OWNER).filter(plate=plate.value, known_to=None)
    assert [(one.make, one.value) for one in held.all()] == [("", None)]

    register.mode = Mode.WELL
    ask_at_last(garage)
    assert [(one.make, one.value) for one in held.all()] == [("VOLVO", Decimal("41495.00"))]
    assert not Awaited.objects.using(OWNER).filter(organisation=garage.organisation.id).exists()
    page.get_by_role("link", name=words("Show the vehicle")).click()
    expect(fact(page, words("Catalogue value"))).to_contain_text("RDW")
    expect(page.get_by_role("main")).to_contain_text(words("Filled in from the register"))
    expect(page.get_by_role("main")).to_contain_text(words("the system"))
    no_violations(page)


@pytest.mark.full
def test_f127_skeleton_while_the_register_answers(browse: Browse, garage: Garage, register: Stand) -> None:
    plate = vehicles.fresh_plate()
    register.mode, register.seconds = Mode.SLOW, 1.2
    page = seller(browse, garage)
    page.goto("/vehicles/register")
    top = check_code(page).bounding_box()
    page.get_by_label(words("Plate"), exact=True).fill(plate.value)
    expect(page.locator(".register-asks")).to_be_visible()
    assert check_code(page).bounding_box() == top
    expect(page.locator("#facts")).to_contain_text("Volvo EX30")
    expect(page.locator(".register-asks")).to_be_hidden()
    assert check_code(page).bounding_box() == top


def test_f127_value_that_is_not_sure(browse: Browse, garage: Garage, register: Stand) -> None:
    plate = vehicles.fresh_plate()
    register.vehicles = lambda asked: [row_of(asked, catalogusprijs="7777777")]
    page = seller(browse, garage)
    page.goto("/vehicles/register")
    type_whole(page, plate)
    expect(fact(page, words("Catalogue value"))).to_have_text(words("not sure"))
    no_violations(page)
    check_code(page).fill(vehicles.CODE)
    submit(page)
    expect(page.get_by_role("article")).to_contain_text(plate.formatted)
    ask_at_last(garage)
    finding = Finding.objects.using(OWNER).get(organisation=garage.organisation.id)
    assert finding.kind == "value_in_doubt"
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name=words("Look")).first.click()
    expect(page.get_by_role("main")).to_contain_text(words("The catalogue value is not sure"))
    expect(fact(page, words("Catalogue value"))).to_have_text(words("not sure"))
    no_violations(page)


@pytest.mark.full
def test_f127_without_script_the_form_works_and_the_value_follows(
    browse: Browse, garage: Garage, register: Stand
) -> None:
    plate = vehicles.fresh_plate()
    rights = [FleetRight.VIEW, FleetRight.REGISTER]
    page = browse(world.member(garage.organisation, rights=[*rights]), garage.portal, scripts=False)
    page.goto("/vehicles/register")
    page.get_by_label(words("Plate"), exact=True).fill(plate.value)
    check_code(page).fill(vehicles.CODE)
    day_field(page).fill(vehicles.today(garage).isoformat())
    page.locator("button[data-sentence]").click()
    expect(page.get_by_role("article")).to_contain_text(plate.formatted)
    assert register.asked == []
    ask_at_last(garage)
    page.get_by_role("link", name=words("Show the vehicle")).click()
    expect(fact(page, words("Make and model"))).to_have_text(re.compile("Volvo EX30"))
