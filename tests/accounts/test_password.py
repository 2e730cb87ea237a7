from datetime import timedelta

import time_machine
from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import timezone

from remise.core.actor import Assurance
from tests import world
from tests.accounts.visiting import PASSWORD, Visitor, code_of, text_of

NEW = "een andere lange zin"


def reset(visitor: Visitor, email: str) -> str:
    """Ask for a link and open it; gives the address of the form behind it."""
    assert visitor.post("account_reset_password", email=email)["Location"] == reverse("account_reset_password_done")
    return str(visitor.client.get(visitor.follow_mail(email))["Location"])


def test_f022_f062_forgotten_password_is_replaced_by_mail(visitor: Visitor) -> None:
    email = world.account(password=PASSWORD).email
    form = reset(visitor, email)
    assert visitor.client.get(form).status_code == 200
    assert visitor.client.post(form, {"password1": NEW})["Location"] == "/"  # signed in, up to the second factor
    assert visitor.mailbox.newest(email)["Subject"] == "Your password for Koetspoort was changed"
    other = Visitor(visitor.portal, visitor.mailbox)
    assert other.sign_in(email).status_code == 200
    assert other.sign_in(email, NEW)["Location"] == "/"


def test_f039_f066_reset_ends_all_other_sessions_and_goes_on_to_the_app(visitor: Visitor) -> None:
    email = world.account(password=PASSWORD, coupled=True).email
    elsewhere = Visitor(visitor.portal, visitor.mailbox)
    elsewhere.sign_in(email)
    elsewhere.post("mfa_authenticate", code=code_of())
    form = reset(visitor, email)
    assert visitor.client.post(form, {"password1": NEW})["Location"] == reverse("mfa_authenticate")
    assert elsewhere.assurance() is Assurance.NONE
    assert NEW not in text_of(visitor.mailbox.newest(email))
    visitor.post("mfa_authenticate", code=code_of(periods=1))
    assert visitor.assurance() is Assurance.TWO_FACTORS


def test_f028_page_repeats_the_address_and_offers_to_correct_it(visitor: Visitor) -> None:
    typed = f"nobody-{world.unique()}@example.test"
    visitor.post("account_reset_password", email=typed)
    page = visitor.get("account_reset_password_done").content.decode()
    assert typed in page
    assert "spelling" in page
    assert "spam" in page
    assert f'value="{typed}"' in visitor.get("account_reset_password").content.decode()


def asks_number(visitor: Visitor) -> None:
    visitor.portal.reset_asks_number = True
    visitor.portal.save(using=world.OWNER)


def test_f022_pair_of_address_and_number_is_asked(visitor: Visitor) -> None:
    asks_number(visitor)
    account, other = world.account(password=PASSWORD), world.account()
    assert "Account number" in visitor.get("account_reset_password").content.decode()
    assert (
        "Fill in your account number" in visitor.post("account_reset_password", email=account.email).content.decode()
    )
    visitor.post("account_reset_password", email=account.email, number=other.number)
    assert "do not belong together" in text_of(visitor.mailbox.newest(account.email))
    visitor.post("account_reset_password", email=account.email, number=account.shown_number)
    assert visitor.client.get(visitor.follow_mail(account.email)).status_code == 302


def test_f022_portal_that_does_not_ask_it_has_no_such_field(visitor: Visitor) -> None:
    assert "Account number" not in visitor.get("account_reset_password").content.decode()


def test_link_works_once(visitor: Visitor) -> None:
    email = world.account(password=PASSWORD).email
    visitor.post("account_reset_password", email=email)
    link = visitor.follow_mail(email)
    visitor.client.post(visitor.client.get(link)["Location"], {"password1": NEW})
    page = visitor.client.get(link)
    assert page.status_code == 200
    assert "This link does not work any more" in page.content.decode()


def test_link_works_for_two_hours(visitor: Visitor) -> None:
    email = world.account(password=PASSWORD).email
    visitor.post("account_reset_password", email=email)
    link = visitor.follow_mail(email)
    with time_machine.travel(timezone.localtime() + timedelta(hours=2, minutes=1), tick=False):
        assert visitor.client.get(link).status_code == 200
    assert visitor.client.get(link).status_code == 302


def test_link_from_the_mailbox_confirms_the_address(visitor: Visitor) -> None:
    account = world.account(password=PASSWORD, confirmed=False)
    visitor.client.post(reset(visitor, account.email), {"password1": NEW})
    assert EmailAddress.objects.using(world.OWNER).get(user=account).verified


def test_weak_password_is_refused(visitor: Visitor) -> None:
    email = world.account(password=PASSWORD).email
    form = reset(visitor, email)
    assert visitor.client.post(form, {"password1": "short"}).status_code == 200
    assert visitor.sign_in(email)["Location"] == "/"


def test_change_keeps_this_session_and_ends_the_others(visitor: Visitor) -> None:
    email = world.account(password=PASSWORD, coupled=True).email
    elsewhere = Visitor(visitor.portal, visitor.mailbox)
    for who, period in ((visitor, 0), (elsewhere, 1)):
        who.sign_in(email)
        who.post("mfa_authenticate", code=code_of(periods=period))
    assert visitor.post("account_change_password", oldpassword="not mine at all", password1=NEW).status_code == 200
    answer = visitor.post("account_change_password", oldpassword=PASSWORD, password1=NEW)
    assert answer["Location"] == reverse("mfa_index")
    assert visitor.assurance() is Assurance.TWO_FACTORS
    assert elsewhere.assurance() is Assurance.NONE
    assert visitor.mailbox.newest(email)["Subject"] == "Your password for Koetspoort was changed"


def test_account_without_a_password_gets_one_by_mail(visitor: Visitor) -> None:
    account = world.account()
    form = reset(visitor, account.email)
    visitor.client.post(form, {"password1": NEW})
    assert visitor.sign_in(account.email, NEW)["Location"] == "/"
