"""A stay of more than six calendar months: a warning, and no card beyond them."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from remise.fleet.rights import FleetRight
from remise.green_cards.trips.rules import longest_stay
from remise.ui.formats import day as shown_day
from tests import vehicles, world
from tests.green_cards.cards import held
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.card_pages import ask_for, cards, go_on
from tests.journeys.trip_pages import advice, fill_in, title


@pytest.mark.phone
def test_f146_six_months_and_no_card_beyond(browse: Browse) -> None:
    garage = world.garage()
    first, vehicle = vehicles.today(garage), held(garage)
    limit = longest_stay(first)
    within = (limit - first).days + 1
    page = browse(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)
    fill_in(page, first, within, "ES", plate=vehicle.plate)
    advice(page)
    title(page, words("You can go; no green card is required"))
    fill_in(page, first, within + 1, "ES", plate=vehicle.plate)
    advice(page)
    title(page, words("You can go, for six months at most"))
    expect(page.get_by_role("main")).to_contain_text(shown_day(limit))
    no_violations(page)
    page.get_by_role("link", name=words("Ask for the card")).click()
    go_on(page)
    ask_for(page, 1)
    (card,) = cards(garage)
    assert (card.valid_from, card.valid_to) == (first, first + timedelta(within - 1))
