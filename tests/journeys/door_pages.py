"""What people do at the doors: wrong passwords, links in mails, and the page of the own sessions."""

from django.core.cache import cache
from playwright.sync_api import Page, expect

from remise.accounts.adapters import AccountAdapter
from tests.journeys.browsing import no_violations, words
from tests.journeys.sign_in_pages import give_password

WRONG = "guess guess guess"


def guess(page: Page, login: str, times: int = 5) -> None:
    """Each answered alike."""
    cache.clear()  # all journeys come from one place, which may only try so often
    page.goto("/account/sign-in/")
    for _ in range(times):
        give_password(page, login, WRONG)
        expect(page.locator(".wrong-note")).to_contain_text(
            words("The e-mail address, the account number or the password is not right.")
        )
    no_violations(page)


def is_blocked(page: Page, login: str, password: str) -> None:
    page.goto("/account/sign-in/")
    give_password(page, login, password)
    expect(page.locator(".wrong-note")).to_contain_text(str(AccountAdapter.error_messages["account_blocked"]))
    no_violations(page)


def press(page: Page, text: str) -> None:
    page.get_by_role("main").get_by_role("button", name=text, exact=True).click()


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)
    no_violations(page)
