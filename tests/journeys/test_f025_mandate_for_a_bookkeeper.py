"""An owner lets a bookkeeper do one thing; the bookkeeper does it with an account of one's own, and it is taken back.
And an office with two clients works for both, in two tabs, from one page."""

import pytest
from playwright.sync_api import Page, expect

from remise.core.scope import enter
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from tests import vehicles, world
from tests.accounts.visiting import PASSWORD, path_in, text_of
from tests.journeys.browsing import Browse, menu_labels, no_violations, words
from tests.journeys.coming_in_pages import work
from tests.journeys.server import Mailbox
from tests.journeys.sign_in_pages import couple, give_password
from tests.mandates import offices
from tests.world import Garage


def register(page: Page, garage: Garage) -> str:
    """Put a vehicle on cover; its plate."""
    plate = vehicles.fresh_plate()
    page.goto(f"/vehicles/register?policy={garage.policy.number}")
    page.get_by_label(words("Plate"), exact=True).fill(plate.value)
    page.get_by_label(words("Check code")).fill(vehicles.CODE)
    page.locator("button[data-sentence]").click()
    expect(page.get_by_text(plate.formatted).first).to_be_visible()
    return plate.value


def act_for(page: Page, name: str) -> None:
    page.goto("/clients/")
    page.locator("button.client").filter(has_text=name).click()
    expect(page.locator(".band").filter(has_text=name)).to_be_visible()


@pytest.mark.phone
def test_f025_bookkeeper_does_one_thing_until_it_is_taken_back(browse: Browse, mailbox: Mailbox) -> None:
    garage = world.garage()
    owner = offices.owner_of(garage, FleetRight.VIEW)
    email = f"boekhouder-{world.unique()}@example.test"
    bookkeeper = world.account(email=email)

    page = browse(owner, garage.portal)
    page.goto("/mandates/")
    no_violations(page)
    page.get_by_role("link", name=words("Give a mandate")).first.click()
    no_violations(page)
    page.get_by_role("button", name=words("Offer the mandate")).click()
    expect(page.get_by_text(words("Say what the mandate is for.")).first).to_be_visible()
    no_violations(page)
    page.get_by_label(words("Whom do you let act for you?")).fill(email)
    page.get_by_label(words("What for?")).fill("aanmelden van auto's")
    page.get_by_text(words("Register vehicles"), exact=True).click()
    page.get_by_role("button", name=words("Offer the mandate")).click()
    row = page.get_by_role("row").filter(has_text=email)
    expect(row).to_contain_text(words("Waits for an answer"))
    no_violations(page)

    theirs = browse(bookkeeper, garage.portal)
    theirs.goto(path_in(mailbox.newest(email)))
    no_violations(theirs)
    theirs.get_by_role("button", name=words("Accept for myself")).click()
    expect(theirs.locator(".band")).to_contain_text(garage.organisation.name)
    no_violations(theirs)
    # Only that page of that company.
    assert words("My company") not in menu_labels(theirs)
    for path in ("/vehicles/", "/cards/", "/company/people", "/mandates/"):
        answer = theirs.goto(path)
        assert answer is not None
        assert answer.status == 403, path
    no_violations(theirs)
    register(theirs, garage)
    no_violations(theirs)

    # Who gave it reads in a mail that it was accepted, and the link leads to it.
    work()
    accepted = mailbox.newest(owner.account.email)
    assert "aanmelden van auto's" in text_of(accepted)
    page.goto(path_in(accepted))
    expect(page.get_by_text(words("In force")).first).to_be_visible()
    page.goto("/mandates/")
    expect(page.get_by_role("row").filter(has_text="aanmelden van auto's")).to_contain_text(words("In force"))
    page.locator("td.cell-main a").click()
    expect(page.get_by_text(words("Registered a vehicle"))).to_be_visible()
    no_violations(page)

    # One right more, asked where it is missing and given with one click.
    theirs.goto("/vehicles/")
    theirs.get_by_role(
        "button", name=words("Ask %(name)s for this right") % {"name": garage.organisation.name}
    ).click()
    expect(
        theirs.get_by_text(words("Your request is on its way. A mail tells you what becomes of it."))
    ).to_be_visible()
    page.goto("/")
    page.locator("main a").filter(has_text=words("Answer")).click()
    no_violations(page)
    page.get_by_role("button", name=words("Add this right")).click()
    expect(page.get_by_text(words("The mandate is changed. It holds from now on."))).to_be_visible()
    answer = theirs.goto("/vehicles/")
    assert answer is not None
    assert answer.status == 200

    page.locator('[name="why"]').fill("Wij doen het zelf.")
    page.locator("form", has=page.locator('[name="why"]')).get_by_role("button").click()
    expect(page.get_by_text(words("Ended"), exact=True).first).to_be_visible()
    work()
    ended = text_of(mailbox.newest(email))
    assert garage.organisation.name in ended
    assert "Wij doen het zelf." in ended

    answer = theirs.goto("/vehicles/register")
    assert answer is not None
    assert (answer.status, answer.headers["x-reason-code"]) == (403, "mandate_ended")
    expect(theirs.get_by_role("main")).to_contain_text("aanmelden van auto's")
    no_violations(theirs)
    theirs.locator("main form button").click()
    expect(theirs.locator(".band")).to_have_count(0)


