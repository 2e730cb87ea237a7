"""Many vehicles at once: pasted or as a file, looked through before anything happens, mended in place, done on a yes;
one alone stays possible as well."""

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from remise.core.models import Entry
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.organisations.models import Party
from remise.runs.models import Run
from tests import vehicles, world
from tests.fleet.test_together import FIELDS
from tests.jobs import work_off
from tests.journeys.browsing import Browse, no_violations, words, words_for
from tests.journeys.fleet_pages import submit
from tests.world import OWNER, Garage


@pytest.fixture
def lessor() -> Garage:
    return world.garage(fields=FIELDS)


def clerk(browse: Browse, garage: Garage) -> Page:
    return browse(world.member(garage.organisation, rights=list(FleetRight)), garage.portal)


def confirm(page: Page, one: str, other: str, rows: int) -> None:
    page.get_by_role("button", name=words_for(one, other, rows) % {"rows": rows}).click()
    work_off()
    page.reload()
    expect(page.get_by_role("status").filter(has_text=words("Done"))).to_be_visible()


def lessees(garage: Garage) -> list[str]:
    names = dict(Party.objects.using(OWNER).filter(organisation=garage.organisation.id).values_list("id", "name"))
    versions = RegistrationVersion.objects.using(OWNER).filter(policy=garage.policy.id, known_to=None)
    return [names.get(lessee or 0, "") for lessee in versions.order_by("item").values_list("lessee", flat=True)]


@pytest.mark.phone
def test_f121_f122_pasted_mended_and_registered(browse: Browse, lessor: Garage) -> None:
    page = clerk(browse, lessor)
    page.goto("/vehicles/")
    page.get_by_role("link", name=words("Several at once")).click()
    no_violations(page)
    good, mended, out = (vehicles.fresh_plate().formatted for _ in range(3))
    today = vehicles.today(lessor).isoformat()
    page.get_by_label(words("Paste the lines")).fill(
        "\n".join(
            [
                "Kenteken\tMeldcode\tDatum\tcover\tlessee",
                f"{good}\t0413\t{today}\tCasco\tBakkerij Bos",
                f"{mended}\t12A\t{today}\twa\tJansen",
                f"{out}\t0413\t2020-01-01\twa\t",
            ]
        )
    )
    page.get_by_role("button", name=words("Look the lines through")).click()
    expect(page.locator("#verdict")).to_contain_text("1")
    expect(page.locator(".file-line")).to_have_count(2)  # what is not right comes first
    no_violations(page)

    second = page.locator("#line-2")
    expect(second.locator("[aria-invalid]")).to_have_value("12A")
    second.locator("[aria-invalid]").fill("9876")
    second.get_by_role("button", name=words("Check again")).click()
    expect(second).to_contain_text(words("Can be done"))
    third = page.locator("#line-3")
    third.get_by_role("button", name=words("Leave out")).click()
    expect(third).to_contain_text(words("Left out"))
    expect(page.locator("#verdict")).to_contain_text(words("Every line is right."))
    no_violations(page)
    confirm(page, "Register %(rows)s vehicle", "Register %(rows)s vehicles", 2)
    no_violations(page)
    assert lessees(lessor) == ["Bakkerij Bos", "Jansen"]
    assert Entry.objects.using(OWNER).filter(organisation=lessor.organisation.id).count() == 2

    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    told = Path(download.value.path()).read_text("utf-8-sig").splitlines()
    assert [good in told[1], mended in told[2], out in told[3]] == [True] * 3
    assert told[3].endswith(words("You left this out."))


