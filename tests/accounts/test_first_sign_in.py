"""From a new address to two factors, with a real mail server in between."""

import pytest
from django.urls import reverse

from remise.accounts.models import Account
from remise.core.actor import Assurance
from tests import world
from tests.accounts.visiting import PASSWORD, Visitor, code_of, path_in


def new_address() -> str:
    return f"nieuw-{world.unique()}@example.test"


def test_f018_f052_new_account_is_confirmed_and_coupled_before_anything_opens(visitor: Visitor) -> None:
    email = new_address()
    assert visitor.sign_up(email)["Location"] == reverse("account_email_verification_sent")

    assert visitor.sign_in(email)["Location"] == reverse("account_email_verification_sent")
    assert "Your account is not active yet" in visitor.get("account_email_verification_sent").content.decode()

    link = visitor.follow_mail(email)
    assert email in visitor.client.get(link).content.decode()
    assert visitor.client.post(link)["Location"] == reverse("account_login")

    assert visitor.sign_in(email)["Location"] == "/"
    assert visitor.assurance() is Assurance.ONE_FACTOR
    assert visitor.client.get("/")["Location"] == reverse("mfa_activate_totp")

    visitor.couple()
    assert visitor.assurance() is Assurance.TWO_FACTORS
    assert visitor.get("mfa_view_recovery_codes").status_code == 200


def test_f018_link_works_once_and_the_second_click_is_a_friendly_page(visitor: Visitor) -> None:
    email = new_address()
    visitor.sign_up(email)
    link = visitor.follow_mail(email)
    visitor.client.post(link)
    again = visitor.client.get(link)
    assert again.status_code == 200
    assert "This link has done its work" in again.content.decode()
    assert visitor.client.get(reverse("account_confirm_email", args=["nonsense"])).status_code == 200


def test_f018_opening_the_link_alone_confirms_nothing(visitor: Visitor) -> None:
    """Mail scanners open links."""
    email = new_address()
    visitor.sign_up(email)
    visitor.client.get(visitor.follow_mail(email))
    assert visitor.sign_in(email)["Location"] == reverse("account_email_verification_sent")


def test_f018_mail_is_sent_again_on_request_but_not_at_once(visitor: Visitor) -> None:
    email = new_address()
    visitor.sign_up(email)
    assert visitor.post("account_send_again").status_code == 302
    assert len(visitor.mailbox.mails) == 1


def test_mail_is_in_the_brand_and_language_of_the_portal(visitor: Visitor) -> None:
    email = new_address()
    visitor.sign_up(email)
    mail = visitor.mailbox.newest(email)
    assert mail["From"] == "Koetspoort <portal@localhost>"
    assert mail["Reply-To"] == visitor.portal.desk_email
    assert mail["Subject"] == "Confirm your e-mail address for Koetspoort"
    html = mail.get_body(("html",))
    assert html is not None
    text = html.get_content()
    assert visitor.portal.brand in text
    assert path_in(mail) in text
    assert visitor.portal.insurer in text


@pytest.mark.parametrize("password", ["short", "password1234", "12 345 678", ""])
def test_weak_password_is_refused_beside_its_field(visitor: Visitor, password: str) -> None:
    email = new_address()
    page = visitor.sign_up(email, password)
    assert page.status_code == 200
    assert 'aria-invalid="true"' in page.content.decode()
    assert not Account.objects.using(world.OWNER).filter(email=email).exists()


def test_address_is_the_same_in_any_case(visitor: Visitor) -> None:
    email = world.account(password=PASSWORD).email
    assert visitor.sign_in(email.upper())["Location"] == "/"


def test_deep_link_is_opened_after_coupling(visitor: Visitor) -> None:
    email = world.account(password=PASSWORD).email
    target = reverse("account_change_password")
    to_sign_in = visitor.client.get(reverse("mfa_index"))["Location"]
    assert to_sign_in == f"{reverse('account_login')}?next={reverse('mfa_index')}"
    assert visitor.sign_in(email, next=target)["Location"] == target
    answer = visitor.post("mfa_activate_totp", code=code_of(visitor.secret_on_page()), next=target)
    assert answer["Location"] == f"{reverse('mfa_view_recovery_codes')}?first=&next=%2Faccount%2Fpassword%2F"


def test_closed_account_says_so_only_to_who_knows_the_password(visitor: Visitor) -> None:
    account = world.account(password=PASSWORD)
    Account.objects.using(world.OWNER).filter(pk=account.pk).update(is_active=False)
    assert visitor.sign_in(account.email, "something else").status_code == 200
    assert visitor.sign_in(account.email)["Location"] == reverse("account_inactive")
    assert visitor.get("account_inactive").status_code == 200
