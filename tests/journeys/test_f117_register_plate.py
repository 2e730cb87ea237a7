"""A plate goes on the policy: three fields, a sentence on the button, and a receipt."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from remise.core.identifiers import Plate
from remise.core.models import Entry
from remise.fleet.rights import FleetRight
from remise.ui.formats import day as shown_day
from tests import vehicles, world
from tests.journeys.browsing import Browse, choose_day, day_field, no_violations, words
from tests.journeys.fleet_pages import check_code, fact, fill_registration, refusal, submit, type_plate
from tests.world import OWNER, Garage


@pytest.fixture
def garage() -> Garage:
    return world.garage()


def seller(browse: Browse, garage: Garage) -> Page:
    rights = [FleetRight.VIEW, FleetRight.REGISTER]
    return browse(world.member(garage.organisation, rights=[*rights]), garage.portal)


@pytest.mark.phone
def test_f117_register_plate(browse: Browse, garage: Garage) -> None:
    vehicle = vehicles.in_register()
    plate = Plate(vehicle.plate)
    page = seller(browse, garage)
    page.goto("/vehicles/")
    page.get_by_role("main").get_by_role("link", name=words("Register a vehicle")).first.click()
    expect(page.get_by_role("heading", level=1, name=words("Register a vehicle"))).to_be_visible()
    no_violations(page)

    type_plate(page, plate)
    expect(page.locator("#facts")).to_contain_text(vehicle.title)
    check_code(page).fill(vehicles.CODE)
    yesterday = vehicles.back(garage, 1)
    choose_day(page, yesterday)
    no_violations(page)
    sentence = words("Insure {plate} from {day}").format(plate=plate.formatted, day=words("yesterday"))
    page.get_by_role("button", name=sentence, exact=True).click()

    title = words("%(plate)s is insured from %(day)s") % {"plate": plate.formatted, "day": shown_day(yesterday)}
    receipt = page.get_by_role("article", name=title)
    expect(receipt).to_contain_text(re.compile(rf"\b{vehicles.today(garage).year}-\d{{6}}\b"))
    expect(fact(receipt, words("Vehicle"))).to_have_text(vehicle.title)
    expect(fact(receipt, words("Done by"))).to_have_text("Sanne de Wit")
    expect(fact(receipt, words("Company"))).to_have_text("Garage De Brug")
    no_violations(page)

    page.get_by_role("link", name=words("Show the vehicle")).click()
    expect(fact(page, words("State"))).to_have_text(words("Insured"))
    no_violations(page)
    page.goto("/vehicles/")
    expect(page.get_by_role("row").filter(has_text=plate.formatted)).to_contain_text(words("Insured"))


@pytest.mark.full
def test_f117_register_leaving_one_out(browse: Browse, garage: Garage) -> None:
    page = seller(browse, garage)
    today = vehicles.today(garage)
    plate = vehicles.fresh_plate()
    fields = {
        "plate": (page.get_by_label(words("Plate"), exact=True), words("Fill in the plate.")),
        "code": (
            check_code(page),
            words("Fill in the check code: the last four characters of the chassis number."),
        ),
        "day": (day_field(page), words("Choose a day.")),
    }
    for left_out, (field, text) in fields.items():
        page.goto("/vehicles/register")
        code = "" if left_out == "code" else vehicles.CODE
        fill_registration(page, None if left_out == "plate" else plate, code, today)
        if left_out == "day":
            field.fill("")
        submit(page)
        refusal(field, text)
        expect(page.get_by_role("alert")).to_contain_text(text)
        no_violations(page)
    assert not Entry.objects.using(OWNER).filter(organisation=garage.organisation.id).exists()
    # What was filled in is still there: only what was left out has to be added.
    day_field(page).fill(today.isoformat())
    submit(page)
    expect(page.get_by_role("article")).to_contain_text(plate.formatted)


class SlowRegister:
    """Holds the register's answers back from the page until it is told to let them go."""

    def __init__(self, page: Page) -> None:
        self._held: list[Route] = []
        self._is_slow = True
        page.route("**/vehicles/register/facts**", self._answer)

    def _answer(self, route: Route) -> None:
        if self._is_slow:
            self._held.append(route)
        else:
            route.continue_()

    def let_go(self) -> None:
        self._is_slow = False  # who types slowly asks more than once
        for route in self._held:
            route.continue_()


def typed_at_slow_register(page: Page, plate: Plate) -> SlowRegister:
    page.goto("/vehicles/register")
    register = SlowRegister(page)
    with page.expect_request("**/vehicles/register/facts**"):
        page.get_by_label(words("Plate"), exact=True).press_sequentially(plate.value)
    return register


@pytest.mark.full
def test_f117_code_typed_while_the_register_answers_is_kept(browse: Browse, garage: Garage) -> None:
    """Somebody who knows it by heart types on; the answer comes when the next field is being filled in."""
    vehicle = vehicles.in_register()
    page = seller(browse, garage)
    register = typed_at_slow_register(page, Plate(vehicle.plate))
    check_code(page).press_sequentially("04")
    page.wait_for_timeout(300)
    register.let_go()
    expect(page.locator("#facts")).to_contain_text(vehicle.title)
    expect(check_code(page)).to_be_focused()
    page.keyboard.type("13")
    expect(check_code(page)).to_have_value("0413")


def test_f117_day_chosen_while_the_register_answers_is_kept(browse: Browse, garage: Garage) -> None:
    since = vehicles.back(garage, 10)
    vehicle = vehicles.in_register(in_name_since=since)
    page = seller(browse, garage)
    register = typed_at_slow_register(page, Plate(vehicle.plate))
    page.wait_for_timeout(300)
    yesterday = vehicles.back(garage, 1)
    choose_day(page, yesterday)
    with page.expect_response("**/vehicles/register/premium**"):
        register.let_go()
    expect(page.locator("#facts")).to_contain_text(vehicle.title)
    # The days have narrowed to the name date, around the day that was chosen meanwhile.
    expect(page.locator("day-picker")).to_have_attribute("data-earliest", since.isoformat())
    expect(day_field(page)).to_have_value(yesterday.isoformat())
    check_code(page).fill(vehicles.CODE)
    submit(page)
    expect(page.get_by_role("article")).to_contain_text(shown_day(yesterday))
