"""The card carries number, plate, period, territory with the countries crossed out, and the numbers for help."""

import pytest
from playwright.sync_api import expect

from remise.fleet.rights import FleetRight
from remise.green_cards.models import CardSettings
from remise.ui.formats import day as shown_day
from tests import world
from tests.green_cards.cards import held
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.card_pages import ask_for, cards, go_on, pdf, to_request
from tests.world import OWNER


@pytest.mark.phone
def test_f131_card_carries_all_five(browse: Browse) -> None:
    garage = world.garage()
    CardSettings.objects.using(OWNER).create(
        portal=garage.portal,
        insurer_code="123",
        insurer_name="Koetspoort Verzekeringen N.V.",
        insurer_address="Postbus 1, 8000 AA Zwolle",
        signed_by="M. van der Horst",
        assistance_home="038 111 22 33",
        assistance_abroad="+31 38 111 22 44",
        claims_phone="038 111 22 55",
    )
    vehicle = held(garage)
    page = browse(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)
    to_request(page, vehicle)
    no_violations(page)
    go_on(page)
    no_violations(page)
    ask_for(page, 1)
    no_violations(page)
    made = cards(garage)[0]
    link = page.get_by_role("link", name=words("PDF of %(number)s") % {"number": made.number})
    found = pdf(page, str(link.get_attribute("href")))
    front, beside = found.pages
    assert f"NL / 123 / {made.number}" in front
    assert vehicle.plate.formatted in front
    for day in (made.valid_from, made.valid_to):
        assert shown_day(day) in beside
        assert all(str(part) in front for part in (day.day, day.month, day.year))
    assert [sign for sign in ("BY", "IR", "RUS") if not found.is_crossed(sign)] == []
    assert not found.is_crossed("TR")
    for number in ("038 111 22 33", "+31 38 111 22 44", "038 111 22 55"):
        assert number in beside
    page.get_by_role("main").get_by_role("link").filter(has_text=vehicle.plate.formatted).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(made.number)
    no_violations(page)
