"""Five wrong passwords block strangers' browsers; administrators let colleagues in, the desk administrators. And
whom they sign out is out at the next click."""

import re

import pytest
from playwright.sync_api import expect

from remise.core.models import Event
from remise.organisations.rights import LetInRight, OrganisationRight
from tests import world
from tests.accounts.visiting import PASSWORD, code_of, path_in
from tests.journeys.browsing import Browse, no_violations, words, words_for
from tests.journeys.coming_in_pages import work
from tests.journeys.door_pages import guess, heading, is_blocked, press
from tests.journeys.server import Mailbox
from tests.journeys.sign_in_pages import give_code, give_password, sign_in
from tests.world import OWNER


@pytest.mark.phone
def test_f033_administrator_lets_a_blocked_colleague_in(browse: Browse, mailbox: Mailbox) -> None:
    garage = world.garage()
    manages: list[str] = [OrganisationRight.MANAGE_USERS]
    owner = world.member(garage.organisation, rights=manages, name="Kees Bos", password=PASSWORD, coupled=True)
    piet = world.member(
        garage.organisation, rights=["vehicles.view"], name="Piet Vos", password=PASSWORD, coupled=True
    )
    door = browse(None, garage.portal)
    guess(door, piet.account.email)
    is_blocked(door, piet.account.email, PASSWORD)

    colleague = browse(world.member(garage.organisation, rights=["vehicles.view"], name="Anna"), garage.portal)
    answer = colleague.goto(f"/company/people/{piet.id}")
    assert answer is not None
    assert answer.status == 403

    work()
    page = browse(None, garage.portal)
    page.goto(path_in(mailbox.newest(owner.account.email)))
    give_password(page, owner.account.email, PASSWORD)
    give_code(page, code_of())
    expect(page).to_have_url(re.compile(rf"/company/people/{piet.id}#locked-out$"))
    page.goto("/")
    expect(page.get_by_role("main")).to_contain_text(words("%(name)s cannot sign in") % {"name": "Piet Vos"})
    no_violations(page)
    page.locator(".todo").get_by_role("link").click()
    expect(page.locator("#locked-out")).to_contain_text(words("Blocked since"))
    no_violations(page)
    press(page, words("Let %(name)s in again") % {"name": "Piet Vos"})
    expect(page.locator("#locked-out")).to_have_count(0)
    expect(page.locator("#history")).to_contain_text("Kees Bos")
    event = Event.objects.using(OWNER).get(kind="membership.unblocked", subject=piet.id)
    assert event.account == owner.account_id

    give_password(door, piet.account.email, PASSWORD)
    give_code(door, code_of())
    expect(door).to_have_url(re.compile(r"/$"))


def test_f034_desk_lets_a_blocked_administrator_in(browse: Browse) -> None:
    garage = world.garage()
    manages: list[str] = [OrganisationRight.MANAGE_USERS]
    owner = world.member(garage.organisation, rights=manages, name="Kees Bos", password=PASSWORD, coupled=True)
    second = world.member(garage.organisation, rights=manages, name="Anna Smit")
    desk = world.member(world.insurer(garage.portal), rights=[LetInRight.LET_IN], name="Mirjam")
    door = browse(None, garage.portal)
    guess(door, owner.account.email)

    other = browse(second, garage.portal)
    other.goto(f"/company/people/{owner.id}")
    expect(other.locator("#locked-out")).to_contain_text(garage.portal.desk_phone)
    expect(other.locator("#locked-out").get_by_role("button")).to_have_count(0)
    no_violations(other)

    page = browse(desk, garage.portal)
    page.goto("/")
    expect(page.get_by_role("main")).to_contain_text(
        words_for(
            "%(many)s administrator of a customer cannot sign in",
            "%(many)s administrators of customers cannot sign in",
            1,
        )
        % {"many": 1}
    )
    no_violations(page)
    page.locator(".todo").get_by_role("link").click()
    expect(page).to_have_url(re.compile("/locked-out/$"))
    heading(page, words("Not getting in"))
    press(page, words("Lift the block"))
    expect(page.get_by_role("main")).to_contain_text(words("Say first how you know who it is."))
    no_violations(page)
    page.get_by_text(words("Called back on the number that we had already")).click()
    press(page, words("Lift the block"))
    expect(page.get_by_role("main")).to_contain_text(words("Everybody gets in"))

    give_password(door, owner.account.email, PASSWORD)
    give_code(door, code_of())
    expect(door).to_have_url(re.compile(r"/$"))


def test_colleague_who_was_signed_out_is_out_at_the_next_click(browse: Browse) -> None:
    garage = world.garage()
    owner = world.member(garage.organisation, rights=[OrganisationRight.MANAGE_USERS], name="Kees Bos")
    piet = world.member(
        garage.organisation, rights=["vehicles.view"], name="Piet Vos", password=PASSWORD, coupled=True
    )
    laptop = browse(None, garage.portal)
    sign_in(laptop, piet.account.email, PASSWORD)

    page = browse(owner, garage.portal)
    page.goto(f"/company/people/{piet.id}")
    expect(page.locator("#sign-out")).to_contain_text(words("Lost a laptop, or is somebody else at the screen?"))
    press(page, words("Sign out everywhere"))
    expect(page.get_by_text(words("%(name)s is signed out everywhere.") % {"name": "Piet Vos"})).to_be_visible()
    expect(page.locator("#history")).to_contain_text("Kees Bos")
    no_violations(page)

    laptop.locator("summary.avatar").click()
    laptop.get_by_role("link", name=words("What may I do?")).click()
    heading(laptop, words("Sign in"))
