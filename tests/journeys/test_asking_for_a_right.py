"""Who misses a right asks for it with one click; who gives rights answers with one."""

import pytest
from playwright.sync_api import expect

from remise.fleet.rights import FleetRight
from remise.organisations.rights import OrganisationRight, label_of
from tests import world
from tests.journeys.browsing import Browse, menu_labels, no_violations, words
from tests.journeys.server import Mailbox


@pytest.mark.phone
def test_missing_right_is_asked_for_and_given(browse: Browse, mailbox: Mailbox) -> None:
    garage = world.garage()
    owner = world.member(
        garage.organisation, rights=[OrganisationRight.MANAGE_USERS, FleetRight.VIEW], name="Kees Bos"
    )
    salesman = world.member(garage.organisation, rights=[FleetRight.VIEW], name="Bram Jansen")
    label = str(label_of(FleetRight.REGISTER))

    his = browse(salesman, garage.portal)
    his.goto("/vehicles/register")
    expect(his.get_by_role("heading", level=1, name=words("You need one more right for this"))).to_be_visible()
    no_violations(his)
    his.get_by_role("button", name=words("Ask %(name)s for this right") % {"name": "Kees Bos"}).click()
    expect(his.get_by_role("heading", level=1, name=words("What may I do?"))).to_be_visible()
    row = his.get_by_role("listitem").filter(has=his.get_by_role("heading", name=label))
    expect(row.get_by_role("button", name=words("Ask no more"))).to_be_visible()
    no_violations(his)
    his.goto("/vehicles/register")
    expect(his.get_by_role("link", name=words("You asked for it. See how it stands"))).to_be_visible()
    assert "Bram Jansen" in str(mailbox.newest(owner.account.email)["Subject"])

    page = browse(owner, garage.portal)
    page.goto("/")
    page.get_by_role("link", name=words("Answer")).first.click()
    expect(page.get_by_role("heading", name=f"Bram Jansen: {label}")).to_be_visible()
    no_violations(page)
    page.get_by_role("button", name=words("Give %(name)s this right") % {"name": "Bram Jansen"}).click()
    expect(page.get_by_text(words("Nobody asks for a right"))).to_be_visible()
    no_violations(page)

    his.goto("/vehicles/register")  # no new sign-in
    expect(his.get_by_role("heading", level=1, name=words("You need one more right for this"))).to_have_count(0)
    assert words("Vehicles") in menu_labels(his)
    his.locator("summary.avatar").click()
    his.get_by_role("link", name=words("What may I do?")).click()
    expect(row.locator(".tone-good")).to_be_visible()


@pytest.mark.full
def test_right_is_not_given_and_the_reason_is_read(browse: Browse) -> None:
    garage = world.garage()
    owner = world.member(garage.organisation, rights=[OrganisationRight.MANAGE_USERS], name="Kees Bos")
    salesman = world.member(garage.organisation, rights=[], name="Bram Jansen")
    label = str(label_of(FleetRight.VIEW))
    his = browse(salesman, garage.portal)
    his.goto("/access/")
    his.get_by_role("button", name=words("Ask for the right: %(right)s") % {"right": label}).click()

    page = browse(owner, garage.portal)
    page.goto("/company/people")
    page.goto("/access/inbox")
    page.get_by_text(words("Do not give it"), exact=True).first.click()
    page.get_by_label(words("Why not? Your colleague reads it.")).fill("Vraag het aan Piet.")
    no_violations(page)
    page.get_by_role("button", name=words("Do not give it")).click()
    expect(page.get_by_text(words("Nobody asks for a right"))).to_be_visible()

    his.goto("/access/")
    expect(his.get_by_text("Vraag het aan Piet.")).to_be_visible()
    no_violations(his)
