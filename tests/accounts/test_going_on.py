"""A page that was opened before one was let in is where one lands after the code."""

import pytest
from django.urls import reverse

from remise.accounts.models import Account
from tests import world
from tests.accounts.visiting import PASSWORD, Visitor, code_of

MAILED = "/company/people/7"


@pytest.fixture
def account() -> Account:
    return world.account(password=PASSWORD, coupled=True)


def opened(visitor: Visitor, page: str) -> str:
    """With a click in a mail; gives where one stands then."""
    answer = visitor.client.get(page, follow=True)
    return str(answer.redirect_chain[-1][0])


def signed_in(visitor: Visitor, account: Account, **more: str) -> None:
    assert visitor.sign_in(account.email, **more)["Location"] == reverse("mfa_authenticate")


def lands_on(visitor: Visitor) -> str:
    return str(visitor.post("mfa_authenticate", code=code_of())["Location"])


def test_opened_before_the_password(visitor: Visitor, account: Account) -> None:
    to_sign_in = opened(visitor, MAILED)
    assert to_sign_in == f"{reverse('account_login')}?next={MAILED}"
    page = visitor.client.get(to_sign_in).content.decode()
    assert f'name="next" value="{MAILED}"' in page
    signed_in(visitor, account, next=MAILED)
    assert lands_on(visitor) == MAILED


@pytest.mark.parametrize("before", ["", "/vehicles/"])
def test_opened_between_the_password_and_the_code(visitor: Visitor, account: Account, before: str) -> None:
    signed_in(visitor, account, **({"next": before} if before else {}))
    assert opened(visitor, MAILED) == reverse("mfa_authenticate")
    assert lands_on(visitor) == MAILED


def test_looking_at_the_sign_in_page_forgets_nothing(visitor: Visitor, account: Account) -> None:
    signed_in(visitor, account, next=MAILED)
    assert opened(visitor, reverse("account_login")) == reverse("mfa_authenticate")
    assert lands_on(visitor) == MAILED


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"])
def test_no_way_leads_elsewhere(visitor: Visitor, account: Account, elsewhere: str) -> None:
    signed_in(visitor, account, next=MAILED)
    visitor.get("account_login", next=elsewhere)
    assert lands_on(visitor) == MAILED


def test_opened_with_the_password_alone_and_no_app_yet(visitor: Visitor) -> None:
    """Coupling comes between: the recovery codes lead on to the page."""
    visitor.sign_in(world.account(password=PASSWORD).email)
    way = visitor.client.get(MAILED)["Location"]
    assert way == f"{reverse('mfa_activate_totp')}?next={MAILED.replace('/', '%2F')}"
    page = visitor.client.get(way).content.decode()
    assert f'name="next" value="{MAILED}"' in page


def test_opened_with_the_password_alone_and_an_app_coupled_elsewhere(visitor: Visitor) -> None:
    email, other = world.account(password=PASSWORD).email, Visitor(visitor.portal, visitor.mailbox)
    for one in (visitor, other):
        one.sign_in(email)
    secret = other.couple()
    way = visitor.client.get(MAILED)["Location"]
    assert way == f"{reverse('mfa_reauthenticate')}?next={MAILED.replace('/', '%2F')}"
    assert visitor.client.post(way, {"code": code_of(secret, periods=1), "next": MAILED})["Location"] == MAILED
