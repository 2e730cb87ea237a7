"""From a new address to two factors, with a real mail server in between."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import timezone

from remise.accounts.models import Account
from remise.core.actor import Assurance
from tests import world
from tests.accounts.visiting import PASSWORD, Visitor, path_in


def new_address() -> str:
    return f"nieuw-{world.unique()}@example.test"


def test_f018_f052_new_account_is_confirmed_and_coupled_before_anything_opens(visitor: Visitor) -> None:
    email = new_address()
    assert visitor.sign_up(email)["Location"] == reverse("account_email_verification_sent")
    assert visitor.sign_in(email).status_code == 200

    link = visitor.follow_mail(email)
    assert email in visitor.client.get(link).content.decode()
    assert visitor.activate(email)["Location"] == reverse("account_login")
    assert f'value="{email}"' in visitor.get("account_login").content.decode()  # and need not be typed again

    assert visitor.sign_in(email)["Location"] == "/"
    assert visitor.assurance() is Assurance.ONE_FACTOR
    assert Account.objects.using(world.OWNER).get(email=email).language == "en"
    assert visitor.client.get("/")["Location"] == reverse("mfa_activate_totp")

    visitor.couple()
    assert visitor.assurance() is Assurance.TWO_FACTORS
    assert len(visitor.codes) == 10


def test_f018_link_works_once_and_the_second_click_is_a_friendly_page(visitor: Visitor) -> None:
    email = new_address()
    visitor.sign_up(email)
    link = visitor.follow_mail(email)
    visitor.activate(email)
    for again in (visitor.client.get(link), visitor.activate(email, "van iemand anders nu")):
        assert again.status_code == 200
        assert "This link has done its work" in again.content.decode()
    assert visitor.sign_in(email)["Location"] == "/"
    assert visitor.client.get(reverse("account_confirm_email", args=["nonsense"])).status_code == 200


def test_f018_opening_the_link_alone_confirms_nothing(visitor: Visitor) -> None:
    """Mail scanners open links."""
    email = new_address()
    visitor.sign_up(email)
    visitor.client.get(visitor.follow_mail(email))
    account = Account.objects.using(world.OWNER).get(email=email)
    assert not account.has_usable_password()
    assert not EmailAddress.objects.using(world.OWNER).get(user=account).verified


def test_stranger_who_asked_for_the_account_has_no_part_in_it(visitor: Visitor) -> None:
    """Neither a password of the stranger's nor the session in which it was asked for opens the account."""
    email, stranger = new_address(), Visitor(visitor.portal, visitor.mailbox)
    stranger.post("account_signup", email=email, password1="het woord van een ander")
    visitor.activate(email)
    assert stranger.get("account_email_verification_sent").status_code == 200
    stranger.post("account_send_again")
    assert stranger.assurance() is Assurance.NONE
    assert stranger.sign_in(email, "het woord van een ander").status_code == 200
    assert stranger.get("mfa_activate_totp")["Location"].startswith(reverse("account_login"))
    assert visitor.sign_in(email)["Location"] == "/"


@pytest.mark.parametrize("way", ["activate", "reset"])
def test_whoever_holds_the_mailbox_begins_afresh(visitor: Visitor, way: str) -> None:
    """Whatever was there before the address was proven goes."""
    account = world.account(password=PASSWORD, confirmed=False, coupled=True)
    if way == "activate":
        visitor.sign_up(account.email)
        visitor.activate(account.email, "een andere lange zin")
    else:
        visitor.post("account_reset_password", email=account.email)
        form = visitor.client.get(visitor.follow_mail(account.email))["Location"]
        visitor.client.post(form, {"password1": "een andere lange zin"})
        visitor.post("account_logout")
    assert visitor.sign_in(account.email).status_code == 200
    assert visitor.sign_in(account.email, "een andere lange zin")["Location"] == "/"
    assert visitor.client.get("/")["Location"] == reverse("mfa_activate_totp")


def test_asking_again_sends_the_link_again(visitor: Visitor) -> None:
    email = new_address()
    visitor.sign_up(email)
    with time_machine.travel(timezone.localtime() + timedelta(minutes=4), tick=False):
        Visitor(visitor.portal, visitor.mailbox).sign_up(email)
    mails = [str(mail["Subject"]) for mail in visitor.mailbox.delivered()]
    assert mails == ["Make your account at Koetspoort"] * 2


def test_f018_mail_is_sent_again_on_request_but_not_at_once(visitor: Visitor) -> None:
    email = new_address()
    visitor.sign_up(email)
    assert visitor.post("account_send_again").status_code == 302
    assert len(visitor.mailbox.delivered()) == 1


def test_mail_is_in_the_brand_and_language_of_the_portal(visitor: Visitor) -> None:
    email = new_address()
    visitor.sign_up(email)
    mail = visitor.mailbox.newest(email)
    assert mail["From"] == "Koetspoort <portal@localhost>"
    assert mail["Reply-To"] == visitor.portal.desk_email
    assert mail["Subject"] == "Make your account at Koetspoort"
    html = mail.get_body(("html",))
    assert html is not None
    text = html.get_content()
    assert visitor.portal.brand in text
    assert path_in(mail) in text
    assert visitor.portal.insurer in text


@pytest.mark.parametrize("password", ["short", "password1234", "12 345 678", ""])
def test_weak_password_is_refused_beside_its_field(visitor: Visitor, password: str) -> None:
    email = new_address()
    visitor.sign_up(email)
    page = visitor.activate(email, password)
    assert page.status_code == 200
    assert 'aria-invalid="true"' in page.content.decode()
    assert not Account.objects.using(world.OWNER).get(email=email).has_usable_password()


def test_address_is_the_same_in_any_case(visitor: Visitor) -> None:
    email = world.account(password=PASSWORD).email
    assert visitor.sign_in(email.upper())["Location"] == "/"


def test_deep_link_is_opened_after_coupling(visitor: Visitor) -> None:
    email = world.account(password=PASSWORD).email
    target = reverse("account_change_password")
    to_sign_in = visitor.client.get(reverse("mfa_index"))["Location"]
    assert to_sign_in == f"{reverse('account_login')}?next={reverse('mfa_index')}"
    assert visitor.sign_in(email, next=target)["Location"] == target
    visitor.couple(next=target)
    assert f'href="{target}"' in visitor.coupled.content.decode()


def test_closed_account_says_so_only_to_who_knows_the_password(visitor: Visitor) -> None:
    account = world.account(password=PASSWORD)
    Account.objects.using(world.OWNER).filter(pk=account.pk).update(is_active=False)
    assert visitor.sign_in(account.email, "something else").status_code == 200
    assert visitor.sign_in(account.email)["Location"] == reverse("account_inactive")
    assert visitor.get("account_inactive").status_code == 200
