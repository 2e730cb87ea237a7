"""A customer sees name, phone and mail of the intermediary on the policy; a change shows at once."""

from playwright.sync_api import expect

from remise.fleet.rights import FleetRight
from remise.mandates.rights import IntermediaryRight
from tests import vehicles, world
from tests.journeys.browsing import Browse, no_violations, words
from tests.mandates import offices


def test_f075_customer_sees_the_intermediary(browse: Browse) -> None:
    garage = world.garage()
    vehicles.on_cover(garage)
    broker = offices.office(garage.portal, name="Assurantiekantoor Het Baken")
    ranked = offices.intermediary(broker, offices.tier(garage.portal, "silver", 1, opens=False))
    customer = world.member(garage.organisation, rights=[FleetRight.VIEW])
    desk = world.member(world.insurer(garage.portal), rights=[IntermediaryRight.MANAGE], name="Mirjam Postma")

    theirs = browse(desk, garage.portal)
    theirs.goto("/intermediaries/policies/")
    no_violations(theirs)
    theirs.get_by_label(words("Policy number")).fill(garage.policy.number)
    theirs.locator('select[name="intermediary"]').select_option(str(ranked.id))
    theirs.get_by_role("button", name=words("Assign the policy from now on")).click()

    page = browse(customer, garage.portal)
    page.goto("/vehicles/")
    main = page.get_by_role("main")
    for said in ("Petra de Boer", "010 000 30 30", "petra@makelaar.example", "Assurantiekantoor Het Baken"):
        expect(main).to_contain_text(said)
    no_violations(page)
    page.goto("/help/who")
    expect(main).to_contain_text("Petra de Boer")
    no_violations(page)

    theirs.goto(f"/intermediaries/{ranked.id}/")
    theirs.get_by_label(words("Whom customers ask for")).fill("Ruben Mulder")
    theirs.get_by_label(words("Telephone")).fill("010 000 40 40")
    theirs.locator("main form button.btn-primary").click()
    expect(theirs.get_by_role("row").filter(has_text="Het Baken")).to_contain_text("Ruben Mulder")
    page.reload()
    expect(main).to_contain_text("Ruben Mulder")
    page.goto("/vehicles/")
    expect(main).to_contain_text("010 000 40 40")
    expect(main).not_to_contain_text("Petra de Boer")
