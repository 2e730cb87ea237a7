"""A green plate belongs to no vehicle: there is no check code to ask for."""

import pytest
from playwright.sync_api import expect

from remise.core.identifiers import Plate
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from tests import vehicles, world
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.fleet_pages import check_code, submit, type_plate
from tests.world import OWNER


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_f118_trade_plate(browse: Browse, *, scripts: bool) -> None:
    garage = world.garage()
    plate = Plate(f"HA{world.number() % 10_000:04d}")
    seller = world.member(garage.organisation, rights=[FleetRight.VIEW, FleetRight.REGISTER])
    page = browse(seller, garage.portal, scripts=scripts)
    page.goto("/vehicles/register")
    if scripts:
        type_plate(page, plate)
        expect(check_code(page)).to_have_count(0)
        expect(page.locator("#facts")).to_contain_text(words("A trade plate has no check code."))
        no_violations(page)
        # An ordinary plate brings the field back.
        type_plate(page, vehicles.fresh_plate())
        expect(check_code(page)).to_be_visible()
        type_plate(page, plate)
        expect(check_code(page)).to_have_count(0)
    else:
        page.get_by_label(words("Plate"), exact=True).fill(plate.value)
    submit(page)
    expect(page.get_by_role("article")).to_contain_text(plate.formatted)
    held = RegistrationVersion.objects.using(OWNER).get(organisation=garage.organisation.id)
    assert (held.plate, held.check_code) == (plate.value, None)
