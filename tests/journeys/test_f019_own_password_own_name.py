"""Each person signs in with an own password and an own app, and whatever is done carries that person's name."""

import pytest
from playwright.sync_api import Page, expect

from remise.core.models import Event
from remise.fleet.rights import FleetRight
from tests import vehicles, world
from tests.accounts.visiting import code_of
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.fleet_pages import fact, fill_registration, submit
from tests.journeys.sign_in_pages import give_code, give_password, sign_in
from tests.world import OWNER, Garage


def registers(page: Page, garage: Garage, name: str) -> str:
    plate = vehicles.fresh_plate()
    fill_registration(page, plate, vehicles.CODE, vehicles.today(garage))
    submit(page)
    expect(fact(page.get_by_role("article"), words("Done by"))).to_have_text(name)
    page.get_by_role("link", name=words("Show the vehicle")).click()
    expect(page.get_by_role("main").get_by_role("listitem").first).to_contain_text(name)
    return plate.value


def test_f019_own_password_own_name(browse: Browse) -> None:
    garage = world.garage()
    passwords = {"Sanne de Wit": "een-garage-in-zwolle", "Bram Jansen": "en-een-in-meppel-ook"}
    people = {
        name: world.member(garage.organisation, rights=[*FleetRight], name=name, password=password, coupled=True)
        for name, password in passwords.items()
    }
    plates = {}
    for name, member in people.items():
        page = browse(None, garage.portal)
        sign_in(page, member.account.email, passwords[name], path="/vehicles/register")
        plates[name] = registers(page, garage, name)

    events = Event.objects.using(OWNER).filter(organisation=garage.organisation.id, kind="vehicle.registered")
    told = list(events.order_by("id").values_list("account", flat=True))
    assert told == [member.account_id for member in people.values()]


@pytest.mark.full
def test_f019_password_of_a_colleague_opens_nothing(browse: Browse) -> None:
    garage = world.garage()
    sanne = world.member(garage.organisation, rights=[*FleetRight], password="een-garage-in-zwolle")
    world.member(garage.organisation, rights=[], name="Bram Jansen", password="en-een-in-meppel-ook")
    page = browse(None, garage.portal)
    page.goto("/vehicles/")
    give_password(page, sanne.account.email, "en-een-in-meppel-ook")
    wrong = words("The e-mail address, the account number or the password is not right.")
    expect(page.get_by_role("main")).to_contain_text(wrong)
    no_violations(page)
    # Nor is an address without an account told apart.
    give_password(page, "nobody@example.test", "en-een-in-meppel-ook")
    expect(page.get_by_role("main")).to_contain_text(wrong)


def test_f019_password_alone_opens_nothing(browse: Browse) -> None:
    garage = world.garage()
    held = vehicles.on_cover(garage)
    sanne = world.member(garage.organisation, rights=[*FleetRight], password="een-garage-in-zwolle", coupled=True)
    page = browse(None, garage.portal)
    page.goto("/vehicles/")
    give_password(page, sanne.account.email, "een-garage-in-zwolle")
    give_code(page, code_of("A" * 32))
    wrong = words("This code is not right, or it was used already. Type the code that your app shows now.")
    expect(page.get_by_role("main")).to_contain_text(wrong)
    for path in ("/", "/vehicles/", f"/vehicles/{held.item}", "/company/people"):
        page.goto(path)
        assert held.plate.formatted not in page.content()
        assert "/account/" in page.url
