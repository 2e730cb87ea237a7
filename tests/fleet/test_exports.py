"""The stock as a file: what the list shows, opened as a user would, without a cell that computes."""

import csv
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.utils import timezone

from remise.core.identifiers import Plate
from remise.core.ledger.operations import Schema
from remise.core.scope import enter
from remise.core.spreadsheet import harmless
from remise.fleet import exports
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.fleet.selectors.stock import SORTS
from remise.runs.models import Run
from remise.vehicles.models import Vehicle
from tests import world
from tests.fleet.test_actions import register
from tests.plans import bulk_fleet
from tests.sessions import client_of

DANGEROUS = '=HYPERLINK("http://evil","click")'


def known(plate: Plate, *, make: str, value: str) -> None:
    Vehicle.objects.using(world.OWNER).create(
        plate=plate.value, make=make, model="X", catalogue_value=value, source="RDW", looked_up_at=timezone.now()
    )


@pytest.fixture
def garage() -> Iterator[world.Garage]:
    garage = world.garage()
    for plate, make in (("AB001X", "VOLVO"), ("AB002X", DANGEROUS)):
        known(Plate(plate), make=make, value="41495.00")
        register(garage, Plate(plate), -3)
    yield garage
    Vehicle.objects.using(world.OWNER).filter(plate__in=["AB001X", "AB002X"]).delete()


def download(garage: world.Garage, query: str) -> bytes:
    client = client_of(world.member(garage.organisation, rights=[FleetRight.VIEW]), garage.portal)
    answer = client.get(f"/vehicles/export?{query}", headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    return answer.content


def test_csv_holds_rows_and_no_formula(garage: world.Garage) -> None:
    text = download(garage, "format=csv").decode("utf-8-sig")
    rows = list(csv.reader(StringIO(text), delimiter=";"))
    assert [row[0] for row in rows[1:]] == ["AB-001-X", "AB-002-X"]
    assert rows[1][6] == "41495.00"
    assert rows[2][1] == f"'{DANGEROUS}"


def test_xlsx_holds_typed_cells_and_no_formula(garage: world.Garage) -> None:
    page = openpyxl.load_workbook(BytesIO(download(garage, "format=xlsx"))).active
    assert page is not None
    rows = list(page.iter_rows(min_row=2))
    day = rows[0][4].value
    assert isinstance(day, datetime)
    assert day.date() == timezone.localdate() - timedelta(3)
    assert rows[0][6].value == 41495
    assert (rows[1][1].value, rows[1][1].data_type) == (f"'{DANGEROUS}", "s")


def test_export_follows_the_day_of_the_list(garage: world.Garage) -> None:
    before = (timezone.localdate() - timedelta(4)).isoformat()
    assert len(download(garage, f"format=csv&day={before}").splitlines()) == 1


def test_large_export_becomes_a_run(garage: world.Garage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    client = client_of(world.member(garage.organisation, rights=[FleetRight.VIEW]), garage.portal)
    answer = client.post("/vehicles/export?policy=" + garage.policy.number, {"format": "xlsx"})
    with enter(garage.actor().scope):
        run = Run.objects.get(organisation=garage.organisation.id)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/runs/{run.id}"
    assert run.kind == "fleet.stock"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_harmless_makes_text_of_formulas(text: str) -> None:
    assert harmless(text) == f"'{text}"


def test_schema_terms_are_columns() -> None:
    """The settling statement writes a term into the column of its name."""
    schema: Schema = RegistrationVersion.SCHEMA
    assert {field.column for field in RegistrationVersion._meta.concrete_fields} >= set(schema)
    assert date in schema.values()


def test_pages_by_key_show_each_vehicle_once() -> None:
    garage = world.garage()
    bulk_fleet(garage, 120, others=0)
    client = client_of(world.member(garage.organisation, rights=[FleetRight.VIEW]), garage.portal)
    for sort in ("plate", "-plate", "since", "-since", "value", "-value", "make"):
        seen: list[str] = []
        after: str | None = ""
        while after is not None:
            shown = client.get("/vehicles/", {"sort": sort, "after": after}).context
            page = shown["page"]
            seen += [row.plate for row in page.rows]
            after = page.older
        assert len(seen) == len(set(seen)) == shown["totals"].vehicles > 100
        back = client.get("/vehicles/", {"sort": sort, "before": f"{_key(page.rows[0], sort)}"}).context["page"]
        assert [row.plate for row in back.rows] == seen[50:100]


def _key(row: RegistrationVersion, sort: str) -> str:
    column = SORTS[sort.lstrip("-")]
    return f"{getattr(row, column)}~{row.plate}"
