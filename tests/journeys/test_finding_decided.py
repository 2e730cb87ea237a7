"""The register says later that a vehicle was insured before it was in its owner's name: the desk looks at it, cover
stands, and the customer reads what to do."""

import pytest
from playwright.sync_api import expect

from remise.core.actor import system
from remise.core.scope import enter
from remise.fleet.actions import complete_registration
from remise.fleet.rights import FleetRight
from remise.ui.formats import day as shown_day
from tests import jobs, vehicles, world
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.desk_pages import at_desk, decide, open_case, take, underwriter
from tests.journeys.fleet_pages import fact
from tests.vehicles import OnCover
from tests.world import Garage


def found(garage: Garage) -> OnCover:
    held = vehicles.on_cover(garage, days=10)
    vehicle = vehicles.in_register(held.plate, in_name_since=vehicles.back(garage, 3))
    by = system(portal=garage.portal.id, name="fleet.ask_register").acting_for(garage.organisation.id)
    with enter(by.scope):
        complete_registration(by=by, item=held.item, vehicle=vehicle)
    return held


@pytest.mark.phone
def test_finding_is_decided_by_the_desk(browse: Browse) -> None:
    garage = world.garage()
    held, other = found(garage), found(garage)
    page = browse(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)
    page.goto(f"/vehicles/{held.item}")
    main = page.get_by_role("main")
    expect(main).to_contain_text(words("Insured before its name date"))
    expect(fact(page, words("State"))).to_contain_text(words("Insured"))
    no_violations(page)

    desk = at_desk(browse, garage, underwriter(garage))
    open_case(desk, held.plate.formatted)
    expect(desk.get_by_role("main")).to_contain_text(shown_day(vehicles.back(garage, 3)))
    expect(desk.get_by_role("main")).to_contain_text(words("the system"))
    take(desk)
    no_violations(desk)
    decide(desk, words("The customer must act"), "Meld hem af en weer aan vanaf de tenaamstelling.")
    take(desk)  # the next one opened by itself
    decide(desk, words("It may stand as it is"), "Een demonstratieauto: dit is goed.")
    expect(desk.get_by_role("main")).to_contain_text(words("Nothing waits for you"))
    no_violations(desk)

    page.goto("/")
    expect(main).to_contain_text(words("The insurer's desk has decided"))
    page.goto(f"/vehicles/{held.item}")
    expect(main).to_contain_text("Meld hem af en weer aan vanaf de tenaamstelling.")
    expect(fact(page, words("Insured from"))).to_contain_text(shown_day(vehicles.back(garage, 10)))
    no_violations(page)
    page.get_by_role("link", name=words("Show the request")).click()
    expect(main).to_contain_text(words("Something to put right"))
    expect(page.get_by_role("button", name=words("Withdraw the request"))).to_have_count(0)
    no_violations(page)
    jobs.work_off()
    page.goto(f"/vehicles/{other.item}")
    expect(main).not_to_contain_text(words("Insured before its name date"))
    expect(fact(page, words("Insured from"))).to_contain_text(shown_day(vehicles.back(garage, 10)))
