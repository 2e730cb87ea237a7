"""Further back than online: the owner asks with one click, the desk decides, and the car is on cover or not."""

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from remise.core.identifiers import Plate
from remise.core.models import Entry
from remise.core.scope import enter
from remise.fleet.actions import correct_entry
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.ui.formats import day as shown_day
from tests import vehicles, world
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.desk_pages import at_desk, decide, open_case, take, underwriter
from tests.journeys.fleet_pages import fact, fill_registration, submit, type_earlier
from tests.world import OWNER, Garage

RIGHTS = [FleetRight.VIEW, FleetRight.REGISTER, FleetRight.DEREGISTER]


@pytest.fixture
def garage() -> Garage:
    return world.garage()


def asked(browse: Browse, garage: Garage, plate: Plate, back: int = 40) -> Page:
    """Refused, and asked: the page of the request, with all that was typed."""
    owner = world.member(garage.organisation, rights=list(RIGHTS), name="Sanne de Wit")
    page = browse(owner, garage.portal)
    page.goto("/vehicles/register")
    fill_registration(page, plate, vehicles.CODE, vehicles.today(garage))
    type_earlier(page, vehicles.back(garage, back))
    submit(page)
    page.get_by_role("button", name=words("Ask the desk")).click()
    expect(page.get_by_role("heading", level=1, name=words("Insure from an earlier day"))).to_be_visible()
    main = page.get_by_role("main")
    expect(main).to_contain_text(plate.formatted)
    expect(main).to_contain_text(shown_day(vehicles.back(garage, back)))
    expect(fact(page, words("Check code"))).to_have_text(vehicles.CODE)
    expect(main).to_contain_text(words("Waiting for the desk"))
    assert not Entry.objects.using(OWNER).filter(organisation=garage.organisation.id).exists()
    return page


@pytest.mark.phone
def test_f123_f124_late_request_decided(browse: Browse, garage: Garage) -> None:
    plate = vehicles.fresh_plate()
    vehicles.in_register(plate, in_name_since=vehicles.back(garage, 45))
    page = asked(browse, garage, plate)
    no_violations(page)

    desk = at_desk(browse, garage, underwriter(garage))
    expect(desk.get_by_role("banner")).to_contain_text(garage.portal.insurer)
    no_violations(desk)
    open_case(desk, plate.formatted)
    expect(desk.get_by_role("main")).to_contain_text(garage.organisation.name)
    expect(fact(desk, words("Asked by"))).to_have_text("Sanne de Wit")
    expect(fact(desk, words("In its owner's name since"))).to_have_text(shown_day(vehicles.back(garage, 45)))
    no_violations(desk)
    take(desk)
    # A question comes on the customer's home page, and goes when it is read.
    desk.get_by_label(words("Message")).fill("Stuur je de factuur?")
    desk.get_by_role("button", name=words("Send to the customer")).click()
    expect(desk.get_by_role("main")).to_contain_text("Stuur je de factuur?")
    no_violations(desk)
    page.goto("/")
    expect(page.get_by_role("main")).to_contain_text(words("The insurer's desk asks you something"))
    page.get_by_role("link", name=words("Read it")).click()
    expect(page.get_by_role("main")).to_contain_text("Stuur je de factuur?")
    page.get_by_label(words("Message")).fill("Factuur 2026-118.")
    page.get_by_role("button", name=words("Send to the desk")).click()
    no_violations(page)
    page.goto("/")
    expect(page.get_by_role("main")).not_to_contain_text(words("The insurer's desk asks you something"))

    desk.reload()
    expect(desk.get_by_role("main")).to_contain_text("Factuur 2026-118.")
    # Without a reason nothing is decided.
    desk.get_by_role("button", name=words("Accept and insure")).click()
    expect(desk.get_by_label(words("Reason"))).to_have_attribute("aria-invalid", "true")
    no_violations(desk)
    decide(desk, words("Accept and insure"), "De tenaamstelling klopt.")
    expect(desk.get_by_role("main")).to_contain_text(words("Nothing waits for you"))
    no_violations(desk)

    version = RegistrationVersion.objects.using(OWNER).get(organisation=garage.organisation.id)
    assert (version.plate, version.starts) == (plate.value, vehicles.back(garage, 40))
    page.goto("/")
    expect(page.get_by_role("main")).to_contain_text(words("The insurer's desk has decided"))
    no_violations(page)
    page.get_by_role("link", name=words("Read it")).click()
    expect(page.get_by_role("main")).to_contain_text("De tenaamstelling klopt.")
    no_violations(page)
    page.get_by_role("link", name=words("Show the receipt")).click()
    title = words("%(plate)s is insured from %(day)s")
    shown = {"plate": plate.formatted, "day": shown_day(vehicles.back(garage, 40))}
    receipt = page.get_by_role("article", name=title % shown)
    expect(receipt).to_be_visible()
    expect(fact(receipt, words("Decided by"))).to_contain_text(garage.portal.desk_name)
    expect(fact(receipt, words("Done by"))).to_have_text(words("the insurer"))
    no_violations(page)
    receipt.get_by_role("link", name=words("Insure from an earlier day")).click()
    expect(page.get_by_role("main")).to_contain_text("De tenaamstelling klopt.")


