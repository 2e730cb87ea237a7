"""Another e-mail address, and the list of the own sessions."""

from django.urls import reverse
from playwright.sync_api import expect

from tests import world
from tests.accounts.visiting import PASSWORD, code_of, path_in
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.door_pages import heading, press
from tests.journeys.server import Mailbox
from tests.journeys.sign_in_pages import give_code, give_password, sign_in


def test_f060_another_address(browse: Browse, mailbox: Mailbox) -> None:
    portal, account = world.portal(), world.account(password=PASSWORD, coupled=True)
    new = f"nieuw-{world.unique()}@example.test"
    page = browse(account, portal)
    page.goto(reverse("mfa_index"))
    page.locator(f'a[href="{reverse("account_change_address")}"]').click()
    heading(page, words("Another e-mail address"))
    page.get_by_label(words("New e-mail address")).fill(new)
    press(page, words("Send me the link"))
    heading(page, words("Sign-in and security"))
    expect(page.get_by_role("main")).to_contain_text(account.email)
    assert mailbox.newest(account.email) is not None
    page.goto(path_in(mailbox.newest(new)))
    heading(page, words("Sign in with this address from now on?"))
    press(page, words("Use this address"))
    heading(page, words("Sign-in and security"))
    expect(page.get_by_role("main")).to_contain_text(new)
    other = browse(None, portal)
    other.goto("/account/sign-in/")
    give_password(other, account.email, PASSWORD)
    heading(other, words("Sign in"))
    give_password(other, new, PASSWORD)
    heading(other, words("The code from your app"))


def test_f063_sessions_are_seen_and_ended(browse: Browse) -> None:
    portal, account = world.portal(), world.account(password=PASSWORD, coupled=True)
    page, other = browse(None, portal), browse(None, portal)
    sign_in(page, account.email, PASSWORD, path=reverse("mfa_index"))
    other.goto(reverse("mfa_index"))
    give_password(other, account.email, PASSWORD)
    give_code(other, code_of(periods=1))
    heading(other, words("Sign-in and security"))
    page.goto(reverse("account_sessions"))
    heading(page, words("Where you are signed in"))
    expect(page.get_by_role("button", name=words("End it"), exact=True)).to_have_count(1)
    press(page, words("End it"))
    expect(page.get_by_role("button", name=words("End it"), exact=True)).to_have_count(0)
    no_violations(page)
    other.reload()
    heading(other, words("Sign in"))
    press(page, words("End all, also this one"))
    heading(page, words("Sign in"))
    page.go_back()
    expect(page.get_by_text(account.email)).to_have_count(0)
