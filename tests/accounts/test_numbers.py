"""The number of an account: made by the database, read by people, and as good as the address at signing in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_10

from remise.accounts.models import Account
from remise.core.identifiers import AccountNumber, IdentifierError
from tests import world
from tests.accounts.visiting import PASSWORD, Visitor, text_of

seven = st.integers(1_000_000, 9_999_999).map(str)


@given(seven, st.integers(0, 7), st.integers(1, 9))
def test_single_mistyped_digit_is_found(digits: str, place: int, by: int) -> None:
    number = digits + mod_11_10.calc_check_digit(digits)
    assert AccountNumber.parse(f" {number[:4]} {number[4:]} ").value == number
    wrong = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    with pytest.raises(IdentifierError):
        AccountNumber.parse(wrong)


def test_every_account_gets_a_number_of_its_own() -> None:
    numbers = [world.account().number for _ in range(20)]
    assert len(set(numbers)) == 20
    assert all(AccountNumber(number).value == number for number in numbers)


def test_f065_number_and_address_lead_to_the_same_account(visitor: Visitor) -> None:
    account = world.account(password=PASSWORD)
    for typed in (account.email, account.email.upper(), account.number, account.shown_number):
        browser = Visitor(visitor.portal, visitor.mailbox)
        assert browser.sign_in(typed)["Location"] == "/", typed
        assert account.email in browser.get("mfa_activate_totp").content.decode()


def test_f065_number_is_on_the_page_of_ones_sign_in(visitor: Visitor) -> None:
    account = world.account(password=PASSWORD)
    visitor.sign_in(account.email)
    visitor.couple()
    assert account.shown_number in visitor.get("mfa_index").content.decode()


def test_f065_number_is_in_the_mail_that_activates(visitor: Visitor) -> None:
    email = f"nieuw-{world.unique()}@example.test"
    visitor.sign_up(email)
    number = Account.objects.using(world.OWNER).get(email=email).shown_number
    assert number in text_of(visitor.mailbox.newest(email))


@pytest.mark.parametrize("typed", ["sanne.dewit", "SANNE", "debrug01", "12345678a"])
def test_f027_user_name_of_before_gets_a_hint_beside_its_field(visitor: Visitor, typed: str) -> None:
    page = visitor.sign_in(typed).content.decode()
    assert "Sign in with your e-mail address" in page
    assert "is not right" not in page


def test_mistyped_number_is_said_beside_its_field(visitor: Visitor) -> None:
    number = world.account().number
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert "An account number has eight digits" in visitor.sign_in(wrong).content.decode()


def test_wrong_passwords_by_number_and_by_address_are_one_count(visitor: Visitor) -> None:
    account = world.account(password=PASSWORD)
    for typed in (account.number, account.email, account.number, account.email, account.shown_number):
        Visitor(visitor.portal, visitor.mailbox).sign_in(typed, "guess guess guess")
    assert "is blocked for browsers" in visitor.sign_in(account.number).content.decode()
