"""Another e-mail address: both mailboxes are told, and until the new one confirms it nothing changes (row 60)."""

from datetime import timedelta

import time_machine
from django.urls import reverse
from django.utils import timezone

from remise.accounts.models import Account
from remise.core.actor import Assurance
from tests import world
from tests.accounts.visiting import PASSWORD, Visitor, code_of
from tests.world import OWNER


def signed_in(visitor: Visitor) -> Account:
    account = world.account(password=PASSWORD, coupled=True)
    visitor.sign_in(account.email)
    visitor.post("mfa_authenticate", code=code_of())
    return account


def new_address() -> str:
    return f"nieuw-{world.unique()}@example.test"


def email_of(account: Account) -> str:
    return Account.objects.using(OWNER).get(pk=account.pk).email


def subjects(visitor: Visitor, address: str) -> list[str]:
    return [str(mail["Subject"]) for mail in visitor.mailbox.delivered() if address in str(mail["To"])]


def test_f060_new_address_counts_once_it_is_confirmed(visitor: Visitor) -> None:
    account, new = signed_in(visitor), new_address()
    assert visitor.post("account_change_address", email=new)["Location"] == reverse("mfa_index")
    assert email_of(account) == account.email
    assert "Another address was asked for your account at Koetspoort" in subjects(visitor, account.email)
    link = visitor.follow_mail(new)
    assert visitor.client.get(link).status_code == 200
    assert email_of(account) == account.email  # mail programs look too
    assert visitor.client.post(link).status_code == 302
    assert email_of(account) == new
    changed = "The address of your account at Koetspoort was changed"
    assert changed in subjects(visitor, account.email)
    assert changed in subjects(visitor, new)
    assert visitor.assurance() is Assurance.TWO_FACTORS
    other = Visitor(visitor.portal, visitor.mailbox)
    assert other.sign_in(account.email).status_code == 200
    assert other.sign_in(new)["Location"] == reverse("mfa_authenticate")


def test_link_works_once_and_for_a_day(visitor: Visitor) -> None:
    signed_in(visitor)
    new = new_address()
    visitor.post("account_change_address", email=new)
    link = visitor.follow_mail(new)
    with time_machine.travel(timezone.localtime() + timedelta(hours=24, minutes=1), tick=False):
        assert Visitor(visitor.portal, visitor.mailbox).client.get(link).status_code == 404
    visitor.client.post(link)
    assert visitor.client.get(link).status_code == 404


def test_new_password_stops_it(visitor: Visitor) -> None:
    account, new = signed_in(visitor), new_address()
    visitor.post("account_change_address", email=new)
    link = visitor.follow_mail(new)
    visitor.post("account_change_password", oldpassword=PASSWORD, password1="een andere lange zin")
    assert visitor.client.post(link).status_code == 404
    assert email_of(account) == account.email


def test_address_of_somebody_else_is_not_told(visitor: Visitor) -> None:
    account, other = signed_in(visitor), world.account(password=PASSWORD)
    answer = visitor.post("account_change_address", email=other.email)
    assert answer["Location"] == reverse("mfa_index")
    assert subjects(visitor, other.email) == ["Your address was given for another account at Koetspoort"]
    assert email_of(account) == account.email


def test_sessions_elsewhere_end(visitor: Visitor) -> None:
    account, new = signed_in(visitor), new_address()
    elsewhere = Visitor(visitor.portal, visitor.mailbox)
    elsewhere.sign_in(account.email)
    elsewhere.post("mfa_authenticate", code=code_of(periods=1))
    visitor.post("account_change_address", email=new)
    visitor.client.post(visitor.follow_mail(new))
    assert elsewhere.assurance() is Assurance.NONE
    assert visitor.assurance() is Assurance.TWO_FACTORS


def test_fresh_proof_is_asked(visitor: Visitor) -> None:
    signed_in(visitor)
    with time_machine.travel(timezone.localtime() + timedelta(minutes=10), tick=False):
        answer = visitor.post("account_change_address", email=new_address())
    assert reverse("account_reauthenticate") in answer["Location"] or "again" in answer["Location"]


def test_own_address_is_no_change(visitor: Visitor) -> None:
    account = signed_in(visitor)
    assert "your address already" in visitor.post("account_change_address", email=account.email).content.decode()
