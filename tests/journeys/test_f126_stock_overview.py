"""The stock: how many, worth what, in which order, found by plate or make, on any day as known at any moment."""

import csv
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.utils.formats import get_format
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from playwright.sync_api import Page, expect

from remise.fleet.rights import FleetRight
from remise.portals.models import Portal
from remise.ui.formats import day as shown_day
from remise.ui.formats import moment, money
from tests import vehicles, world
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.fleet_pages import fact, listed
from tests.vehicles import OnCover
from tests.world import OWNER, Garage


@dataclass(frozen=True, slots=True)
class Stock:
    """Three vehicles: an older Opel, a Volvo, and one of which the register knows nothing yet."""

    garage: Garage
    opel: OnCover
    volvo: OnCover
    unknown: OnCover


@pytest.fixture
def stock() -> Stock:
    garage = world.garage()
    opel, volvo, unknown = (vehicles.fresh_plate() for _ in range(3))
    vehicles.in_register(opel, make="OPEL", model="CORSA", catalogue_value=Decimal("23999.00"))
    vehicles.in_register(volvo, make="VOLVO", model="EX30", catalogue_value=Decimal("41495.50"))
    return Stock(
        garage,
        vehicles.on_cover(garage, opel, days=20),
        vehicles.on_cover(garage, volvo, days=10),
        vehicles.on_cover(garage, unknown, days=2),
    )


def reader(browse: Browse, garage: Garage) -> Page:
    page = browse(world.member(garage.organisation, rights=[FleetRight.VIEW]), garage.portal)
    page.goto("/vehicles/")
    return page


@pytest.mark.phone
def test_f126_count_and_values(browse: Browse, stock: Stock) -> None:
    page = reader(browse, stock.garage)
    expect(fact(page, words("Vehicles"))).to_have_text("3")
    expect(fact(page, words("Total catalogue value"))).to_have_text(money(Decimal("65494.50"), "whole"))
    expect(fact(page, words("Mean"))).to_have_text(money(Decimal("32747.25"), "whole"))
    expect(fact(page, words("Value not known yet"))).to_have_text("1")
    no_violations(page)


@pytest.mark.full
@pytest.mark.desk
def test_f126_sort(browse: Browse, stock: Stock) -> None:
    opel, volvo, unknown = (one.plate.formatted for one in (stock.opel, stock.volvo, stock.unknown))
    page = reader(browse, stock.garage)
    assert listed(page) == [unknown, volvo, opel]  # the newest first
    for label, order in (
        ("Plate", sorted([opel, volvo, unknown])),
        ("Insured from", [opel, volvo, unknown]),
        ("Catalogue value", [unknown, opel, volvo]),
        ("Make and model", [unknown, opel, volvo]),
    ):
        heading = page.get_by_role("columnheader", name=words(label))
        heading.get_by_role("link").click()
        expect(heading).to_have_attribute("aria-sort", "ascending")
        assert listed(page) == order, label
        heading.get_by_role("link").click()
        expect(heading).to_have_attribute("aria-sort", "descending")
        assert listed(page) == order[::-1], label
    no_violations(page)


@pytest.mark.full
def test_f126_search_by_plate_and_make(browse: Browse, stock: Stock) -> None:
    page = reader(browse, stock.garage)
    box = page.get_by_role("searchbox", name=words("Plate or make"))
    for typed, found in (
        ("opel", stock.opel),
        ("VOL", stock.volvo),
        (stock.volvo.plate.formatted.lower(), stock.volvo),
        (stock.unknown.plate.value[:5], stock.unknown),
    ):
        box.fill(typed)
        box.press("Enter")
        expect(fact(page, words("Vehicles"))).to_have_text("1")
        assert listed(page) == [found.plate.formatted], typed
    box.fill("nothing like it")
    box.press("Enter")
    title = words("Nothing found for “%(search)s”") % {"search": "nothing like it"}
    expect(page.get_by_role("main")).to_contain_text(title)
    no_violations(page)
    page.get_by_role("main").get_by_role("link", name=words("Show all vehicles")).click()
    expect(page.locator("tbody .plate")).to_have_count(3)


@pytest.mark.full
def test_f126_filter_by_branch(browse: Browse, stock: Stock) -> None:
    meppel = world.branch(stock.garage.organisation, name="Meppel", establishment_number="000037178598")
    there = vehicles.on_cover(stock.garage, branch=meppel.id)
    page = reader(browse, stock.garage)
    assert len(listed(page)) == 4
    page.goto(f"/vehicles/?branch={meppel.id}")
    assert listed(page) == [there.plate.formatted]
    expect(fact(page, words("Vehicles"))).to_have_text("1")


