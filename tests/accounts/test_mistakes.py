"""What the pages say when something was forgotten, refused, or sent too late."""

import re

import pytest
from django.urls import reverse

from tests import world
from tests.accounts.visiting import PASSWORD, Visitor, code_of


def code_field(page: str) -> str:
    found = re.search(r'<input[^>]*name="code"[^>]*>', page)
    assert found, page
    return found[0]


@pytest.mark.parametrize("name", ["mfa_authenticate", "mfa_activate_totp"])
def test_refused_code_leaves_its_field_empty_and_focused(visitor: Visitor, name: str) -> None:
    visitor.sign_in(world.account(password=PASSWORD, coupled=name == "mfa_authenticate").email)
    visitor.get(name)
    field = code_field(visitor.post(name, code="123456").content.decode())
    assert 'value="' not in field
    assert "autofocus" in field
    assert 'aria-invalid="true"' in field


def test_empty_fields_say_what_to_fill_in(visitor: Visitor) -> None:
    page = visitor.sign_in("", "").content.decode()
    assert "Fill in your e-mail address or your account number." in page
    assert "Fill in your password." in page
    assert "Fill in your e-mail address." in visitor.sign_up("").content.decode()


def test_page_says_how_many_recovery_codes_are_left(visitor: Visitor) -> None:
    visitor.sign_in(world.account(password=PASSWORD, coupled=True).email)
    visitor.post("mfa_authenticate", code=code_of())
    page = visitor.get("mfa_index").content.decode()
    assert "0 of 10 left" in page
    assert f'href="{reverse("mfa_generate_recovery_codes")}"' in page
    visitor.new_codes()
    assert "10 of 10 left" in visitor.get("mfa_index").content.decode()


def test_form_sent_after_the_session_ended_leads_back_to_its_page(visitor: Visitor) -> None:
    email = world.account(password=PASSWORD, coupled=True).email
    target = reverse("account_change_password")
    from_page = {"Referer": f"http://{visitor.host}{target}?x=1"}
    answer = visitor.client.post(target, {"oldpassword": PASSWORD, "password1": "x" * 20}, headers=from_page)
    assert answer["Location"] == f"{reverse('account_login')}?next=%2Faccount%2Fpassword%2F%3Fx%3D1"
    visitor.sign_in(email, next=f"{target}?x=1")
    back = visitor.post("mfa_authenticate", code=code_of())["Location"]
    assert back == f"{target}?x=1"
    assert "What you filled in before was not sent." in visitor.client.get(back).content.decode()
    assert "was not sent" not in visitor.client.get(back).content.decode()


def test_form_of_another_site_leads_to_the_start_page(visitor: Visitor) -> None:
    for page in ("http://evil.example/x", f"http://{visitor.host}//evil.example/x", ""):
        answer = visitor.client.post(reverse("account_change_password"), headers={"Referer": page})
        assert answer["Location"] == f"{reverse('account_login')}?next=%2F"


def test_part_of_a_page_sent_after_the_session_ended_leads_back_to_the_whole(visitor: Visitor) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://{visitor.host}/company/people?q=a"}
    answer = visitor.client.post(reverse("organisations:change"), headers=headers)
    assert answer["HX-Redirect"] == f"{reverse('account_login')}?next=%2Fcompany%2Fpeople%3Fq%3Da"