@pytest.mark.full
def test_f123_late_request_refused(browse: Browse, garage: Garage) -> None:
    plate = vehicles.fresh_plate()
    page = asked(browse, garage, plate)
    desk = at_desk(browse, garage, underwriter(garage))
    open_case(desk, plate.formatted)
    take(desk)
    decide(desk, words("Refuse"), "Op die dag reed er nog iemand anders mee.")
    expect(desk.get_by_role("main")).to_contain_text(words("Nothing waits for you"))
    page.goto("/requests/")
    expect(page.get_by_role("main")).to_contain_text(words("Refused"))
    no_violations(page)
    page.get_by_role("link", name=words("Insure from an earlier day")).click()
    expect(page.get_by_role("main")).to_contain_text("Op die dag reed er nog iemand anders mee.")
    no_violations(page)
    assert not RegistrationVersion.objects.using(OWNER).filter(organisation=garage.organisation.id).exists()


@pytest.mark.full
def test_f124_late_deregistration_decided(browse: Browse) -> None:
    """Asked from the refused form; what nobody lifts is told to the employee, and the request stays open."""
    garage = world.garage(offset=timedelta(days=50))
    earlier = replace(garage.actor(*FleetRight), clock_offset=timedelta(0))
    held = vehicles.on_cover(garage, by=earlier, days=50)
    owner = world.member(garage.organisation, rights=list(RIGHTS), name="Sanne de Wit")
    page = browse(owner, garage.portal)
    page.goto(f"/vehicles/deregister?item={held.item}")
    type_earlier(page, vehicles.back(garage, 40))
    submit(page)
    page.get_by_role("button", name=words("Ask the desk")).click()
    expect(page.get_by_role("heading", level=1, name=words("Deregister from an earlier day"))).to_be_visible()
    with enter(earlier.scope):  # undone meanwhile: nothing is left to take off
        correct_entry(by=earlier, policy=garage.policy, entry=held.entry)
    desk = at_desk(browse, garage, underwriter(garage))
    open_case(desk, held.plate.formatted)
    take(desk)
    decide(desk, words("Accept and deregister"), "Verkocht op die dag.")
    refused = words("%(plate)s is no longer insured on this policy.")
    expect(desk.get_by_role("main")).to_contain_text(refused % {"plate": held.plate.formatted})
    expect(desk.get_by_label(words("Reason"))).to_have_value("Verkocht op die dag.")
    no_violations(desk)
    # The vehicle's page shows what is asked; the customer takes it back.
    page.get_by_role("link", name=words("Show the vehicle")).click()
    page.get_by_role("link", name=words("Deregister from an earlier day")).click()
    page.get_by_role("button", name=words("Withdraw the request")).click()
    expect(page.get_by_role("main")).to_contain_text(words("Withdrawn"))
    no_violations(page)
    desk.get_by_role("button", name=words("Refuse"), exact=True).click()
    expect(desk.get_by_role("main")).to_contain_text(words("The customer has withdrawn this request."))


