"""A colleague makes a key in the browser, and a program registers a car with it."""

import uuid

import httpx
import pytest
from playwright.sync_api import Page, expect

from remise.core.identifiers import Plate
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.organisations.models import ApiToken
from remise.organisations.rights import ConnectionRight
from tests import vehicles, world
from tests.journeys.browsing import Browse, no_violations, words
from tests.world import OWNER, Garage


def make_key(page: Page, name: str) -> str:
    """In the browser: the key that is shown once."""
    page.goto("/connections/")
    page.get_by_role("link", name=words("Connect a program")).first.click()
    page.get_by_label(words("What is it for?")).fill(name)
    for right in (FleetRight.VIEW, FleetRight.REGISTER):
        page.locator(f'input[name="rights"][value="{right}"]').check()
    no_violations(page)
    page.get_by_role("button", name=words("Make the key")).click()
    return page.locator(".secret .copy span:not(.visually-hidden)").inner_text().strip()


def call(browse: Browse, garage: Garage, key: str, plate: str, **more: str) -> httpx.Response:
    port = browse.server.port
    return httpx.post(
        f"http://127.0.0.1:{port}/api/v1/policies/{garage.policy.number}/vehicles",
        json={"plate": plate, "day": vehicles.today(garage).isoformat()} | more,
        headers={
            "Host": f"{garage.portal.slug}.localhost:{port}",
            "Authorization": f"Bearer {key}",
            "Idempotency-Key": str(uuid.uuid4()),
        },
    )


def test_f117_f118_register_by_api(browse: Browse) -> None:
    garage = world.garage()
    rights = [ConnectionRight.MANAGE_TOKENS, FleetRight.VIEW, FleetRight.REGISTER]
    page = browse(world.member(garage.organisation, rights=[*rights], name="Kees Bos"), garage.portal)
    key = make_key(page, "Dealersysteem")
    no_violations(page)
    green, yellow = Plate(f"HA{world.number() % 10_000:04d}"), vehicles.fresh_plate()
    assert call(browse, garage, key, green.value).status_code == 201
    without_code = call(browse, garage, key, yellow.value)
    assert (without_code.status_code, without_code.json()["field"]) == (422, "check_code")
    assert call(browse, garage, key, yellow.formatted, check_code="0413").status_code == 201
    page.goto("/vehicles/")
    for plate in (green, yellow):
        expect(page.get_by_role("main")).to_contain_text(plate.formatted)
    # It is in the list, never with more than its beginning; taken back, it opens nothing.
    page.goto("/connections/")
    row = page.get_by_role("row").filter(has_text="Dealersysteem")
    expect(row).to_contain_text(key[:10])
    assert key not in page.content()
    no_violations(page)
    row.locator("summary").click()
    row.get_by_role("button").click()
    expect(page.locator(".ended")).to_contain_text("Dealersysteem")
    assert call(browse, garage, key, vehicles.fresh_plate().value, check_code="0413").status_code == 401
    held = RegistrationVersion.objects.using(OWNER).filter(organisation=garage.organisation.id)
    assert held.count() == 2


@pytest.mark.full
def test_key_asks_for_fresh_proof(browse: Browse) -> None:
    garage = world.garage()
    rights = [ConnectionRight.MANAGE_TOKENS, FleetRight.VIEW]
    owner = world.member(garage.organisation, rights=[*rights], password="a long old password")
    page = browse(owner, garage.portal)
    age_proof(owner.account_id)
    page.goto("/connections/new")
    page.get_by_label(words("Password"), exact=True).fill("a long old password")
    page.get_by_role("button", name=words("Go on")).click()
    expect(page.get_by_label(words("What is it for?"))).to_be_visible()
    assert not ApiToken.objects.using(OWNER).filter(organisation=garage.organisation.id).exists()


@pytest.mark.full
def test_description_is_for_everyone_and_needs_nothing_from_elsewhere(browse: Browse) -> None:
    garage = world.garage()
    page = browse(None, garage.portal)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/api/v1/docs")
    expect(page.get_by_role("heading", name=words("Register a vehicle"), exact=True)).to_be_visible()
    no_violations(page)
    assert all(url.startswith(browse.server.address(garage.portal)) for url in asked)


def age_proof(account: int) -> None:
    """As if both factors had been proven an hour ago."""
    from django.contrib.sessions.models import Session

    from tests import sessions

    for session in Session.objects.using(OWNER).all():
        said = session.get_decoded()
        if said.get(vars(sessions)["RECORDS_USER"]) == str(account):
            for record in said[vars(sessions)["RECORDS"]]:
                record["at"] -= 3600
            session.session_data = Session.objects.encode(said)
            session.save(using=OWNER)
