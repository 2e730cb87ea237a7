"""People of a former portal: told once by the right mail, a user name of before, and the password of there."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.hashers import make_password
from django.test import override_settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from remise.accounts.adapters import AccountAdapter
from remise.core import clock
from remise.organisations.models import Organisation
from remise.portals.models import OldPasswords, Portal
from tests import jobs, world
from tests.accounts.visiting import PASSWORD, code_of, path_in
from tests.book import moving
from tests.book.moving import PEOPLE, put, take
from tests.journeys.browsing import Browse, words
from tests.journeys.door_pages import heading, press
from tests.journeys.server import Mailbox
from tests.journeys.sign_in_pages import couple, give_code, give_password, sign_out
from tests.world import OWNER

OLD = "zomer in zwolle 1998"


@pytest.fixture
def at() -> Portal:
    """One to which its people are moving: from tomorrow on their passwords of there are renewed."""
    made = moving.portal()
    made.moved_on, made.old_passwords = clock.today(made) + timedelta(days=1), OldPasswords.RENEWED
    made.save(using=OWNER)
    Organisation.objects.using(OWNER).create(
        portal=made, kind=Organisation.Kind.COMPANY, kvk="01234567", name="Garage De Brug"
    )
    return made


def moved_in(at: Portal, path: Path, mailbox: Mailbox) -> tuple[str, str]:
    """Anna, who brings her password, and Bert, who brings none; the file is read twice."""
    anna, bert = (f"{name}@{at.slug}.example" for name in ("anna", "bert"))
    lines = [
        ("01234567", anna, "Anna Bos", "active", "", "anna.bos", make_password(OLD)),
        ("01234567", bert, "Bert Kok", "active", "", "bert.kok"),
    ]
    people = put(path / "people.csv", [*PEOPLE, "old_name", "old_password"], *lines)
    for _again in range(2):
        take(at, "people", people)
        with override_settings(MAILERS=mailbox.mailers):
            jobs.work_off()
    return anna, bert


def begin(page: Page, login: str, password: str) -> None:
    page.goto(reverse("account_login"))
    give_password(page, login, password)


@pytest.mark.full
def test_f023_f024_f027_f038_people_of_a_former_portal(
    browse: Browse, at: Portal, tmp_path: Path, mailbox: Mailbox
) -> None:
    mailbox.reset()
    anna, bert = moved_in(at, tmp_path, mailbox)
    assert sorted((str(mail["To"]), str(mail["Subject"])) for mail in mailbox.taken) == [
        (anna, f"Zo log je in bij {at.name}"),
        (bert, f"Kies je wachtwoord voor {at.name}"),
    ]

    # Anna types her user name of before, then her address; her password still works.
    page = browse(None, at)
    begin(page, "anna.bos", OLD)
    expect(page.get_by_role("main")).to_contain_text(
        words("Sign in with your e-mail address, such as name@company.nl. A user name of before does not work.")
    )
    begin(page, anna, OLD)
    heading(page, words("Couple your authenticator app"))
    couple(page)
    page.get_by_role("link", name=words("I have kept them, go on")).click()
    page.goto(reverse("access:mine"))
    heading(page, words("What may I do?"))

    # Bert chooses his by the link in his mail.
    other = browse(None, at)
    other.goto(path_in(mailbox.newest(bert)))
    heading(other, words("Choose your password"))
    other.get_by_label(words("Password"), exact=True).fill(PASSWORD)
    press(other, words("Make my account"))
    begin(other, bert, PASSWORD)
    heading(other, words("Couple your authenticator app"))

    # The day has come: Anna is asked for another one, once; Bert is not.
    Portal.objects.using(OWNER).filter(pk=at.pk).update(moved_on=clock.today(at))
    page.goto(reverse("access:mine"))
    heading(page, words("Change your password"))
    expect(page.get_by_role("main")).to_contain_text(
        words(
            "Your password comes from the former portal. Choose a new one, once; then you go on where you wanted"
            " to be."
        )
    )
    page.get_by_label(words("Current password")).fill(OLD)
    page.get_by_label(words("New password"), exact=True).fill(OLD)
    press(page, words("Use this password from now on"))
    expect(page.get_by_role("main")).to_contain_text(
        words("This is the password of the former portal. Choose another one.")
    )
    page.get_by_label(words("Current password")).fill(OLD)
    page.get_by_label(words("New password"), exact=True).fill(PASSWORD)
    press(page, words("Use this password from now on"))
    heading(page, words("What may I do?"))
    sign_out(page)
    begin(page, anna, PASSWORD)
    heading(page, words("The code from your app"))
    couple(other)
    other.goto(reverse("access:mine"))
    heading(other, words("What may I do?"))


@pytest.mark.full
def test_f024_password_of_there_is_refused_from_a_day_on(
    browse: Browse, at: Portal, tmp_path: Path, mailbox: Mailbox
) -> None:
    mailbox.reset()
    anna, _bert = moved_in(at, tmp_path, mailbox)
    Portal.objects.using(OWNER).filter(pk=at.pk).update(moved_on=clock.today(at), old_passwords=OldPasswords.REFUSED)
    page = browse(None, at)
    begin(page, anna, OLD)
    expect(page.locator(".wrong-note")).to_contain_text(str(AccountAdapter.error_messages["old_password_refused"]))
    page.get_by_role("link", name=words("Forgotten your password?")).click()
    heading(page, words("Forgotten your password?"))
    page.get_by_label(words("E-mail address")).fill(anna)
    press(page, words("Send me the link"))
    heading(page, words("Look in your mail"))
    page.goto(path_in(mailbox.newest(anna)))
    heading(page, words("Choose a new password"))
    page.get_by_label(words("New password"), exact=True).fill(PASSWORD)
    press(page, words("Use this password from now on"))
    heading(page, words("Couple your authenticator app"))


@pytest.mark.full
def test_f018_account_that_is_not_active_yet(browse: Browse, mailbox: Mailbox) -> None:
    portal, account = world.portal(), world.account(password=PASSWORD, confirmed=False, coupled=True)
    page = browse(None, portal)
    begin(page, account.email, PASSWORD)
    heading(page, words("Your account is not active yet"))
    press(page, words("Send the mail again"))
    link = path_in(mailbox.newest(account.email))
    page.goto(link)
    heading(page, words("Choose your password"))
    page.get_by_label(words("Password"), exact=True).fill(PASSWORD)
    press(page, words("Make my account"))
    begin(page, account.email, PASSWORD)
    heading(page, words("Couple your authenticator app"))
    page.goto(link)
    heading(page, words("This link has done its work"))


@pytest.mark.full
def test_f062_new_password_still_asks_the_app(browse: Browse, mailbox: Mailbox) -> None:
    portal, account = world.portal(), world.account(password=PASSWORD, coupled=True)
    page = browse(None, portal)
    page.goto(reverse("account_reset_password"))
    page.get_by_label(words("E-mail address")).fill(account.email)
    press(page, words("Send me the link"))
    page.goto(path_in(mailbox.newest(account.email)))
    page.get_by_label(words("New password"), exact=True).fill("een andere lange zin")
    press(page, words("Use this password from now on"))
    heading(page, words("The code from your app"))
    page.goto(reverse("mfa_index"))
    heading(page, words("The code from your app"))
    give_code(page, code_of())
    expect(page).to_have_url(re.compile(r"/$"))
    page.goto(reverse("mfa_index"))
    heading(page, words("Sign-in and security"))