@pytest.mark.full
@pytest.mark.desk
def test_f123_earlier_day_is_chosen_in_the_calendar(browse: Browse, garage: Garage) -> None:
    """Grey days can be asked for: the calendar says why they are grey, and who may allow them."""
    page = browse(world.member(garage.organisation, rights=list(RIGHTS)), garage.portal)
    page.goto("/vehicles/register")
    fill_registration(page, vehicles.fresh_plate(), vehicles.CODE, vehicles.today(garage))
    grey = page.locator(".days .days-ask")
    if not grey.count():  # the limit is a Monday: nothing before it is drawn
        type_earlier(page, vehicles.back(garage, 29))
    else:
        grey.last.click()
        may_be_asked = words("You can ask the insurer's desk to allow it.")
        expect(page.get_by_role("status").filter(has_text=may_be_asked)).to_be_visible()
    no_violations(page)
    submit(page)
    page.get_by_role("button", name=words("Ask the desk")).click()
    expect(page.get_by_role("heading", level=1, name=words("Insure from an earlier day"))).to_be_visible()


@pytest.mark.full
@pytest.mark.desk
def test_desk_by_keyboard(browse: Browse, garage: Garage) -> None:
    """Nothing needs the mouse: through the list, take, reason, accept, and the next one is there."""
    first, second = vehicles.fresh_plate(), vehicles.fresh_plate()
    asked(browse, garage, first, back=40)
    asked(browse, garage, second, back=41)
    desk = at_desk(browse, garage, underwriter(garage))
    desk.keyboard.press("j")
    expect(desk.locator("[data-case][aria-current]")).to_contain_text(first.formatted)
    desk.keyboard.press("j")
    expect(desk.locator("[data-case][aria-current]")).to_contain_text(second.formatted)
    desk.keyboard.press("k")
    expect(desk.locator("[data-case][aria-current]")).to_contain_text(first.formatted)
    desk.keyboard.press("t")
    expect(desk.get_by_label(words("Reason"))).to_be_visible()
    desk.keyboard.press("r")
    expect(desk.get_by_label(words("Reason"))).to_be_focused()
    desk.keyboard.type("jkt klopt")
    expect(desk.get_by_label(words("Reason"))).to_have_value("jkt klopt")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-case][aria-current]")).to_contain_text(second.formatted)
    held = RegistrationVersion.objects.using(OWNER).filter(organisation=garage.organisation.id)
    assert [version.plate for version in held] == [first.value]
    # Put out, they do nothing.
    desk.get_by_label(words("Keys"), exact=True).uncheck()
    desk.keyboard.press("t")
    expect(desk.get_by_role("button", name=words("Take it"), exact=True)).to_be_visible()


@pytest.mark.full
def test_desk_without_scripts(browse: Browse, garage: Garage) -> None:
    plate = vehicles.fresh_plate()
    asked(browse, garage, plate)
    desk = browse(underwriter(garage), garage.portal, scripts=False)
    desk.goto("/desk/?who=me")
    expect(desk.get_by_role("main")).to_contain_text(words("Nothing is yours now"))
    desk.goto("/desk/")
    open_case(desk, plate.formatted)
    take(desk)
    decide(desk, words("Accept and insure"), "Klopt.")
    expect(desk.get_by_role("main")).to_contain_text(words("Nothing waits for you"))
    assert RegistrationVersion.objects.using(OWNER).filter(organisation=garage.organisation.id).exists()
