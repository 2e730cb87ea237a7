"""An intermediary in a low tier reads what the tiers open and meets no dossier; raised, it opens at the next page."""

from playwright.sync_api import expect

from remise.mandates.rights import IntermediaryRight
from remise.policies.models import Policy
from tests import vehicles, world
from tests.journeys.browsing import Browse, no_violations, words
from tests.mandates import offices


def test_f067_tier_opens_the_portal(browse: Browse) -> None:
    garage = world.garage()
    held = vehicles.on_cover(garage)
    broker = offices.office(garage.portal, name="Assurantiekantoor Het Baken")
    silver = offices.tier(garage.portal, "silver", 1, opens=False)
    gold = offices.tier(garage.portal, "gold", 2, opens=True)
    ranked = offices.intermediary(broker, silver)
    Policy.objects.using(world.OWNER).filter(id=garage.policy.id).update(agent=ranked)
    desk = world.member(world.insurer(garage.portal), rights=[IntermediaryRight.MANAGE], name="Mirjam Postma")

    page = browse(broker.clerk, garage.portal)
    page.goto("/clients/")
    expect(page.get_by_role("main")).to_contain_text("Silver")
    expect(page.get_by_role("main")).to_contain_text(words("No view of clients here"))
    assert garage.organisation.name not in page.content()
    no_violations(page)
    answer = page.goto(f"/vehicles/{held.item}")
    assert answer is not None
    assert answer.status == 403

    theirs = browse(desk, garage.portal)
    theirs.goto("/intermediaries/")
    no_violations(theirs)
    theirs.get_by_role("link", name="Assurantiekantoor Het Baken").click()
    theirs.get_by_text(gold.names["nl"], exact=True).first.click()
    no_violations(theirs)
    theirs.locator("main form button.btn-primary").click()
    expect(theirs.get_by_role("row").filter(has_text="Het Baken")).to_contain_text("Gold")

    page.goto("/clients/")
    page.locator("button.client").filter(has_text=garage.organisation.name).click()
    answer = page.goto(f"/vehicles/{held.item}")
    assert answer is not None
    assert answer.status == 200
    expect(page.get_by_text(held.plate.formatted).first).to_be_visible()
    no_violations(page)
