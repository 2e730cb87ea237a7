"""What is answered where there is no page, and where an error arose."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from remise.organisations.rights import OrganisationRight
from tests import sessions, world
from tests.accounts.visiting import PASSWORD


@pytest.fixture
def stranger() -> Client:
    return Client(HTTP_HOST=f"{world.portal().slug}.localhost", HTTP_ACCEPT_LANGUAGE="en")


def test_address_of_a_form_that_is_typed_is_a_page_of_its_own(stranger: Client) -> None:
    garage = world.garage()
    owner = world.member(garage.organisation, rights=[OrganisationRight.MANAGE_USERS])
    for client, address in (
        (stranger, reverse("portals:language")),
        (sessions.client_of(owner, garage.portal), reverse("organisations:change")),
    ):
        answer = client.get(address)
        assert (answer.status_code, answer["Allow"]) == (405, "POST")
        assert "Nothing was changed" in answer.content.decode()


@pytest.mark.parametrize(
    ("came_from", "leads_to"),
    [
        ("/account/sign-in/?next=%2Fvehicles%2F", "/account/sign-in/?next=%2Fvehicles%2F"),
        ("", "/"),  # a browser that does not tell
        ("https://evil.example", "/"),
    ],
)
def test_other_language_on_what_a_form_answered_leads_to_the_page_of_the_form(
    stranger: Client, came_from: str, leads_to: str
) -> None:
    referer = f"http://koetspoort.localhost{came_from}" if came_from.startswith("/") else came_from
    answer = stranger.post(
        reverse("account_login"), {"login": "x@y.example", "password": PASSWORD}, headers={"referer": referer}
    )
    found = re.search(r'name="next" value="([^"]*)"', answer.content.decode())
    assert found
    assert found[1] == leads_to
