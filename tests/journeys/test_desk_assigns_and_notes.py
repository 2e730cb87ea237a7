"""A request goes to a colleague with a note; the colleague finds it on the home page; the customer sees nothing."""

import pytest
from playwright.sync_api import expect

from tests import vehicles
from tests.desk.office import Office, office, stored
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.desk_pages import open_case


@pytest.fixture
def desk() -> Office:
    return office()


@pytest.mark.phone
def test_desk_assigns_and_notes(browse: Browse, desk: Office) -> None:
    plate = vehicles.fresh_plate()
    request = desk.late(plate=plate)
    page = browse(desk.mirjam, desk.garage.portal)
    page.goto("/desk/")
    no_violations(page)
    open_case(page, plate.formatted)
    page.get_by_label(words("Note")).fill("Belde vanmorgen, klonk boos.")
    page.get_by_role("button", name=words("Add the note")).click()
    notes = page.locator(".desk-notes")
    expect(notes).to_contain_text("Belde vanmorgen, klonk boos.")
    page.locator("[data-give] summary").click()
    page.locator("#id_hand_to").select_option(label="Daan Hoekstra")
    page.locator("#id_hand_why").fill("Jij kent deze garage.")
    no_violations(page)
    page.get_by_role("button", name=words("Hand it over"), exact=True).click()
    expect(notes).to_contain_text("Jij kent deze garage.")
    assert stored(request).assignee == desk.daan.account_id

    # He reads it on his home page; once he opened it, it is new no more.
    his = browse(desk.daan, desk.garage.portal)
    his.goto("/")
    main = his.get_by_role("main")
    expect(main).to_contain_text(words("%(name)s gave you a request") % {"name": "Mirjam Postma"})
    expect(main).to_contain_text("Jij kent deze garage.")
    no_violations(his)
    his.get_by_role("link", name=words("Open it")).click()
    expect(main).to_contain_text("Belde vanmorgen, klonk boos.")
    his.goto("/")
    expect(main).not_to_contain_text("Jij kent deze garage.")

    # Taken over while he is away: with a reason, which he reads.
    page.reload()
    page.get_by_role("button", name=words("Hand it over"), exact=True).click()
    expect(page.locator("#id_hand_why")).to_have_attribute("aria-invalid", "true")
    no_violations(page)
    page.locator("#id_hand_why").fill("Daan is er vandaag niet.")
    page.get_by_role("button", name=words("Hand it over"), exact=True).click()
    expect(page.get_by_label(words("Reason"))).to_be_visible()
    assert stored(request).assignee == desk.mirjam.account_id
    his.goto("/")
    expect(main).to_contain_text("Daan is er vandaag niet.")

    # The customer reads that the desk is at it, and nothing of all this.
    theirs = browse(desk.owner, desk.garage.portal)
    for address in ("/", "/requests/", f"/requests/{request.id}"):
        theirs.goto(address)
        shown = theirs.get_by_role("main")
        for word in ("boos", "Daan", "Mirjam", "deze garage"):
            expect(shown).not_to_contain_text(word)
    expect(theirs.get_by_role("main")).to_contain_text(words("The desk is at it"))


@pytest.mark.full
def test_desk_narrows_the_queue(browse: Browse, desk: Office) -> None:
    plate, held = vehicles.fresh_plate(), vehicles.on_cover(desk.garage, days=20)
    mine = desk.late(plate=plate)
    value = desk.value(held)
    desk.take(mine)
    page = browse(desk.mirjam, desk.garage.portal)
    page.goto("/desk/")
    lines = page.locator("[data-case]")
    expect(lines).to_have_count(2)
    page.get_by_role("link", name=words("Mine")).first.click()
    expect(lines).to_have_count(1)
    expect(lines).to_contain_text(plate.formatted)
    page.get_by_role("link", name=words("Mine")).first.click()  # taken off again
    expect(lines).to_have_count(2)
    page.locator("#desk-kinds summary").click()
    page.get_by_role("link", name=words("Catalogue value is wrong"), exact=True).click()
    expect(lines).to_have_count(1)
    expect(lines).to_contain_text(held.plate.formatted)
    no_violations(page)
    page.goto("/desk/")
    page.get_by_text(words("Find by company or plate")).click()
    page.get_by_label(words("Plate or word")).fill(held.plate.formatted)
    page.get_by_role("button", name=words("Show"), exact=True).click()
    expect(lines).to_have_count(1)
    lines.click()
    assert f"/desk/{value.id}" in page.url
    page.goto("/desk/?age=older")
    expect(page.get_by_role("main")).to_contain_text(words("Nothing has waited so long"))
    no_violations(page)
