"""Signing in the way a person does: e-mail address, password, and the code that an app shows; and out again."""

import re

from playwright.sync_api import Page, expect

from tests.accounts.visiting import code_of
from tests.journeys.browsing import no_violations, words


def give_password(page: Page, email: str, password: str) -> None:
    page.get_by_label(words("E-mail address")).fill(email)
    page.get_by_label(words("Password"), exact=True).fill(password)
    page.get_by_role("button", name=words("Sign in"), exact=True).click()


def give_code(page: Page, code: str) -> None:
    page.get_by_label(words("Code from your app")).fill(code)
    page.get_by_role("button", name=words("Sign in"), exact=True).click()


def sign_in(page: Page, email: str, password: str, *, path: str = "/") -> None:
    """From the page that was asked for, through both steps, back to that page."""
    page.goto(path)
    expect(page.get_by_role("heading", level=1, name=words("Sign in"))).to_be_visible()
    give_password(page, email, password)
    expect(page.get_by_role("heading", level=1, name=words("The code from your app"))).to_be_visible()
    no_violations(page)
    give_code(page, code_of())
    expect(page).to_have_url(re.compile(rf"{re.escape(path)}$"))


def couple(page: Page, press: str = "Couple my app") -> None:
    """By the key in letters: a test has no camera."""
    page.locator("summary").filter(has_text=words("Does that not work? Type or copy the key")).click()
    secret = page.locator(".key-text").inner_text().replace(" ", "")
    no_violations(page)
    page.get_by_label(words("Type the six digits that the app shows")).fill(code_of(secret))
    page.get_by_role("button", name=words(press), exact=True).click()


def sign_out(page: Page) -> None:
    page.locator("summary.avatar").click()
    page.get_by_role("button", name=words("Sign out")).click()
