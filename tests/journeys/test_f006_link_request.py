"""Somebody with an account and without a company asks to be linked; who decides there says yes, or no."""

import pytest
from playwright.sync_api import Page, expect

from remise.organisations.models import Organisation
from tests import world
from tests.journeys.browsing import Browse, menu_labels, no_violations, words, words_for
from tests.journeys.coming_in_pages import HANDLES, desk_of, work
from tests.journeys.server import Mailbox
from tests.world import OWNER

JOOST = "Joost Vries"


def ask(page: Page, number: str, by: str = "KvK number", *, had_account: bool = False) -> None:
    """By somebody whose account knows no name."""
    page.goto("/links/")
    no_violations(page)
    page.get_by_text(words(by), exact=True).click()
    page.locator('input[name="number"]').fill(number)
    page.get_by_label(words("Your name")).fill(JOOST)
    if had_account:
        page.get_by_label(words("I had an account here before, and can no longer read its mail")).check()
    page.get_by_role("button", name=words("Ask to join"), exact=True).dblclick()
    expect(page.get_by_role("heading", level=2, name=words("What you asked"))).to_be_visible()
    work()


@pytest.mark.phone
def test_f006_link_request_is_approved(browse: Browse, mailbox: Mailbox) -> None:
    garage = world.garage()
    owner = world.member(garage.organisation, rights=["users.manage"], name="Kees Bos")
    joost = world.account()
    his = browse(joost, garage.portal)
    his.goto("/")
    no_violations(his)
    his.get_by_role("link", name=words("Ask to join a company")).click()
    ask(his, str(garage.organisation.kvk))
    no_violations(his)
    assert garage.organisation.name in str(mailbox.newest(owner.account.email)["Subject"])

    page = browse(owner, garage.portal)
    page.goto("/")
    asks = words_for(
        "%(many)s person asks to work for your company", "%(many)s people ask to work for your company", 1
    )
    expect(page.get_by_role("heading", name=asks % {"many": 1})).to_be_visible()
    page.goto("/access/inbox")
    page.get_by_role("link", name=asks % {"many": 1}).click()
    expect(page.get_by_text(joost.email).first).to_be_visible()
    no_violations(page)
    page.locator("select[name=role]").select_option("reader")
    page.get_by_role("button", name=words("Let %(name)s in") % {"name": JOOST}).dblclick()
    expect(page.get_by_text(words("Nobody asks to work here"))).to_be_visible()
    no_violations(page)
    page.goto("/company/people")
    expect(page.get_by_text(JOOST).first).to_be_visible()

    work()
    his.goto("/")
    assert words("Vehicles") in menu_labels(his)
    assert garage.organisation.name in str(mailbox.newest(joost.email)["Subject"])


def test_f006_link_request_is_declined(browse: Browse) -> None:
    garage = world.garage()
    owner = world.member(garage.organisation, rights=["users.manage"], name="Kees Bos")
    his = browse(world.account(), garage.portal)
    ask(his, garage.policy.number, "Policy number")
    page = browse(owner, garage.portal)
    page.goto("/links/inbox")
    page.get_by_text(words("Do not let in"), exact=True).first.click()
    page.get_by_label(words("Why not? The person reads it.")).fill("Ik ken je niet.")
    no_violations(page)
    page.get_by_role("button", name=words("Do not let in")).click()
    expect(page.get_by_text(words("Nobody asks to work here"))).to_be_visible()
    work()
    his.goto("/links/")
    expect(his.get_by_text("Ik ken je niet.")).to_be_visible()
    no_violations(his)


@pytest.mark.phone
def test_f006_link_request_is_taken_by_one_of_the_desk(browse: Browse) -> None:
    garage = world.garage()
    mirjam = desk_of(garage)
    daan = world.member(
        Organisation.objects.using(OWNER).get(id=mirjam.organisation), rights=HANDLES, name="Daan Vos"
    )
    ask(browse(world.account(), garage.portal), str(garage.organisation.kvk))
    page, other = browse(mirjam, garage.portal), browse(daan, garage.portal)
    page.goto("/applications/")
    page.get_by_role("link", name=JOOST).click()
    other.goto(page.url)
    page.get_by_role("button", name=words("Take it")).dblclick()
    expect(page.get_by_text(words("You are at it. Colleagues see your name."))).to_be_visible()
    no_violations(page)
    other.get_by_role("button", name=words("Take it")).click()
    at_it = words("%(name)s is at it already.") % {"name": "Mirjam Postma"}
    expect(other.get_by_text(at_it)).to_be_visible()
    expect(other.get_by_role("button", name=words("Make administrator"))).to_have_count(0)
    no_violations(other)
    page.goto("/applications/?show=mine")
    expect(page.get_by_text("Mirjam Postma").last).to_be_visible()
    no_violations(page)
    page.get_by_role("link", name=JOOST).click()
    page.get_by_role("button", name=words("Put it back in the queue")).click()
    expect(page.get_by_role("button", name=words("Take it"))).to_be_visible()
