"""Lease, rental, lesson and private cars: a green card comes at registration without a request, and the next one
before it ends."""

import pytest
from playwright.sync_api import expect

from remise.core.actor import system
from remise.core.scope import enter
from remise.fleet.actions import complete_registration
from remise.fleet.rights import FleetRight
from remise.green_cards import tasks
from remise.green_cards.models import GreenCard
from remise.green_cards.rules import Delivery
from remise.messages.models import Mailing
from remise.ui.formats import day as shown_day
from tests import vehicles, world
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.card_pages import pdf
from tests.journeys.coming_in_pages import work
from tests.journeys.fleet_pages import fill_registration, submit
from tests.world import OWNER, Garage

TYPED = {
    "lease": {"cover": "full", "lessee": "Bouwbedrijf Jansen"},
    "rental": {"cover": "full", "seats": "5", "abroad": "yes"},
    "driving-school": {"cover": "full", "dual_controls": "yes"},
    "private": {"cover": "full", "driver": "Anna Bos"},
}


def cards(of: Garage) -> list[GreenCard]:
    found = GreenCard.objects.using(OWNER).filter(organisation=of.organisation.id)
    return list(found.select_related("shipment").order_by("serial"))


def of_product(code: str) -> Garage:
    portal = world.portal()
    world.sold(portal, code)
    garage = world.garage(at=portal)
    type(garage.branch).objects.using(OWNER).filter(id=garage.branch.id).update(street="Rijnstraat 1", town="Zwolle")
    type(garage.organisation).objects.using(OWNER).filter(id=garage.organisation.id).update(
        contact_email="post@garagedebrug.example"
    )
    return garage


@pytest.mark.parametrize("code", TYPED)
def test_f135_card_at_registration_and_the_next_one(browse: Browse, code: str, nothing_waits: None) -> None:
    garage = of_product(code)
    plate = vehicles.fresh_plate()
    vehicles.in_register(plate)
    page = browse(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)
    page.goto("/vehicles/register")
    for name, value in TYPED[code].items():
        place = page.locator(f"#id_{name}")
        if place.evaluate("field => field.tagName") == "SELECT":
            place.select_option(value)
        else:
            place.fill(value)
    fill_registration(page, plate, vehicles.CODE, vehicles.today(garage))
    submit(page)
    # Nothing has to be asked for, and so nothing is offered.
    expect(page.get_by_role("article")).to_contain_text(plate.formatted)
    expect(page.get_by_role("link", name=words("Green card"), exact=True)).to_have_count(0)
    work()

    (card,) = cards(garage)
    page.goto("/cards/")
    row = page.get_by_role("row").filter(has_text=card.number)
    expect(row).to_contain_text(words("sent by itself"))
    no_violations(page)
    row.get_by_role("link").click()
    expect(page.get_by_role("main")).to_contain_text(words("Sent by itself"))
    front, _beside = pdf(page, f"/documents/{card.document_id}").pages
    assert plate.formatted in front
    mailed = Mailing.objects.using(OWNER).filter(organisation=garage.organisation.id).count()
    assert (card.shipment.format, mailed) == {
        "rental": ("paper", 0),
        "private": ("pdf", 1),
    }.get(code, ("pdf", 0))

    # Thirty days before its last day, while cover runs on.
    vehicles.later(garage, (card.valid_to - vehicles.today(garage)).days - 30)
    for _night in range(2):
        tasks.give_next.run(portal=garage.portal.id)
        work()
    first, following = cards(garage)
    assert (following.valid_from - first.valid_to).days == 1
    page = browse(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)
    page.goto("/cards/")
    expect(page.get_by_role("main")).to_contain_text(shown_day(following.valid_from, "short"))
    no_violations(page)


@pytest.mark.full
def test_f135_silent_register_and_how_they_come(browse: Browse, nothing_waits: None) -> None:
    garage = of_product("lease")
    page = browse(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)
    page.goto("/cards/")
    page.get_by_role("link", name=words("How cards that come by themselves reach you")).click()
    expect(page.get_by_role("main")).to_contain_text("post@garagedebrug.example")
    no_violations(page)
    page.locator(f'input[name="delivery"][value="{Delivery.MAIL}"]').check(force=True)
    page.get_by_role("button", name=words("Keep it this way")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words("Green cards"))

    plate = vehicles.fresh_plate()
    vehicle = vehicles.on_cover(garage, plate, cover="full", lessee="Bouwbedrijf Jansen")
    work()
    assert cards(garage) == []
    page.goto(f"/vehicles/{vehicle.item}")
    expect(page.get_by_role("main")).to_contain_text(
        words("The green card comes by itself, as soon as the register has answered.")
    )
    no_violations(page)
    said = vehicles.in_register(plate)
    by = system(portal=garage.portal.id, name="fleet.ask_register").acting_for(garage.organisation.id)
    with enter(by.scope):
        complete_registration(by=by, item=vehicle.item, vehicle=said)
    work()
    (card,) = cards(garage)
    page.reload()
    expect(page.get_by_role("main")).to_contain_text(card.number)
    assert Mailing.objects.using(OWNER).filter(organisation=garage.organisation.id, subject=card.id).count() == 1
