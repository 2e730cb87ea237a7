"""The only user of a company without an administrator asks the insurer, and decides about rights from then on."""

from playwright.sync_api import expect

from tests import world
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.coming_in_pages import desk_of


def test_f012_sole_user_is_made_administrator(browse: Browse) -> None:
    garage = world.garage()
    desk = desk_of(garage)
    bram = world.member(garage.organisation, rights=[], name="Bram Jansen")
    his = browse(bram, garage.portal)
    his.goto("/help/who")
    no_violations(his)
    his.goto("/company/people")
    no_violations(his)
    ask = words("Ask %(insurer)s to make me administrator") % {"insurer": garage.portal.insurer}
    his.get_by_role("button", name=ask).dblclick()
    expect(his.get_by_text(words("Waiting for the desk")).first).to_be_visible()
    no_violations(his)

    page = browse(desk, garage.portal)
    page.goto("/desk/")
    page.get_by_role("link", name=words("Make me administrator")).first.click()
    page.get_by_role("button", name=words("Take it")).click()
    page.get_by_label(words("Reason")).fill("Gebeld met het nummer op de polis.")
    page.get_by_text(words("Called back on a number that we knew already")).click()
    no_violations(page)
    page.get_by_role("button", name=words("Make administrator")).click()

    expect(page.get_by_text(words("Make me administrator")).first).to_be_visible()
    his.goto("/company/people")
    expect(his.get_by_role("link", name=words("Invite a colleague")).first).to_be_visible()
