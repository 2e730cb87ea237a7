"""From one company to another: what is about one thing of the first is not there for the second."""

import pytest
from django.urls import reverse

from tests import world
from tests.organisations.company import company
from tests.sessions import client_of

PAGES = [
    ("/vehicles/12", "/vehicles/"),
    ("/vehicles/?branch=3", "/vehicles/"),
    ("/vehicles/receipts/12", "/vehicles/receipts"),
    ("/company/people/7", "/company/people"),
    ("/company/people", "/company/people"),
    ("/runs/9", "/runs/"),
    ("/", "/"),
    ("/no/such/page", "/"),
    ("//evil.example/vehicles/12", "/"),
]


@pytest.mark.parametrize(("wanted", "reached"), PAGES)
def test_other_company_opens_the_list_and_not_the_thing(wanted: str, reached: str) -> None:
    here = company()
    there = world.organisation(here.portal, name="Autohuis Van Veen")
    elsewhere = world.membership(there, here.owner.account, rights=[], name="Kees Bos")
    client = client_of(here.owner, here.portal)
    for own, expected in ((here.owner, wanted), (elsewhere, reached)):
        answer = client.post(reverse("organisations:switch"), {"to": str(own.id), "next": wanted})
        assert answer["Location"] == (expected if not expected.startswith("//") else "/")


def test_what_is_not_there_keeps_menu_and_switcher() -> None:
    here = company()
    world.membership(
        world.organisation(here.portal, name="Autohuis Van Veen"), here.owner.account, rights=[], name="Kees Bos"
    )
    client = client_of(here.owner, here.portal)
    client.post(reverse("organisations:switch"), {"to": str(here.owner.id)})
    answer = client.get("/company/people/999999999")
    assert answer.status_code == 404
    page = answer.content.decode()
    assert "There is nothing here" in page
    assert "Autohuis Van Veen" in page
    assert 'href="/company/people"' in page