@pytest.mark.phone
def test_f121_what_many_lines_have_wrong_is_mended_once(browse: Browse, lessor: Garage) -> None:
    page = clerk(browse, lessor)
    page.goto("/vehicles/several/register")
    today, late = vehicles.today(lessor).isoformat(), vehicles.back(lessor, 40).isoformat()
    told = [f"{vehicles.fresh_plate().formatted}\t0413\t{today}\thalf" for _line in range(3)]
    alone = vehicles.fresh_plate().formatted
    page.get_by_label(words("Paste the lines")).fill(
        "\n".join(["Kenteken\tMeldcode\tDatum\tcover", *told, f"{alone}\t0413\t{late}\twa"])
    )
    page.get_by_role("button", name=words("Look the lines through")).click()
    many = page.locator(".file-alike")
    expect(many).to_have_count(1)
    expect(many).to_contain_text(words_for("%(shown)s line", "%(shown)s lines", 3) % {"shown": 3})
    no_violations(page)
    many.get_by_role("combobox").select_option("casco")
    label = words_for("Put it on this line", "Put it on these %(shown)s lines", 3) % {"shown": 3}
    many.get_by_role("button", name=label).click()
    expect(page.locator("#verdict")).to_contain_text("3")
    expect(many).to_have_count(0)
    expect(page.locator(".file-line")).to_have_count(1)
    no_violations(page)
    # What only the desk can allow is done by itself: filled in as the line says it.
    page.locator(".file-line").get_by_role(
        "link", name=words("Do this one by itself: there you can ask the desk")
    ).click()
    expect(page.get_by_label(words("Plate"), exact=True)).to_have_value(alone)
    submit(page)
    expect(page.get_by_role("main").get_by_role("button", name=words("Ask the desk"))).to_be_visible()


@pytest.mark.once
def test_f121_spreadsheet_all_or_none(browse: Browse, lessor: Garage) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["cover", "Kenteken", "Meldcode", "Extra"])
    plates = [vehicles.fresh_plate() for _ in range(3)]
    for plate in plates:
        sheet.append(["Casco", plate.value, "0413", "?"])
    file = BytesIO()
    book.save(file)
    page = clerk(browse, lessor)
    page.goto("/vehicles/several/register")
    chosen = {"name": "cars.xlsx", "mimeType": "application/octet-stream", "buffer": file.getvalue()}
    page.get_by_label(words("Or choose a file")).set_input_files(chosen)  # type: ignore[arg-type]
    page.get_by_role("button", name=words("Look the lines through")).click()
    work_off()
    page.reload()
    expect(page.get_by_text(words("These columns are not used: %(names)s.") % {"names": "Extra"})).to_be_visible()
    page.get_by_label(words("All or none: if one of them cannot be done any more, nothing is.")).check()
    vehicles.on_cover(lessor, plates[1], cover="wa")  # a colleague was faster
    page.get_by_role(
        "button", name=words_for("Register %(rows)s vehicle", "Register %(rows)s vehicles", 3) % {"rows": 3}
    ).click()
    work_off()
    page.goto(page.url)
    expect(page.locator(".file-line-wrong")).to_contain_text(plates[1].formatted)
    covered = RegistrationVersion.objects.using(OWNER).filter(policy=lessor.policy.id, known_to=None)
    assert [version.plate for version in covered] == [plates[1].value]
    run = Run.objects.using(OWNER).get(organisation=lessor.organisation.id)
    assert (run.state, run.accepted) == ("checked", 0)


@pytest.mark.phone
def test_f125_several_leave_each_on_its_own_day(browse: Browse, lessor: Garage) -> None:
    held = [vehicles.on_cover(lessor, days=20, cover="wa") for _ in range(2)]
    page = clerk(browse, lessor)
    page.goto("/vehicles/several/deregister")
    days = [vehicles.back(lessor, 3).isoformat(), vehicles.back(lessor, 5).isoformat()]
    rows = [f"{one.plate.formatted};{day}" for one, day in zip(held, days, strict=True)]
    page.get_by_label(words("Paste the lines")).fill("\n".join(rows))
    page.get_by_role("button", name=words("Look the lines through")).click()
    confirm(page, "Deregister %(rows)s vehicle", "Deregister %(rows)s vehicles", 2)
    known = RegistrationVersion.objects.using(OWNER).filter(policy=lessor.policy.id, known_to=None)
    assert list(known.order_by("item").values_list("ends", flat=True)) == [
        vehicles.back(lessor, 2),
        vehicles.back(lessor, 4),
    ]


@pytest.mark.once
def test_f120_one_at_a_time_stays_possible(browse: Browse, lessor: Garage) -> None:
    page = clerk(browse, lessor)
    page.goto("/vehicles/several/register")
    plate = vehicles.fresh_plate()
    page.get_by_label(words("Paste the lines")).fill(f"{plate.formatted};0413;{vehicles.today(lessor)};wa;;")
    page.get_by_role("button", name=words("Look the lines through")).click()
    confirm(page, "Register %(rows)s vehicle", "Register %(rows)s vehicles", 1)
    assert RegistrationVersion.objects.using(OWNER).get(policy=lessor.policy.id).plate == plate.value
