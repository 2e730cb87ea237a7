"""One company with the same number at two insurers on one installation: two customers, who never meet."""

from playwright.sync_api import Page, expect

from remise.fleet.rights import FleetRight
from tests import vehicles, world
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.fleet_pages import fact, listed


def status(page: Page, path: str) -> int:
    answer = page.goto(path)
    assert answer is not None
    return answer.status


def test_two_insurers_never_meet(browse: Browse) -> None:
    here, there = world.garage(), world.garage()
    there.organisation.kvk = here.organisation.kvk
    there.organisation.save(using=world.OWNER)
    plate = vehicles.fresh_plate()
    ours, theirs = vehicles.on_cover(here, plate, days=3), vehicles.on_cover(there, plate)
    more = vehicles.on_cover(there)
    member = world.member(here.organisation, rights=[*FleetRight])
    page = browse(member, here.portal)
    page.goto("/vehicles/")
    assert listed(page) == [ours.plate.formatted]
    expect(fact(page, words("Vehicles"))).to_have_text("1")
    for path in (
        f"/vehicles/{theirs.item}",
        f"/vehicles/{more.item}",
        f"/vehicles/receipts/{more.entry}",
        f"/vehicles/?policy={there.policy.number}",
        f"/vehicles/export?policy={there.policy.number}",
    ):
        assert status(page, path) == 404, path
        assert more.plate.formatted not in page.content()
    no_violations(page)
    page.goto(f"/vehicles/?q={more.plate.value}")
    assert listed(page) == []

    # The session of one insurer is worth nothing at the other.
    [cookie] = [cookie for cookie in page.context.cookies() if cookie.get("name") == "session"]
    other = browse(None, there.portal)
    other.context.add_cookies(
        [{"name": "session", "value": str(cookie.get("value")), "url": browse.server.address(there.portal)}]
    )
    assert status(other, "/vehicles/") == 403
    assert more.plate.formatted not in other.content()
    assert status(other, f"/vehicles/{more.item}") == 403

    # Who works for both has two views, one at each insurer.
    world.membership(there.organisation, member.account, rights=[FleetRight.VIEW], name="Sanne de Wit")
    both = browse(member, there.portal)
    both.goto("/vehicles/")
    assert set(listed(both)) == {theirs.plate.formatted, more.plate.formatted}
    page.goto("/vehicles/")
    assert listed(page) == [ours.plate.formatted]
