"""A mistyped registration is undone the same day: line and receipt stay and show it."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.portals.models import Portal
from tests import vehicles, world
from tests.green_cards import cards
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.fleet_pages import fact, listed, submit
from tests.world import OWNER, Garage


def employee(browse: Browse, garage: Garage) -> Page:
    return browse(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)


def undo(page: Page) -> None:
    """It asks once: the sentence says what follows."""
    page.get_by_text(words("Typing mistake? Undo")).click()
    no_violations(page)
    page.get_by_role("button", name=words("Undo it")).click()


def test_f208_registration_is_undone(browse: Browse) -> None:
    garage = world.garage()
    held = vehicles.on_cover(garage)
    page = employee(browse, garage)
    page.goto(f"/vehicles/receipts/{held.entry}")
    number = page.locator(".receipt header b").inner_text()
    no_violations(page)
    undo(page)
    title = words("%(plate)s is not insured: the registration was undone") % {"plate": held.plate.formatted}
    correction = page.get_by_role("article", name=title)
    expect(fact(correction, words("Corrects receipt"))).to_have_text(number)
    no_violations(page)
    page.get_by_role("link", name=words("Show the vehicle")).click()
    lines = page.get_by_role("main").get_by_role("listitem")
    expect(lines).to_have_count(2)
    expect(lines.last).to_contain_text(words("Undone"))
    expect(lines.last).to_contain_text(number)
    no_violations(page)
    page.goto(f"/vehicles/receipts/{held.entry}")
    expect(fact(page.get_by_role("article"), words("Corrected by receipt"))).to_be_visible()
    expect(page.get_by_text(words("Typing mistake? Undo"))).to_have_count(0)
    no_violations(page)
    page.goto("/vehicles/")
    assert listed(page) == []
    known = RegistrationVersion.objects.using(OWNER).filter(organisation=garage.organisation.id)
    assert not known.filter(known_to__isnull=True).exists()


@pytest.mark.full
def test_f208_deregistration_is_undone(browse: Browse) -> None:
    garage = world.garage()
    held = vehicles.on_cover(garage, days=5)
    page = employee(browse, garage)
    page.goto(f"/vehicles/deregister?item={held.item}")
    submit(page)
    undo(page)
    title = words("%(plate)s is insured as before: the deregistration was undone") % {"plate": held.plate.formatted}
    expect(page.get_by_role("article", name=title)).to_be_visible()
    page.goto("/vehicles/")
    assert listed(page) == [held.plate.formatted]


@pytest.mark.full
def test_f208_not_the_next_day(browse: Browse) -> None:
    garage = world.garage(offset=timedelta(days=-1))
    held = vehicles.on_cover(garage)
    page = employee(browse, garage)
    page.goto(f"/vehicles/receipts/{held.entry}")
    Portal.objects.using(OWNER).filter(id=garage.portal.id).update(clock_offset=timedelta(0))
    undo(page)  # the page stood open overnight
    text = words("Only an entry of today can be undone here. For an earlier one, ask the insurer's desk.")
    expect(page.get_by_role("main")).to_contain_text(text)
    expect(page.get_by_text(words("Typing mistake? Undo"))).to_have_count(0)
    no_violations(page)


@pytest.mark.phone
def test_f208_registration_undone_leaves_no_card_valid(browse: Browse) -> None:
    garage = world.garage()
    held = cards.held(garage, days=0)
    made = cards.card(garage, held)
    page = employee(browse, garage)
    page.goto(f"/cards/check/{made.token}")
    expect(page.get_by_role("heading", level=1, name=words("Valid"))).to_be_visible()
    page.goto(f"/vehicles/receipts/{held.entry}")
    undo(page)
    expect(page.get_by_role("article")).to_be_visible()
    page.goto(f"/cards/check/{made.token}")
    expect(page.get_by_role("heading", level=1, name=words("Void"))).to_be_visible()
    page.goto(f"/cards/{made.id}")
    expect(page.get_by_role("main")).to_contain_text(words("The registration was undone"))
    expect(page.get_by_role("link", name=words("Open the PDF"))).to_have_count(0)
    no_violations(page)
