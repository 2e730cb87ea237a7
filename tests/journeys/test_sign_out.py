"""After signing out nothing is left in this browser: no page behind the back button, and no other window."""

import re

from playwright.sync_api import expect

from remise.fleet.rights import FleetRight
from tests import vehicles, world
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.sign_in_pages import sign_out


def test_sign_out_and_the_back_button(browse: Browse) -> None:
    garage = world.garage()
    held = vehicles.on_cover(garage)
    page = browse(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)
    page.goto("/vehicles/")
    page.goto(f"/vehicles/{held.item}")
    other_window = page.context.new_page()
    other_window.goto("/vehicles/")
    expect(other_window.get_by_role("main")).to_contain_text(held.plate.formatted)
    before = page.context.cookies()
    page.bring_to_front()
    sign_out(page)
    expect(page).to_have_url(re.compile("/account/sign-in/"))
    no_violations(page)
    for _ in range(2):  # as many pages as were looked at
        page.go_back()
        expect(page.get_by_role("heading", level=1, name=words("Sign in"))).to_be_visible()
        assert held.plate.formatted not in page.content()
    other_window.reload()
    expect(other_window.get_by_role("heading", level=1, name=words("Sign in"))).to_be_visible()
    # Nor does the old cookie open anything, in whichever browser.
    thief = browse(None, garage.portal)
    thief.context.add_cookies(
        [
            {"name": "session", "value": str(cookie.get("value")), "url": browse.server.address(garage.portal)}
            for cookie in before
            if cookie.get("name") == "session"
        ]
    )
    thief.goto(f"/vehicles/{held.item}")
    expect(thief.get_by_role("heading", level=1, name=words("Sign in"))).to_be_visible()
