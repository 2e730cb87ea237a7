"""A branch without a relation number is closed and says so; the insurer links the number, and it opens (8; the third
cause of 7)."""

import pytest
from playwright.sync_api import expect

from remise.fleet.rights import FleetRight
from tests import world
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.coming_in_pages import desk_of
from tests.world import OWNER


@pytest.mark.phone
def test_f007_f008_branch_opens_once_its_number_is_linked(browse: Browse) -> None:
    garage = world.garage()
    desk = desk_of(garage)
    garage.portal.relation_number_required = True
    garage.portal.save(using=OWNER)
    taken = garage.branch.relation_number
    other = world.branch(garage.organisation, name="Ommen", establishment_number="000000000017")
    other.relation_number = None
    other.save(using=OWNER)
    bram = world.member(garage.organisation, rights=[FleetRight.VIEW], name="Bram Jansen")

    his = browse(bram, garage.portal)
    his.goto("/vehicles/")
    his.locator(".place summary").first.click()
    his.get_by_role("button", name="Ommen").click()
    expect(his.get_by_role("heading", level=1, name=words("This branch has no relation number yet"))).to_be_visible()
    expect(his.locator("main")).to_contain_text(bram.account.email)
    no_violations(his)
    his.get_by_role(
        "button", name=words("Ask %(insurer)s for the number") % {"insurer": garage.portal.insurer}
    ).dblclick()
    expect(his.get_by_text(words("Waiting for the desk")).first).to_be_visible()
    his.goto("/")
    expect(his.get_by_role("link", name=words("You asked for it. See how it stands"))).to_be_visible()

    page = browse(desk, garage.portal)
    page.goto("/desk/")
    page.get_by_role("link", name=words("Link a relation number")).first.click()
    page.get_by_role("button", name=words("Take it")).click()
    page.locator('input[name="relation_number"]').fill(str(taken))
    page.get_by_label(words("Reason")).fill("Gekoppeld.")
    page.get_by_role("button", name=words("Link this number")).click()
    message = words("This number is of another branch. Look once more at which company this is.")
    expect(page.get_by_text(message).first).to_be_visible()
    no_violations(page)
    page.locator('input[name="relation_number"]').fill(f"R-{world.number()}")
    page.get_by_role("button", name=words("Link this number")).click()
    expect(page.get_by_text(words("Nothing waits for you"))).to_be_visible()

    his.goto("/vehicles/")
    expect(his.get_by_role("heading", level=1, name=words("This branch has no relation number yet"))).to_have_count(0)
