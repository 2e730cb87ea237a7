"""A sold car is on cover at two customers of one insurer: the desk reads both sides and asks the one that sold it,
which learns nothing of the other; and it is over once that one deregisters."""

import pytest
from playwright.sync_api import Locator, Page, expect

from remise.core.scope import enter
from remise.desk.answers.actions import write_template
from remise.fleet.rights import ComparingRight, FleetRight
from remise.fleet.twice.requests import COVERED_TWICE
from remise.organisations.models import Membership
from tests import jobs, sessions, vehicles, world
from tests.journeys.browsing import Browse, choose_day, no_violations, words
from tests.journeys.desk_pages import at_desk, open_case, take, underwriter
from tests.world import OWNER, Garage

QUESTION = "Is {plate} verkocht? Meld hem af; online kan dat tot {limit} terug."


def named(garage: Garage, name: str) -> None:
    garage.organisation.name = f"{name} {world.unique()}"
    garage.organisation.save(using=OWNER)


def with_template(who: Membership) -> None:
    by = sessions.actor_of(who)
    with enter(by.scope):
        write_template(
            by=by, use="message", kind=COVERED_TWICE.name, language="nl", title="Nog van jullie?", text=QUESTION
        )


@pytest.mark.phone
def test_desk_asks_who_sold_the_car(browse: Browse) -> None:
    garage = world.garage()
    buyer = world.garage(at=garage.portal)
    named(garage, "Garage Verkoper")
    named(buyer, "Garage Koper")
    mirjam = underwriter(garage)
    with_template(mirjam)
    held = vehicles.on_cover(garage, days=20)
    vehicles.on_cover(buyer, held.plate, days=3)
    jobs.work_off()

    seller = browse(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)
    seller.goto("/requests/")
    expect(seller.get_by_role("main")).not_to_contain_text(held.plate.formatted)

    desk = at_desk(browse, garage, mirjam)
    open_case(desk, held.plate.formatted)
    main = desk.get_by_role("main")
    for said in (garage.organisation.name, buyer.organisation.name, garage.policy.number, buyer.policy.number):
        expect(main).to_contain_text(said)
    no_violations(desk)
    take(desk)
    desk.locator("#id_say_text").fill(QUESTION.format(plate=held.plate.formatted, limit="28"))
    desk.get_by_role("button", name=words("Send to the customer")).click()
    expect(main).to_contain_text("online kan dat tot 28 terug")
    no_violations(desk)

    seller.goto("/")
    seller.get_by_role("link", name=words("Read it")).click()
    asked = seller.get_by_role("main")
    expect(asked).to_contain_text(words("Does this cover still have to run?"))
    expect(asked).to_contain_text("online kan dat tot 28 terug")
    expect(asked).not_to_contain_text("Garage Koper")
    expect(asked).not_to_contain_text(buyer.policy.number)
    expect(asked).not_to_contain_text(words("Covered twice"))
    no_violations(seller)

    request = seller.url
    seller.goto(f"/vehicles/deregister?item={held.item}")
    choose_day(seller, vehicles.back(garage, 4))
    seller.locator("main form button[type=submit], main form button:not([type])").last.click()
    expect(seller.get_by_role("main")).to_contain_text(held.plate.formatted)
    jobs.work_off()
    seller.goto(request)
    expect(asked).to_contain_text(words("No longer needed"))
    desk.goto("/desk/")
    expect(desk.locator("[data-case]").filter(has_text=held.plate.formatted)).to_have_count(0)


def test_two_insurers_switch_comparing_on_and_off(browse: Browse) -> None:
    here, there = world.garage(), world.garage()
    names = []
    for one in (here, there):
        one.portal.name = one.portal.insurer = f"Verzekeraar {world.unique()}"
        one.portal.save(using=OWNER)
        names.append(one.portal.insurer)
    held = vehicles.on_cover(here, days=9)
    vehicles.on_cover(there, held.plate, days=2)
    jobs.work_off()
    pages = []
    for one, other in ((here, there), (there, here)):
        who = underwriter(one)
        for right in ComparingRight:
            world.give(who, right)
        page = browse(who, one.portal)
        page.goto("/desk/agreements/")
        no_violations(page)
        page.goto(f"/desk/agreements/with/{other.portal.slug}")
        page.get_by_label(words("Legal basis")).fill("Artikel 6, lid 1, onder f, AVG")
        page.get_by_label(words("Laid down in")).fill("OV-2026-14")
        no_violations(page)
        page.get_by_role("button", name=words("Switch it on")).click()
        pages.append(page)
        state = words("Waiting for the other insurer") if one is here else words("On")
        expect(card(page, other.portal.insurer)).to_contain_text(state)
        jobs.work_off()
    for page, insurer in zip(pages, reversed(names), strict=True):
        page.goto("/desk/")
        open_case(page, held.plate.formatted)
        expect(page.get_by_role("main")).to_contain_text(insurer)
        no_violations(page)
    first = pages[0]
    first.goto("/desk/agreements/")
    place = card(first, names[1])
    place.locator("summary").click()
    place.get_by_role("button", name=words("End it now")).click()
    expect(card(first, names[1])).to_contain_text(words("Off"))
    no_violations(first)
    jobs.work_off()
    for page in pages:
        page.goto("/desk/")
        expect(page.locator("[data-case]").filter(has_text=held.plate.formatted)).to_have_count(0)


def card(page: Page, insurer: str) -> Locator:
    return page.locator("main .card, main section").filter(has=page.get_by_role("heading", name=insurer)).last