@pytest.mark.phone
def test_f025_newcomer_comes_from_the_mail_to_the_client_in_one_go(browse: Browse, mailbox: Mailbox) -> None:
    garage = world.garage()
    email = f"boekhouder-{world.unique()}@example.test"
    told: list[str] = []
    offices.offer(offices.owner_of(garage), email, told=told)

    hers = browse(None, garage.portal)
    hers.goto(f"/mandates/for/{told[0]}/")
    no_violations(hers)
    hers.get_by_role("link", name=words("Make an account")).click()
    no_violations(hers)
    hers.get_by_label(words("First name")).fill("Hanna")
    hers.get_by_label(words("Surname")).fill("Visser")
    hers.get_by_role("button", name=words("Next")).click()
    hers.get_by_label(words("Password"), exact=True).fill(PASSWORD)
    hers.get_by_role("button", name=words("Next")).click()
    hers.get_by_role("button", name=words("Next")).click()
    no_violations(hers)
    hers.get_by_role("button", name=words("Make my account")).dblclick()
    give_password(hers, email, PASSWORD)
    couple(hers)
    hers.get_by_role("link", name=words("I have kept them, go on")).click()
    hers.get_by_role("button", name=words("Accept for myself")).click()
    expect(hers.locator(".band")).to_contain_text(garage.organisation.name)


def test_f025_office_works_for_two_clients_in_two_tabs(browse: Browse) -> None:
    first = world.garage()
    second = world.garage(at=first.portal)
    for garage, name in ((first, "Autohuis Aa"), (second, "Garage De Berg")):
        garage.organisation.name = name
        garage.organisation.save(using=world.OWNER)
    office = offices.office(first.portal)
    for garage in (first, second):
        offices.offer(
            offices.owner_of(garage), office.organisation.kvk or "", rights=[FleetRight.VIEW, FleetRight.REGISTER]
        )
    head = browse(office.head, first.portal)
    head.goto("/clients/mandates")
    no_violations(head)
    for name in ("Autohuis Aa", "Garage De Berg"):
        label = words("Accept the mandate of %(client)s") % {"client": name}
        head.get_by_role("button", name=label).click()
    head.goto("/clients/")
    no_violations(head)

    one = browse(office.clerk, first.portal)
    act_for(one, "Autohuis Aa")
    one.goto(f"/vehicles/register?policy={first.policy.number}")
    plate = vehicles.fresh_plate()
    one.get_by_label(words("Plate"), exact=True).fill(plate.value)
    one.get_by_label(words("Check code")).fill(vehicles.CODE)
    one.keyboard.press("Tab")
    one.wait_for_load_state("networkidle")  # what this page still asks, it asks for its own client
    two = one.context.new_page()
    act_for(two, "Garage De Berg")
    one.locator("button[data-sentence]").click()
    title = words("You work for %(now)s now") % {"now": "Garage De Berg"}
    expect(one.get_by_role("heading", level=1, name=title)).to_be_visible()
    no_violations(one)
    for garage in (first, second):
        with enter(garage.actor().scope):
            assert not RegistrationVersion.objects.filter(plate=plate.value).exists()
    registered = register(two, second)
    with enter(second.actor().scope):
        assert RegistrationVersion.objects.filter(plate=registered).exists()
    two.locator(".band").get_by_role("button").click()
    expect(two.get_by_role("heading", level=1, name=words("My clients"))).to_be_visible()
