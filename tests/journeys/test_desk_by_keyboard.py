"""A day at the desk without a mouse: through the list, take, decide, on to the next under the same filter."""

import re

import pytest
from playwright.sync_api import Page, expect

from remise.desk.models import DeskNote
from remise.organisations.models import Membership
from tests import vehicles
from tests.desk.office import Office, office, said, stored
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.test_by_keyboard import tab_to
from tests.world import OWNER


@pytest.fixture
def desk() -> Office:
    return office()


def at_queue(browse: Browse, desk: Office, asked: str = "", who: Membership | None = None) -> Page:
    page = browse(who or desk.mirjam, desk.garage.portal)
    page.goto(f"/desk/{asked}")
    return page


@pytest.mark.desk
def test_desk_by_keyboard_through_the_queue(browse: Browse, desk: Office) -> None:
    plates = [vehicles.fresh_plate() for _one in range(3)]
    first, second, third = (desk.late(plate=plate, back=40) for plate in plates)
    page = at_queue(browse, desk, "?who=nobody")
    here = page.locator("[data-case][aria-current]")
    page.keyboard.press("j")
    expect(here).to_contain_text(plates[0].formatted)
    page.keyboard.press("j")
    expect(here).to_contain_text(plates[1].formatted)
    page.keyboard.press("k")
    expect(here).to_contain_text(plates[0].formatted)
    expect(page).to_have_url(re.compile("who=nobody"))
    # A note for colleagues, and a question to the customer.
    page.keyboard.press("n")
    expect(page.get_by_label(words("Note"))).to_be_focused()
    page.keyboard.type("jk? Belt straks.")
    tab_to(page, page.get_by_role("button", name=words("Add the note")), at_most=2)
    page.keyboard.press("Enter")
    expect(page.locator(".desk-notes")).to_contain_text("jk? Belt straks.")
    page.keyboard.press("m")
    expect(page.get_by_label(words("Message"))).to_be_focused()
    page.keyboard.press("Escape")
    page.locator("body").evaluate("() => document.activeElement.blur()")
    page.keyboard.press("t")
    expect(page.get_by_label(words("Reason"))).to_be_visible()
    page.keyboard.press("r")
    expect(page.get_by_label(words("Reason"))).to_be_focused()
    page.keyboard.type("De tenaamstelling klopt.")
    tab_to(page, page.get_by_role("button", name=words("Refuse"), exact=True), at_most=3)
    page.keyboard.press("Enter")
    # The next one that nobody has opens by itself.
    expect(here).to_contain_text(plates[1].formatted)
    expect(page).to_have_url(re.compile("who=nobody"))
    assert (stored(first).state, stored(first).reason) == ("refused", "De tenaamstelling klopt.")
    # Given to a colleague without a mouse.
    page.keyboard.press("a")
    expect(page.locator("#id_hand_to")).to_be_focused()
    page.keyboard.type("Daan")
    tab_to(page, page.locator("#id_hand_why"), at_most=2)
    page.keyboard.type("Jij kent ze.")
    page.keyboard.press("Enter")
    expect(page.get_by_text(words("%(name)s is at it.").partition("%(name)s")[2].strip()).first).to_be_visible()
    assert stored(second).assignee == desk.daan.account_id
    page.keyboard.press("g")
    page.keyboard.press("q")
    expect(page).to_have_url(re.compile(r"/desk/\?who=nobody$"))
    expect(page.locator("[data-case]")).to_have_count(1)
    page.keyboard.press("o")
    expect(page.get_by_role("heading", level=2, name=words("Insure from an earlier day"))).to_be_visible()
    expect(page).to_have_url(re.compile(f"/desk/{third.id}"))


@pytest.mark.desk
def test_desk_keys_are_told_and_put_out(browse: Browse, desk: Office) -> None:
    request = desk.late()
    page = at_queue(browse, desk)
    page.keyboard.press("?")
    told = page.get_by_role("dialog", name=words("Keys of the desk"))
    expect(told).to_be_visible()
    no_violations(page)
    page.keyboard.press("j")  # the list of keys is open: nothing else happens
    expect(told).to_be_visible()
    page.keyboard.press("Escape")
    expect(told).to_be_hidden()
    tab_to(page, page.locator(f"#line-{request.id}"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/desk/{request.id}"))
    page.get_by_label(words("Keys"), exact=True).uncheck()
    page.locator("body").evaluate("() => document.activeElement.blur()")
    for key in ("t", "?", "n"):
        page.keyboard.press(key)
    expect(told).to_be_hidden()
    expect(page.get_by_role("button", name=words("Take it"))).to_be_visible()
    page.reload()
    expect(page.get_by_label(words("Keys"), exact=True)).not_to_be_checked()


@pytest.mark.desk
def test_desk_picks_several_by_keyboard(browse: Browse, desk: Office) -> None:
    requests = [desk.late() for _one in range(2)]
    page = at_queue(browse, desk)
    for request in requests:
        tab_to(page, page.locator(f"#line-{request.id}"))
        page.keyboard.press("x")
    expect(page.get_by_role("status").filter(has_text="2")).to_be_visible()
    no_violations(page)
    page.keyboard.press("t")
    expect(page.get_by_role("main")).to_contain_text("Mirjam Postma")
    assert {stored(one).assignee for one in requests} == {desk.mirjam.account_id}


@pytest.mark.full
@pytest.mark.desk
def test_desk_clocks_go_on_and_what_is_typed_stays(browse: Browse, desk: Office) -> None:
    """What htmx brings each minute leaves alone what somebody types, picked or opened."""
    request = desk.late()
    page = browse(desk.mirjam, desk.garage.portal)
    page.clock.install()
    page.goto(f"/desk/{request.id}")
    page.locator(f"#pick-{request.id}").check()
    page.locator("#desk-filters > summary").click()
    page.get_by_label(words("Note")).fill("Half af")
    another = desk.late()
    with page.expect_response(re.compile(r"/desk/\?")):
        page.clock.fast_forward("01:01")
    expect(page.locator(f"#line-{another.id}")).to_be_visible()
    expect(page.locator(f"#pick-{request.id}")).to_be_checked()
    expect(page.locator(f"#pick-{another.id}")).not_to_be_checked()
    expect(page.locator("#desk-filters")).to_have_attribute("open", "")
    expect(page.get_by_label(words("Note"))).to_have_value("Half af")
    expect(page.locator("#case-clock")).to_have_count(1)
    assert (said(request), DeskNote.objects.using(OWNER).filter(request=request.id).count()) == ([], 0)
