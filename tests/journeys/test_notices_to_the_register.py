"""A garage registers, the desk sees the clock run, and the state register answers: accepted, or refused and put
right; by a connection, and by file."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from remise.core.identifiers import Plate
from remise.demo.state_register import Said, Stand
from remise.fleet.rights import FleetRight, UnderwritingRight
from remise.notices.rights import NoticeRight
from tests import vehicles, world
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.fleet_pages import fill_registration, submit
from tests.notices.telling import Telling, Way, connected, telling


def desk_of(browse: Browse, of: Telling) -> Page:
    insurer = world.insurer(of.garage.portal)
    mirjam = world.member(insurer, rights=[*NoticeRight, *UnderwritingRight], name="Mirjam Postma")
    page = browse(mirjam, of.garage.portal)
    page.goto("/desk/notices/")
    return page


def owner_of(browse: Browse, of: Telling) -> Page:
    rights = [FleetRight.VIEW, FleetRight.REGISTER, FleetRight.DEREGISTER]
    return browse(world.member(of.garage.organisation, rights=list(rights), name="Sanne de Wit"), of.garage.portal)


def register(page: Page, of: Telling) -> Plate:
    plate = vehicles.fresh_plate()
    vehicles.in_register(plate)
    page.goto("/vehicles/register")
    fill_registration(page, plate, vehicles.CODE, vehicles.today(of.garage))
    submit(page)
    expect(page.get_by_role("main")).to_contain_text(plate.formatted)
    return plate


def row(page: Page, plate: Plate) -> Locator:
    return page.locator("tbody tr").filter(has_text=plate.formatted)


def vehicle_page(page: Page, of: Telling, plate: Plate) -> None:
    (notice,) = [one for one in of.notices() if one.plate == plate.value][-1:]
    page.goto(f"/vehicles/{notice.item_id}")


@pytest.mark.phone
def test_garage_registers_and_the_register_accepts(browse: Browse) -> None:
    of = telling()
    owner = owner_of(browse, of)
    plate = register(owner, of)
    desk = desk_of(browse, of)
    expect(row(desk, plate)).to_contain_text("28")
    no_violations(desk)
    vehicle_page(owner, of, plate)
    expect(owner.get_by_role("main")).to_contain_text(words("At the state register"))
    no_violations(owner)
    with connected(Stand()):
        of.exchange()
    desk.reload()
    expect(row(desk, plate)).to_have_count(0)
    desk.goto("/desk/notices/?show=accepted")
    row(desk, plate).get_by_role("link").click()
    expect(desk.get_by_role("main")).to_contain_text("R00000001")
    no_violations(desk)
    owner.reload()
    section = owner.locator("section, .sheet").filter(has_text=words("At the state register")).last
    expect(section).to_contain_text(str(vehicles.today(of.garage).day))


@pytest.mark.phone
def test_insurer_chooses_how_notices_go(browse: Browse) -> None:
    of = telling(Way.NONE)
    plate = register(owner_of(browse, of), of)
    with connected(Stand()):
        desk = desk_of(browse, of)
        expect(desk.get_by_role("main")).to_contain_text(words("Not connected to the register"))
        desk.get_by_role("link", name=words("How they go")).click()
        waiting = desk.locator("dl > div").filter(has_text=words("Waiting"))
        expect(waiting).to_contain_text("1")
        no_violations(desk)
        desk.locator('input[name="way"][value="http"]').check(force=True)
        lay_down = desk.get_by_role("button", name=words("Lay this down"))
        lay_down.click()
        expect(desk.get_by_role("main")).to_contain_text(words("Fill in the code by which the register knows you."))
        no_violations(desk)
        desk.get_by_label(words("Your code at the register")).fill("0413")
        lay_down.dblclick()
        expect(desk.get_by_role("main")).to_contain_text(words("Laid down. From that day on notices go this way."))
        no_violations(desk)
        of.exchange()
    desk.goto("/desk/notices/?show=accepted")
    expect(row(desk, plate)).to_have_count(1)


def test_refused_notice_is_corrected_and_accepted(browse: Browse) -> None:
    of = telling()
    owner = owner_of(browse, of)
    plate = register(owner, of)

    def judge(said: Said) -> tuple[str, str] | None:
        return ("check_code", "Meldcode klopt niet") if said["check_code"] == vehicles.CODE else None

    with connected(Stand(judge=judge)) as stand:
        of.exchange()
        vehicle_page(owner, of, plate)
        expect(owner.get_by_role("main")).to_contain_text(of.garage.portal.desk_name)
        desk = desk_of(browse, of)
        desk.get_by_role("navigation", name=words("Which notices")).get_by_role("link", name=words("Refused")).click()
        row(desk, plate).get_by_role("link").click()
        expect(desk.get_by_role("main")).to_contain_text("Meldcode klopt niet")
        no_violations(desk)
        code = desk.get_by_label(words("Right check code"))
        code.fill(vehicles.CODE)
        desk.get_by_role("button", name=words("Correct and send again")).click()
        expect(code).to_have_attribute("aria-invalid", "true")
        code.fill("9999")
        desk.get_by_role("button", name=words("Correct and send again")).click()
        expect(desk.get_by_role("main")).to_contain_text(words("Notices to the register"))
        of.exchange()
        assert [cover["check_code"] for cover in stand.cover.values()] == ["9999"]
    desk.goto("/desk/notices/?show=accepted")
    expect(row(desk, plate)).to_have_count(1)


@pytest.mark.once
def test_notices_go_by_file(browse: Browse, tmp_path: Path) -> None:
    of = telling(way=Way.FILE)
    first, second = of.register(), of.register()
    desk = desk_of(browse, of)
    desk.get_by_role("link", name=words("Batches")).click()
    desk.get_by_role("button", name=words("Make a file")).click()
    no_violations(desk)
    with desk.expect_download() as download:
        desk.get_by_role("link", name=words("Download the file")).click()
    content = Path(download.value.path()).read_text()
    assert first.plate.value in content
    desk.get_by_role("button", name=words("I have uploaded it")).click()
    expect(desk.get_by_role("button", name=words("I have uploaded it"))).to_have_count(0)
    answer = tmp_path / "answer.csv"
    answer.write_text(
        "batch;line;verdict;code;words\n1;1;accepted;;\n1;2;rejected;unknown_plate;Onbekend\n1;7;accepted;;\n"
    )
    desk.get_by_label(words("Answer of the register")).set_input_files(answer)
    desk.get_by_role("button", name=words("Take it in")).click()
    expect(desk.get_by_role("main")).to_contain_text(words("These lines could not be read"))
    no_violations(desk)
    assert of.told(first) == [("start", "accepted")]
    assert of.told(second) == [("start", "rejected")]


@pytest.mark.once
def test_desk_goes_through_the_list_by_keyboard(browse: Browse) -> None:
    of = telling()
    held = [of.register(days=days) for days in (20, 10, 1)]
    desk = desk_of(browse, of)
    places = desk.locator("[data-notice]")
    expect(places).to_have_count(3)
    assert [text.split()[-1] for text in places.all_inner_texts()] == [one.plate.formatted for one in held]
    desk.keyboard.press("j")
    expect(places.nth(0)).to_be_focused()
    desk.keyboard.press("j")
    desk.keyboard.press("k")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("main")).to_contain_text(held[0].plate.formatted)
