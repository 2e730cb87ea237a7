"""A product that asks for more per vehicle: which cover, who leases it, who drives it."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.organisations.models import Party
from remise.ui.formats import in_language
from tests import vehicles, world
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.fleet_pages import fact, fill_registration, refusal, submit
from tests.world import OWNER

COVER = {"nl": "Dekking", "de": "Deckung", "en": "Cover"}
FULL = {"nl": "Volledig casco", "de": "Vollkasko", "en": "Full own damage"}
LESSEE = {"nl": "Lessee", "de": "Leasingnehmer", "en": "Lessee"}
DRIVER = {"nl": "Vaste bestuurder", "de": "Fester Fahrer", "en": "Regular driver"}
FIELDS: list[dict[str, Any]] = [
    {
        "name": "cover",
        "kind": "choice",
        "labels": COVER,
        "required": True,
        "choices": [
            {"value": "liability", "labels": {"nl": "WA", "de": "Haftpflicht", "en": "Liability"}},
            {"value": "full", "labels": FULL},
        ],
    },
    {"name": "lessee", "kind": "party", "labels": LESSEE, "required": False},
    {"name": "driver", "kind": "party", "labels": DRIVER, "required": True},
]


def fill_details(page: Page, *, lessee: str, driver: str) -> None:
    page.get_by_label(in_language(COVER)).select_option("full")
    page.get_by_label(in_language(LESSEE)).fill(lessee)
    page.get_by_label(in_language(DRIVER)).fill(driver)


def test_f122_cover_lessee_driver(browse: Browse) -> None:
    garage = world.garage(fields=FIELDS)
    employee = world.member(garage.organisation, rights=[FleetRight.VIEW, FleetRight.REGISTER])
    page = browse(employee, garage.portal)
    page.goto("/vehicles/register")
    plate = vehicles.fresh_plate()
    fill_registration(page, plate, vehicles.CODE, vehicles.today(garage))
    fill_details(page, lessee="Lease Noord B.V.", driver="")
    no_violations(page)
    submit(page)
    refusal(page.get_by_label(in_language(DRIVER)), "")
    page.get_by_label(in_language(DRIVER)).fill("Anna Bos")
    submit(page)
    expect(page.get_by_role("article")).to_contain_text(plate.formatted)

    page.get_by_role("link", name=words("Show the vehicle")).click()
    expect(fact(page, words("Cover"))).to_have_text(in_language(FULL))
    expect(fact(page, words("Lessee"))).to_have_text("Lease Noord B.V.")
    expect(fact(page, words("Driver"))).to_have_text("Anna Bos")
    no_violations(page)

    held = RegistrationVersion.objects.using(OWNER).get(plate=plate.value)
    names = dict(Party.objects.using(OWNER).filter(organisation=garage.organisation.id).values_list("id", "name"))
    assert (held.cover, names[held.lessee or 0], names[held.driver or 0]) == ("full", "Lease Noord B.V.", "Anna Bos")
    assert names[held.lessee or 0] != garage.organisation.name


@pytest.mark.full
def test_f122_only_what_the_product_asks(browse: Browse) -> None:
    garage = world.garage()
    employee = world.member(garage.organisation, rights=[FleetRight.VIEW, FleetRight.REGISTER])
    page = browse(employee, garage.portal)
    page.goto("/vehicles/register")
    for labels in (COVER, LESSEE, DRIVER):
        expect(page.get_by_label(in_language(labels))).to_have_count(0)


@pytest.mark.full
def test_f122_known_lessee_is_offered_and_kept_once(browse: Browse) -> None:
    garage = world.garage(fields=FIELDS)
    vehicles.on_cover(garage, cover="full", lessee="Lease Noord B.V.", driver="Anna Bos")
    employee = world.member(garage.organisation, rights=[FleetRight.VIEW, FleetRight.REGISTER])
    page = browse(employee, garage.portal)
    page.goto("/vehicles/register")
    offered = page.locator("datalist option").evaluate_all("options => options.map(option => option.value)")
    assert offered == ["Anna Bos", "Lease Noord B.V."]
    plate = vehicles.fresh_plate()
    fill_registration(page, plate, vehicles.CODE, vehicles.today(garage))
    fill_details(page, lessee="Lease Noord B.V.", driver="Anna Bos")
    submit(page)
    expect(page.get_by_role("article")).to_contain_text(plate.formatted)
    assert Party.objects.using(OWNER).filter(organisation=garage.organisation.id).count() == 2
