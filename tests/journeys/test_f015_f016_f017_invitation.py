"""A colleague is invited, makes an account in four steps and works; another one links the account that is there."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from remise.fleet.rights import FleetRight
from remise.organisations.models import Invitation, Membership
from remise.organisations.rights import OrganisationRight
from tests import world
from tests.accounts.visiting import PASSWORD, code_of, path_in
from tests.journeys.browsing import Browse, menu_labels, no_violations, words, words_for
from tests.journeys.server import Mailbox
from tests.journeys.sign_in_pages import couple, give_code, give_password
from tests.world import OWNER

RIGHTS = [OrganisationRight.MANAGE_USERS, FleetRight.VIEW]


@pytest.mark.phone
def test_f015_f016_invited_colleague_makes_an_account(browse: Browse, mailbox: Mailbox) -> None:
    garage = world.garage()
    owner = world.member(garage.organisation, rights=[*RIGHTS], name="Kees Bos")
    email = f"joost-{world.unique()}@example.test"

    page = browse(owner, garage.portal)
    page.goto("/company/people")
    page.get_by_role("link", name=words("Invite a colleague")).first.click()
    no_violations(page)
    page.get_by_role("button", name=words("Send the invitation")).click()
    expect(page.get_by_text(words("Fill in the name.")).first).to_be_visible()
    no_violations(page)
    page.get_by_label(words("Name of your colleague")).fill("Joost de Vries")
    page.get_by_label(words("E-mail address")).fill(email)
    page.get_by_text(words("Look only"), exact=True).click()
    page.get_by_role("button", name=words("Send the invitation")).click()
    expect(page.get_by_text(words("The invitation is on its way to %(email)s.") % {"email": email})).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Joost de Vries")).to_contain_text(words("Invited"))
    no_violations(page)

    his = browse(None, garage.portal)
    his.goto(path_in(mailbox.newest(email)))
    no_violations(his)
    his.get_by_role("link", name=words("Make an account")).click()
    expect(his.get_by_role("heading", level=1, name=words("Who are you?"))).to_be_visible()
    no_violations(his)
    his.get_by_label(words("First name")).fill("Joost")
    his.get_by_label(words("Infix")).fill("de")
    his.get_by_label(words("Surname")).fill("Vries")
    his.get_by_role("button", name=words("Next")).click()
    expect(his.get_by_role("heading", level=1, name=words("Your account"))).to_be_visible()
    his.get_by_role("link", name=words("Back")).click()
    expect(his.get_by_label(words("Surname"))).to_have_value("Vries")  # what was typed is still there
    his.get_by_role("button", name=words("Next")).click()
    his.get_by_label(words("Password"), exact=True).fill(PASSWORD)
    no_violations(his)
    his.get_by_role("button", name=words("Next")).click()
    no_violations(his)
    his.get_by_role("button", name=words("Next")).click()
    expect(his.get_by_role("heading", level=1, name=words("Is this right?"))).to_be_visible()
    no_violations(his)
    his.get_by_role("button", name=words("Make my account")).dblclick()

    give_password(his, email, PASSWORD)
    couple(his)
    his.goto("/")
    assert words("Vehicles") in menu_labels(his)
    assert Membership.objects.using(OWNER).filter(organisation=garage.organisation.id).count() == 2

    page.reload()
    expect(page.get_by_role("row").filter(has_text="Joost de Vries")).to_contain_text(words("Joined"))


def test_f017_invited_with_an_account_that_is_there(browse: Browse, mailbox: Mailbox) -> None:
    first = world.garage()
    second = world.garage(at=first.portal)
    owner = world.member(second.organisation, rights=[*RIGHTS], name="Kees Bos")
    email = f"sanne-{world.unique()}@example.test"
    sanne = world.member(first.organisation, rights=[FleetRight.VIEW], email=email, password=PASSWORD, coupled=True)

    page = browse(owner, first.portal)
    page.goto("/invitations/new")
    page.get_by_label(words("Name of your colleague")).fill("Sanne de Wit")
    page.get_by_label(words("E-mail address")).fill(sanne.account.email)
    page.get_by_text(words("Look only"), exact=True).click()
    page.get_by_role("button", name=words("Send the invitation")).click()
    expect(page.get_by_role("row").filter(has_text="Sanne de Wit")).to_be_visible()

    hers = browse(None, first.portal)
    hers.goto(path_in(mailbox.newest(email)))
    no_violations(hers)
    hers.get_by_role("link", name=words("Sign in and accept")).click()
    give_password(hers, email, PASSWORD)
    give_code(hers, code_of())
    no_violations(hers)
    hers.get_by_role("button", name=words("Accept"), exact=True).click()
    expect(
        hers.get_by_text(words("You work for %(company)s now.") % {"company": second.organisation.name})
    ).to_be_visible()
    assert Membership.objects.using(OWNER).filter(account=sanne.account_id).count() == 2


@pytest.mark.full
def test_f015_expired_invitation_is_asked_again(browse: Browse, mailbox: Mailbox) -> None:
    garage = world.garage()
    owner = world.member(garage.organisation, rights=[*RIGHTS], name="Kees Bos")
    email = f"joost-{world.unique()}@example.test"
    page = browse(owner, garage.portal)
    page.goto("/invitations/new")
    page.get_by_label(words("Name of your colleague")).fill("Joost de Vries")
    page.get_by_label(words("E-mail address")).fill(email)
    page.get_by_text(words("Nothing yet"), exact=True).click()
    page.get_by_role("button", name=words("Send the invitation")).click()
    row = page.get_by_role("row").filter(has_text="Joost de Vries")
    expect(row).to_be_visible()
    first = path_in(mailbox.newest(email))
    past = timezone.now() - timedelta(minutes=1)
    Invitation.objects.using(OWNER).filter(organisation=garage.organisation.id).update(expires_at=past)

    his = browse(None, garage.portal)
    his.goto(first)
    no_violations(his)
    his.get_by_role("button", name=words("Ask for a new one")).click()

    page.goto("/")
    asks = words_for(
        "%(many)s colleague asks for a new invitation", "%(many)s colleagues ask for a new invitation", 1
    )
    expect(page.get_by_role("heading", name=asks % {"many": 1})).to_be_visible()
    page.goto("/invitations/")
    expect(row).to_contain_text(words("asks for a new one"))
    no_violations(page)
    name = words("Send %(name)s a new invitation") % {"name": "Joost de Vries"}
    page.get_by_role("button", name=name).click()
    expect(row).to_contain_text(words("Invited"))
    newer = path_in(mailbox.newest(email))
    assert newer != first
    his.goto(newer)
    expect(his.get_by_role("link", name=words("Make an account"))).to_be_visible()
    page.get_by_role("button", name=words("Withdraw the invitation of %(name)s") % {"name": "Joost de Vries"}).click()
    his.reload()
    expect(his.get_by_role("heading", level=1, name=words("This invitation was withdrawn"))).to_be_visible()
    no_violations(his)
