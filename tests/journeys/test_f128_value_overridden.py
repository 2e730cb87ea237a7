"""The catalogue value is the register's: the customer cannot change it, and asks; the insurer's desk can."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.ui.formats import day as shown_day
from remise.ui.formats import money
from tests import vehicles, world
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.desk_pages import at_desk, open_case, take, underwriter
from tests.journeys.fleet_pages import fact
from tests.world import OWNER


@pytest.mark.phone
def test_f128_value_overridden(browse: Browse) -> None:
    garage = world.garage()
    plate = vehicles.fresh_plate()
    vehicles.in_register(plate)
    held = vehicles.on_cover(garage, plate, days=20)
    rights = [FleetRight.VIEW, FleetRight.REGISTER]
    page = browse(world.member(garage.organisation, rights=list(rights), name="Sanne de Wit"), garage.portal)
    page.goto(f"/vehicles/{held.item}")
    # Shown, with its source and date, and nowhere to be typed.
    value = fact(page, words("Catalogue value"))
    expect(value).to_contain_text(money(Decimal(41495), "whole"))
    expect(value).to_contain_text("RDW")
    assert page.locator("main input:not([type=hidden])").count() == 0

    page.get_by_role("link", name=words("The catalogue value is wrong")).click()
    no_violations(page)
    page.get_by_label(words("What should it be?")).fill("veel")
    page.get_by_role("button", name=words("Ask the desk to change it")).click()
    expect(page.get_by_label(words("What should it be?"))).to_have_attribute("aria-invalid", "true")
    no_violations(page)
    page.get_by_label(words("What should it be?")).fill("38.950,00")
    page.get_by_label(words("How do you know?")).fill("De prijslijst van mei.")
    page.get_by_role("button", name=words("Ask the desk to change it")).click()
    expect(page.get_by_role("heading", level=1, name=words("Catalogue value is wrong"))).to_be_visible()
    no_violations(page)

    desk = at_desk(browse, garage, underwriter(garage))
    open_case(desk, plate.formatted)
    expect(desk.get_by_role("main")).to_contain_text("De prijslijst van mei.")
    take(desk)
    proposed = desk.get_by_label(words("Value from the first day of this cover"))
    assert (proposed.input_value()).replace(",", ".").startswith("38.950")
    proposed.fill("37500")
    desk.get_by_label(words("Reason")).fill("Zonder trekhaak is het 37.500.")
    no_violations(desk)
    desk.get_by_role("button", name=words("Accept and set this value")).click()
    expect(desk.get_by_role("main")).to_contain_text(words("Nothing waits for you"))

    page.goto(f"/vehicles/{held.item}")
    expect(value).to_contain_text(money(Decimal(37500), "whole"))
    expect(value).to_contain_text(words("the insurer's desk"))
    expect(value).to_contain_text(shown_day(vehicles.today(garage)))
    no_violations(page)
    version = RegistrationVersion.objects.using(OWNER).known().get(organisation=garage.organisation.id)
    assert (version.value, version.value_source, version.starts) == (
        Decimal(37500),
        "desk",
        vehicles.back(garage, 20),
    )
    page.goto(f"/vehicles/receipts/{version.opened_id}")
    receipt = page.get_by_role("article")
    expect(receipt).to_contain_text(money(Decimal(37500), "whole"))
    expect(fact(receipt, words("Decided by"))).to_contain_text(garage.portal.desk_name)
    # What the desk did, the customer cannot undo, not even today.
    expect(page.get_by_text(words("Typing mistake? Undo"))).to_have_count(0)
    no_violations(page)
