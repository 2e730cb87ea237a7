"""Help is reached from every page, and a refusal leads to why."""

import pytest
from django.urls import reverse

from remise.fleet.rights import FleetRight
from tests import sessions, vehicles, world
from tests.help.people import visitor

DOOR = ["account_login", "account_signup", "account_reset_password", "account_reset_password_done"]


@pytest.mark.parametrize("page", DOOR)
def test_f029_every_sign_in_page_links_to_help(page: str) -> None:
    assert 'href="/help/sign-in"' in visitor(world.portal()).get(reverse(page)).content.decode()


def test_pages_of_a_member_link_to_help_and_to_what_is_written_about_them() -> None:
    garage = world.garage()
    client = sessions.client_of(world.member(garage.organisation, rights=list(FleetRight)), garage.portal)
    page = client.get("/vehicles/").content.decode()
    assert page.count('href="/help/"') >= 2  # the frame and the menu
    assert 'href="/help/articles/driving-risks"' in page
    assert 'href="/help/articles/premium"' in page
    assert 'href="/help/articles/driving-risks"' not in client.get("/").content.decode()


def test_refused_day_says_where_to_read_why() -> None:
    garage = world.garage()
    client = sessions.client_of(world.member(garage.organisation, rights=list(FleetRight)), garage.portal)
    form = {
        "plate": vehicles.fresh_plate().formatted,
        "check_code": vehicles.CODE,
        "day": vehicles.back(garage, 29).isoformat(),
        "branch": str(garage.branch.id),
    }
    page = client.post(f"/vehicles/register?policy={garage.policy.number}", form).content.decode()
    assert 'href="/help/articles/back-dating#limit"' in page
    assert "Read why" in page


def test_refused_page_says_where_to_read_why() -> None:
    garage = world.garage()
    client = sessions.client_of(world.member(garage.organisation, rights=[]), garage.portal)
    page = client.get("/vehicles/").content.decode()
    assert 'href="/help/articles/missing-right#missing"' in page
    assert 'href="/help/who"' in page


def test_who_has_no_company_reads_why() -> None:
    at = world.portal()
    page = sessions.client_of(world.account(), at).get("/").content.decode()
    assert 'href="/help/articles/missing-right#no-company"' in page


def test_f028_help_says_to_check_spelling_and_spam() -> None:
    page = visitor(world.portal()).get("/help/sign-in/garage-holder").content.decode()
    assert "spelled right" in page
    assert "unwanted mail" in page
    assert 'href="/account/password/forgotten/"' in page
