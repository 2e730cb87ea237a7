"""Tick plates, say how and where to, look, ask: one shipment, each card its own number, nothing lost on the way."""

import pytest
from playwright.sync_api import Page, expect

from remise.fleet.rights import FleetRight
from remise.green_cards.models import Shipment
from tests import vehicles, world
from tests.green_cards.cards import held
from tests.journeys.browsing import Browse, menu, no_violations, words, words_for
from tests.journeys.card_pages import ask_for, cards, choose_paper, go_on, print_out, tick, to_request
from tests.world import OWNER, Garage


@pytest.fixture
def garage() -> Garage:
    made = world.garage()
    made.branch.street, made.branch.postcode, made.branch.town = "Rijnstraat 12", "8011 AB", "Zwolle"
    made.branch.save(using=OWNER)
    return made


def employee(browse: Browse, garage: Garage, *, scripts: bool = True) -> Page:
    return browse(world.member(garage.organisation, rights=[*FleetRight]), garage.portal, scripts=scripts)


@pytest.mark.phone
def test_f136_f137_three_cards_to_one_other_address(browse: Browse, garage: Garage) -> None:
    on_cover = [held(garage) for _ in range(3)]
    page = employee(browse, garage)
    to_request(page, *on_cover)
    expect(page.locator("summary").filter(has_text="Rijnstraat 12, Zwolle")).to_be_hidden()  # a file needs none
    choose_paper(page, "")
    expect(page.locator("summary").filter(has_text="Rijnstraat 12, Zwolle")).to_be_visible()
    page.get_by_role("button", name=words("Next")).click()
    expect(page.get_by_role("main")).to_contain_text(words("Fill in the town."))
    no_violations(page)
    page.get_by_role("textbox", name=words("Town")).fill("Meppel")
    go_on(page)
    expect(page.get_by_role("main")).to_contain_text("Rijnstraat 12, 8011 AB Meppel")
    for one in on_cover:
        expect(page.get_by_role("main")).to_contain_text(one.plate.formatted)
    no_violations(page)
    # Back keeps what was typed, and so does going on again.
    page.get_by_role("button", name=words("Back"), exact=True).click()
    page.locator("summary").filter(has_text="Meppel").click()
    expect(page.get_by_role("textbox", name=words("Town"))).to_have_value("Meppel")
    expect(page.get_by_role("textbox", name=words("Postcode"))).to_have_value("8011 AB")
    assert page.locator('input[name="format"]:checked').get_attribute("value") == Shipment.Format.PAPER
    assert cards(garage) == []
    go_on(page)
    ask_for(page, 3)
    expect(page.get_by_role("main")).to_contain_text("Rijnstraat 12, 8011 AB Meppel")
    name = words("Requested by %(requested_by)s, %(moment)s").partition("%(requested_by)s")[0] + "Sanne de Wit"
    expect(page.get_by_role("main")).to_contain_text(name)
    no_violations(page)
    made = cards(garage)
    assert len({card.shipment_id for card in made}) == 1
    assert [card.serial for card in made] == [1, 2, 3]
    assert sorted(card.plate for card in made) == sorted(one.plate.value for one in on_cover)
    assert (made[0].shipment.format, made[0].shipment.town) == (Shipment.Format.PAPER, "Meppel")
    printed = print_out(page, "Print all")
    assert len(printed.pages) == 6


@pytest.mark.full
@pytest.mark.phone
def test_f134_both_menus_lead_to_the_request(browse: Browse, garage: Garage) -> None:
    vehicle = held(garage)
    page = employee(browse, garage)
    page.goto("/")
    menu(page).get_by_role("link", name=words("Green cards")).click()
    no_violations(page)
    page.get_by_role("link", name=words("Request green cards")).first.click()
    no_violations(page)
    tick(page, vehicle)
    page.get_by_role("button", name=words("Next")).click()
    title = words_for("Request %(count)s green card", "Request %(count)s green cards", 1) % {"count": 1}
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    to_request(page, vehicle)
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()


def test_f133_as_file_or_on_paper_with_a_number_each(browse: Browse, garage: Garage) -> None:
    page = employee(browse, garage)
    for paper in (False, True):
        to_request(page, held(garage))
        if paper:
            choose_paper(page, "Zwolle")
        go_on(page)
        ask_for(page, 1)
    assert [(card.serial, card.shipment.format) for card in cards(garage)] == [(1, "pdf"), (2, "paper")]
    page.goto("/cards/")
    no_violations(page)
    page.get_by_placeholder(words("Plate or number")).fill("0000002")
    page.get_by_role("button", name=words("Search")).click()
    expect(page.locator("tbody tr")).to_have_count(1)


@pytest.mark.once
def test_f136_fifty_cards_take_four_clicks(browse: Browse, garage: Garage) -> None:
    for _ in range(50):
        held(garage)
    page = employee(browse, garage)
    page.goto("/vehicles/")
    clicks = 0

    def click(role: str, name: str) -> None:
        nonlocal clicks
        page.get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]
        clicks += 1

    click("checkbox", words("Choose all"))
    click("button", words("Request green card"))
    click("button", words("Next"))
    click("button", words_for("Request %(count)s green card", "Request %(count)s green cards", 50) % {"count": 50})
    title = words_for("%(count)s green card is ready", "%(count)s green cards are ready", 50) % {"count": 50}
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    assert clicks == 4
    made = cards(garage)
    assert [card.serial for card in made] == list(range(1, 51))
    assert len({card.shipment_id for card in made}) == 1


@pytest.mark.full
@pytest.mark.once
def test_f136_double_click_asks_once(browse: Browse, garage: Garage) -> None:
    page = employee(browse, garage)
    to_request(page, held(garage))
    go_on(page)
    label = words_for("Request %(count)s green card", "Request %(count)s green cards", 1) % {"count": 1}
    page.get_by_role("button", name=label).dblclick()
    page.wait_for_url("**/cards/shipments/*")
    assert len(cards(garage)) == 1


@pytest.mark.full
@pytest.mark.once
def test_f136_without_scripts(browse: Browse, garage: Garage) -> None:
    vehicle = held(garage)
    page = employee(browse, garage, scripts=False)
    to_request(page, vehicle)
    choose_paper(page, "Meppel")
    go_on(page)
    page.get_by_role("button", name=words("Back"), exact=True).click()
    page.locator("summary").filter(has_text="Meppel").click()
    expect(page.get_by_role("textbox", name=words("Town"))).to_have_value("Meppel")
    go_on(page)
    ask_for(page, 1)
    assert [card.shipment.town for card in cards(garage)] == ["Meppel"]


@pytest.mark.full
def test_f136_what_cannot_get_a_card_is_told_before(browse: Browse, garage: Garage) -> None:
    good, unknown = held(garage), vehicles.on_cover(garage)
    page = employee(browse, garage)
    to_request(page, good, unknown)
    note = words_for("%(count)s vehicle gets no card", "%(count)s vehicles get no card", 1) % {"count": 1}
    expect(page.get_by_role("main")).to_contain_text(note)
    expect(page.get_by_role("main")).to_contain_text(unknown.plate.formatted)
    no_violations(page)
    go_on(page)
    ask_for(page, 1)
    assert [card.plate for card in cards(garage)] == [good.plate.value]


@pytest.mark.full
def test_f136_receipt_offers_the_card(browse: Browse, garage: Garage) -> None:
    vehicle = held(garage)
    page = employee(browse, garage)
    page.goto(f"/vehicles/receipts/{vehicle.entry}")
    page.get_by_role("link", name=words("Green card"), exact=True).click()
    go_on(page)
    ask_for(page, 1)
