"""From no account to two factors, out again, and back in with a recovery code."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests import world
from tests.accounts.visiting import PASSWORD, path_in
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.door_pages import heading, press
from tests.journeys.server import Mailbox
from tests.journeys.sign_in_pages import couple


def sign_in(page: Page, email: str) -> None:
    page.goto(f"{reverse('account_login')}?next={reverse('mfa_index')}")
    page.get_by_label(words("E-mail address")).fill(email)
    page.get_by_label(words("Password"), exact=True).fill(PASSWORD)
    press(page, words("Sign in"))


@pytest.mark.phone
def test_f052_first_sign_in(browse: Browse, mailbox: Mailbox) -> None:
    portal, email = world.portal(), f"nieuw-{world.unique()}@example.test"
    page = browse(None, portal)
    page.goto("/")
    page.get_by_role("link", name=words("No account yet? Make one")).click()
    heading(page, words("Make an account"))
    page.get_by_label(words("E-mail address")).fill(email)
    press(page, words("Send me the link"))
    heading(page, words("Look in your mail"))

    page.goto(path_in(mailbox.newest(email)))
    heading(page, words("Choose your password"))
    page.get_by_label(words("Password"), exact=True).fill(PASSWORD)
    press(page, words("Make my account"))
    heading(page, words("Sign in"))

    sign_in(page, email)
    heading(page, words("Couple your authenticator app"))
    couple(page)
    heading(page, words("Keep these recovery codes"))
    codes = page.locator(".codes li").all_inner_texts()
    with page.expect_download() as saved:
        page.get_by_role("link", name=words("Save as a file")).click()
    assert saved.value.suggested_filename == "recovery-codes.txt"
    file = saved.value.path().read_text()
    assert [code for code in codes if code not in file] == []
    page.get_by_role("link", name=words("I have kept them, go on")).click()
    heading(page, words("Sign-in and security"))

    page.locator("summary.avatar").click()
    page.get_by_role("button", name=words("Sign out")).click()
    heading(page, words("Sign in"))
    for _ in range(3):
        page.go_back()
        expect(page).to_have_url(re.compile(re.escape(reverse("account_login"))))
        expect(page.get_by_text(email)).to_have_count(0)

    sign_in(page, email)
    heading(page, words("The code from your app"))
    page.get_by_role("link", name=words("No phone at hand? Use a recovery code")).click()
    heading(page, words("One of your recovery codes"))
    page.get_by_label(words("Recovery code")).fill(codes[0])
    press(page, words("Sign in"))
    heading(page, words("Sign-in and security"))


@pytest.mark.full
def test_f053_pages_about_ones_sign_in(browse: Browse) -> None:
    """Each page about the own account, for who is signed in."""
    account = world.account(coupled=True)
    page = browse(account, world.portal())
    for name in ("mfa_index", "account_change_password", "account_logout", "mfa_reauthenticate"):
        page.goto(reverse(name))
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        no_violations(page)
    for name in ("mfa_activate_totp", "mfa_deactivate_totp", "mfa_generate_recovery_codes"):
        page.goto(reverse(name))
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        no_violations(page)
