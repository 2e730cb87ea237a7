"""People x rights x branches on one page and in one file; what is ticked there holds at once."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import expect

from remise.fleet.rights import FleetRight
from remise.organisations.rights import OrganisationRight, catalogue, label_of, may_hold
from tests import vehicles, world
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.fleet_pages import listed
from tests.journeys.rights_pages import flip, switch


def test_f020_who_may_do_what(browse: Browse) -> None:
    garage = world.garage()
    meppel = world.branch(garage.organisation, name="Meppel", establishment_number="000037178598")
    zwolle_car, meppel_car = vehicles.on_cover(garage), vehicles.on_cover(garage, branch=meppel.id)
    owner = world.member(garage.organisation, rights=[OrganisationRight.MANAGE_USERS], name="Kees Bos")
    bram = world.member(garage.organisation, rights=[FleetRight.VIEW], name="Bram Jansen")
    fatima = world.member(garage.organisation, rights=[], name="Fatima el Amrani")
    office = browse(owner, garage.portal)
    office.goto("/company/people")
    heads = office.locator("thead tr").last.get_by_role("columnheader").all_inner_texts()
    customers = [str(entry.label) for entry in catalogue if may_hold(entry.right, staff=False)]
    assert heads == [words("Name"), *customers]
    assert office.get_by_role("rowheader").all_inner_texts() == ["Bram Jansen", "Fatima el Amrani", "Kees Bos"]
    expect(switch(office, FleetRight.VIEW, bram)).to_have_attribute("aria-checked", "true")
    expect(switch(office, FleetRight.VIEW, fatima)).to_have_attribute("aria-checked", "false")
    no_violations(office)

    office.get_by_role("navigation", name=words("Branch")).get_by_role("link", name="Meppel").click()
    flip(office, FleetRight.VIEW, fatima, meppel)
    no_violations(office)
    page = browse(fatima, garage.portal)
    page.goto("/vehicles/")
    assert listed(page) == [meppel_car.plate.formatted]
    answer = page.goto(f"/vehicles/{zwolle_car.item}")
    assert answer is not None
    assert answer.status == 404

    with office.expect_download() as caught:
        office.get_by_role("link", name=words("Download as CSV")).click()
    assert caught.value.suggested_filename.endswith(".csv")
    text = Path(caught.value.path()).read_bytes().decode("utf-8-sig")
    head, *rows = csv.reader(StringIO(text), delimiter=";")
    column = head.index(str(label_of(FleetRight.VIEW)))
    marks = [(row[0], row[1], row[column]) for row in rows]
    assert marks == [
        ("Bram Jansen", words("All branches"), words("yes")),
        ("Fatima el Amrani", words("All branches"), ""),
        ("Fatima el Amrani", "Meppel", words("yes")),
        ("Kees Bos", words("All branches"), ""),
    ]


@pytest.mark.full
def test_f020_last_administrator_stays(browse: Browse) -> None:
    garage = world.garage()
    owner = world.member(garage.organisation, rights=[OrganisationRight.MANAGE_USERS], name="Kees Bos")
    office = browse(owner, garage.portal)
    office.goto("/company/people")
    switch(office, OrganisationRight.MANAGE_USERS, owner).click()
    text = words("Somebody must be able to give rights. Give a colleague this right first.")
    expect(office.get_by_role("alert").filter(has_text=text)).to_be_visible()
    expect(switch(office, OrganisationRight.MANAGE_USERS, owner)).to_have_attribute("aria-checked", "true")
    no_violations(office)