@pytest.mark.full
def test_f126_as_of_a_day(browse: Browse, stock: Stock) -> None:
    page = reader(browse, stock.garage)
    page.get_by_text(words("On another day")).click()
    day = vehicles.back(stock.garage, 10)
    page.get_by_label(words("Insured on")).fill(day.isoformat())
    page.get_by_role("button", name=words("Show"), exact=True).click()
    band = words("You see the vehicles of %(day)s, as known now.") % {"day": shown_day(day)}
    expect(page.get_by_text(band)).to_be_visible()
    assert set(listed(page)) == {stock.opel.plate.formatted, stock.volvo.plate.formatted}
    expect(fact(page, words("Vehicles"))).to_have_text("2")
    no_violations(page)
    page.get_by_role("link", name=words("Back to today")).click()
    expect(fact(page, words("Vehicles"))).to_have_text("3")


def test_f126_as_known_at_a_moment(browse: Browse) -> None:
    """What was registered yesterday for the day before was not known the day before."""
    garage = world.garage(offset=timedelta(days=-2))
    day_before = vehicles.today(garage)
    first = vehicles.on_cover(garage)
    garage.portal.clock_offset = timedelta(0)
    Portal.objects.using(OWNER).filter(id=garage.portal.id).update(clock_offset=timedelta(0))
    later = vehicles.on_cover(garage, days=2)
    page = reader(browse, garage)
    page.get_by_text(words("On another day")).click()
    page.get_by_label(words("Insured on")).fill(day_before.isoformat())
    known = vehicles.noon(vehicles.back(garage, 1))
    page.get_by_label(words("As known on")).fill(f"{known:%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name=words("Show"), exact=True).click()
    band = words("You see the vehicles of %(day)s, as known on %(moment)s.")
    expect(page.get_by_text(band % {"day": shown_day(day_before), "moment": moment(known)})).to_be_visible()
    assert listed(page) == [first.plate.formatted]
    page.get_by_label(words("As known on")).fill("")
    page.get_by_role("button", name=words("Show"), exact=True).click()
    expect(fact(page, words("Vehicles"))).to_have_text("2")
    assert set(listed(page)) == {first.plate.formatted, later.plate.formatted}


@pytest.mark.full
def test_f126_older_pages(browse: Browse) -> None:
    garage = world.garage()
    plates = [vehicles.on_cover(garage).plate.formatted for _ in range(52)]
    page = reader(browse, garage)
    seen = listed(page)
    page.locator("a[rel=next]").click()
    expect(page.locator("a[rel=prev]")).to_be_visible()
    assert len(seen) == 50
    assert sorted(seen + listed(page)) == sorted(plates)
    page.locator("a[rel=prev]").click()
    expect(page.locator("a[rel=next]")).to_be_visible()
    assert listed(page) == seen


def download(page: Page, kind: str) -> Path:
    page.get_by_text(words("Download"), exact=True).click()
    with page.expect_download() as caught:
        page.get_by_role("link", name=kind).click()
    page.keyboard.press("Escape")
    assert caught.value.suggested_filename.endswith(f".{kind.lower()}")
    return Path(caught.value.path())


@pytest.fixture
def formula(stock: Stock) -> OnCover:
    """A make that a spreadsheet would compute."""
    plate = vehicles.fresh_plate()
    vehicles.in_register(plate, make='=HYPERLINK("http://x.example")', model="+1", catalogue_value=Decimal("1.10"))
    return vehicles.on_cover(stock.garage, plate)


@pytest.mark.full
def test_f126_csv(browse: Browse, stock: Stock, formula: OnCover) -> None:
    page = reader(browse, stock.garage)
    text = download(page, "CSV").read_bytes().decode("utf-8-sig")
    head, *rows = csv.reader(StringIO(text), delimiter=";")
    assert head[:3] == [words("Plate"), words("Make"), words("Model")]
    lines = {row[0]: row for row in rows}
    assert set(lines) == {one.plate.formatted for one in (stock.opel, stock.volvo, stock.unknown, formula)}
    volvo = lines[stock.volvo.plate.formatted]
    since = vehicles.back(stock.garage, 10).isoformat()
    assert volvo[1:7] == ["VOLVO", "EX30", "Zwolle", since, "", f"41495{get_format('DECIMAL_SEPARATOR')}50"]
    assert lines[formula.plate.formatted][1:3] == ['\'=HYPERLINK("http://x.example")', "'+1"]


def sheet(file: Path) -> Worksheet:
    found = load_workbook(BytesIO(file.read_bytes())).active
    assert isinstance(found, Worksheet)
    return found


@pytest.mark.full
def test_f126_xlsx(browse: Browse, stock: Stock, formula: OnCover) -> None:
    page = reader(browse, stock.garage)
    # What is shown is what comes: the search counts too.
    page.goto(f"/vehicles/?q={stock.volvo.plate.value}")
    _head, *rows = sheet(download(page, "XLSX")).iter_rows()
    assert [row[0].value for row in rows] == [stock.volvo.plate.formatted]
    assert rows[0][6].value == 41495.5
    page.goto("/vehicles/")
    rows = list(sheet(download(page, "XLSX")).iter_rows())
    [found] = [row for row in rows if row[0].value == formula.plate.formatted]
    assert [(cell.value, cell.data_type) for cell in found[1:3]] == [
        ('\'=HYPERLINK("http://x.example")', "s"),
        ("'+1", "s"),
    ]
