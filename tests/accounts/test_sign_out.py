from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse

from remise.core.actor import Assurance
from tests import world
from tests.accounts.visiting import PASSWORD, Visitor, code_of


def signed_in(visitor: Visitor) -> Visitor:
    visitor.email = world.account(password=PASSWORD, coupled=True).email
    visitor.sign_in(visitor.email)
    visitor.post("mfa_authenticate", code=code_of())
    return visitor


def test_signing_out_leaves_nothing(visitor: Visitor) -> None:
    signed_in(visitor)
    key = visitor.client.cookies[settings.SESSION_COOKIE_NAME].value
    answer = visitor.post("account_logout")
    assert answer["Location"] == reverse("account_login")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert not Session.objects.using(world.OWNER).filter(session_key=key).exists()
    assert visitor.assurance() is Assurance.NONE
    assert "You have signed out" in visitor.get("account_login").content.decode()


def test_back_after_signing_out_shows_nothing(visitor: Visitor) -> None:
    """Every page says that it is not to be kept, so that going back asks the server, which asks to sign in."""
    signed_in(visitor)
    names = ["mfa_index", "account_change_password", "mfa_activate_totp", "mfa_deactivate_totp"]
    for name in names:
        page = visitor.get(name)
        assert (page.status_code, page["Cache-Control"]) == (200, "no-store"), name
    visitor.post("account_logout")
    for name in names:
        assert visitor.get(name)["Location"].startswith(reverse("account_login")), name


def test_looking_at_the_page_does_not_sign_out(visitor: Visitor) -> None:
    signed_in(visitor)
    assert visitor.get("account_logout").status_code == 200
    assert visitor.assurance() is Assurance.TWO_FACTORS


def test_who_stands_before_the_second_step_can_start_over(visitor: Visitor) -> None:
    email = world.account(password=PASSWORD, coupled=True).email
    visitor.sign_in(email)
    assert visitor.get("account_login")["Location"] == reverse("mfa_authenticate")
    visitor.post("account_logout")
    assert visitor.get("account_login").status_code == 200


def test_frame_names_the_person_and_the_way_out(visitor: Visitor) -> None:
    signed_in(visitor)
    page = visitor.get("mfa_index").content.decode()
    assert f'action="{reverse("account_logout")}"' in page
    assert visitor.email in page
    assert f'href="{reverse("mfa_index")}"' in page
