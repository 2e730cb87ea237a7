"""Who forgot the old address makes a new account and proves the company by a policy number (58); the administrator
closes the old one in the same step (61)."""

from playwright.sync_api import expect

from remise.organisations.models import Membership
from tests import world
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.test_f006_link_request import JOOST, ask
from tests.world import OWNER


def test_f061_old_account_ends_with_the_new_one(browse: Browse) -> None:
    garage = world.garage()
    owner = world.member(garage.organisation, rights=["users.manage"], name="Kees Bos")
    old = world.member(garage.organisation, rights=["vehicles.view"], name="Joost de Vries")
    joost = world.account()
    his = browse(joost, garage.portal)
    ask(his, "40.31415", "Policy number", had_account=True)
    ask(his, garage.policy.number, "Policy number", had_account=True)
    rows = his.locator(".comers li")
    expect(rows).to_have_count(2)
    first, second = (row.replace("40.31415", "").replace(garage.policy.number, "") for row in rows.all_inner_texts())
    assert first == second

    page = browse(owner, garage.portal)
    page.goto("/links/inbox")
    page.locator("select[name=replaces]").select_option(label="Joost de Vries")
    no_violations(page)
    page.get_by_role("button", name=words("Let %(name)s in") % {"name": JOOST}).click()
    page.goto("/company/people/changes")
    expect(page.get_by_text("Joost de Vries").first).to_be_visible()
    no_violations(page)
    states = dict(
        Membership.objects.using(OWNER).filter(organisation=garage.organisation.id).values_list("account", "state")
    )
    assert (states[old.account_id], states[joost.pk]) == ("ended", "active")


def test_f058_first_account_opens_with_the_mailbox_the_insurer_knows(browse: Browse) -> None:
    garage = world.garage()
    joost = world.account()
    garage.organisation.contact_email = joost.email
    garage.organisation.save(using=OWNER)
    his = browse(joost, garage.portal)
    ask(his, garage.policy.number, "Policy number")
    his.goto("/company/people")
    expect(his.get_by_role("link", name=words("Invite a colleague")).first).to_be_visible()
