"""A forgotten password: address and number, a link that works once, a new password, and on to the app's code."""

import re
import time

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests import world
from tests.accounts.visiting import PASSWORD, code_of, path_in
from tests.journeys.browsing import Browse, words
from tests.journeys.door_pages import heading, press
from tests.journeys.server import Mailbox
from tests.journeys.sign_in_pages import give_code, give_password

NEW = "een andere lange zin"


@pytest.mark.phone
def test_f028_f039_f066_forgotten_password(browse: Browse, mailbox: Mailbox) -> None:
    portal, account = world.portal(), world.account(password=PASSWORD, coupled=True)
    elsewhere = browse(account, portal)
    elsewhere.goto(reverse("mfa_index"))
    page = browse(None, portal)
    page.goto("/account/sign-in/")
    page.get_by_role("link", name=words("Forgotten your password?")).click()
    heading(page, words("Forgotten your password?"))
    page.get_by_label(words("E-mail address")).fill("tikfout@example.test")
    press(page, words("Send me the link"))
    heading(page, words("Look in your mail"))
    expect(page.get_by_role("main")).to_contain_text("tikfout@example.test")
    page.get_by_role("link", name=words("Correct the address")).click()
    expect(page.get_by_label(words("E-mail address"))).to_have_value("tikfout@example.test")
    page.get_by_label(words("E-mail address")).fill(account.email)
    press(page, words("Send me the link"))
    asked = time.monotonic()
    expect(page.get_by_role("main")).to_contain_text(account.email)
    spam = "No mail after five minutes? Check the spelling above, and look in your folder for unwanted mail (spam)."
    expect(page.get_by_role("main")).to_contain_text(str(words(spam)))

    link = path_in(mailbox.newest(account.email))
    assert time.monotonic() - asked < 10
    page.goto(link)
    heading(page, words("Choose a new password"))
    page.get_by_label(words("New password"), exact=True).fill("koetspoort123")
    press(page, words("Use this password from now on"))
    expect(page.get_by_role("main")).to_contain_text(
        str(words("This is easily guessed from your name, your address or your company."))
    )
    page.get_by_label(words("New password"), exact=True).fill(NEW)
    press(page, words("Use this password from now on"))
    heading(page, words("The code from your app"))
    give_code(page, code_of())
    expect(page).to_have_url(re.compile(r"/$"))

    elsewhere.goto(reverse("mfa_index"))
    heading(elsewhere, words("Sign in"))
    elsewhere.goto(link)
    heading(elsewhere, words("This link does not work any more"))


def test_f022_f065_pair_of_address_and_number(browse: Browse, mailbox: Mailbox) -> None:
    """Where the portal asks for both; and the number signs in as the address does."""
    portal, account = world.portal(), world.account(password=PASSWORD, coupled=True)
    portal.reset_asks_number = True
    portal.save(using=world.OWNER)
    other = world.account()
    page = browse(None, portal)
    for number, subject in ((other.shown_number, "No account"), (account.shown_number, "")):
        page.goto(reverse("account_reset_password"))
        page.get_by_label(words("E-mail address")).fill(account.email)
        page.get_by_label(words("Account number")).fill(number)
        press(page, words("Send me the link"))
        heading(page, words("Look in your mail"))
        mail = mailbox.newest(account.email)
        assert ("/password/new/" in str(mail)) is not bool(subject)

    page.goto("/account/sign-in/")
    page.get_by_label(words("E-mail address or account number")).fill("kees")
    page.get_by_label(words("Password"), exact=True).fill(PASSWORD)
    press(page, words("Sign in"))
    expect(page.get_by_role("main")).to_contain_text(
        words("Sign in with your e-mail address, such as name@company.nl. A user name of before does not work.")
    )
    page.get_by_label(words("E-mail address or account number")).fill("")
    give_password(page, account.shown_number, PASSWORD)
    give_code(page, code_of())
    page.goto(reverse("mfa_index"))
    expect(page.get_by_role("main")).to_contain_text(account.email)
    expect(page.get_by_role("main")).to_contain_text(account.shown_number)
