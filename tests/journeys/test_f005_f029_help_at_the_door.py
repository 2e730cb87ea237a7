"""Who does not get in says who they are, and sees only what helps them: causes, and the right contact."""

import pytest
from playwright.sync_api import expect

from remise.help.capacities import Capacity, Topic
from tests import world
from tests.help.people import contact
from tests.journeys.browsing import Browse, no_violations, words


@pytest.mark.phone
def test_f029_salesman_at_the_door_sees_own_causes_and_contact(browse: Browse) -> None:
    at = world.portal()
    contact(at, "Rechtenbalie", capacities=[Capacity.CAR_SALESMAN, Capacity.OWNER], week="24/7")
    contact(at, "Adviseursdesk", capacities=[Capacity.ADVISER], week="24/7")
    page = browse(None, at)
    page.goto("/account/sign-in/")
    page.get_by_role("link", name=words("Help with signing in")).click()
    no_violations(page)
    page.get_by_role("link", name=str(Capacity.CAR_SALESMAN.label)).click()
    main = page.get_by_role("main")
    cause = words("A link from your finance program stops at the sign-in page")
    expect(main).to_contain_text(cause)
    expect(main).not_to_contain_text(words("You used to sign in with a certificate"))
    expect(main).to_contain_text("Rechtenbalie")
    expect(main).not_to_contain_text("Adviseursdesk")
    main.get_by_text(cause).click()
    expect(main.get_by_role("link", name=words("Sign in"), exact=True)).to_be_visible()
    no_violations(page)


@pytest.mark.full
def test_f029_adviser_without_scripts_sees_own_branch(browse: Browse) -> None:
    at = world.portal()
    contact(at, "Adviseursdesk", capacities=[Capacity.ADVISER], week="24/7")
    page = browse(None, at, scripts=False)
    page.goto("/help/sign-in")
    page.get_by_role("link", name=str(Capacity.ADVISER.label)).click()
    assert page.url.endswith("/help/sign-in/adviser")
    page.get_by_text(words("You used to sign in with a certificate")).click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("2022")
    expect(main).not_to_contain_text(words("A link from your finance program stops at the sign-in page"))
    expect(main).to_contain_text("Adviseursdesk")


def test_f005_topic_and_role_lead_to_the_right_desk(browse: Browse) -> None:
    garage = world.garage()
    contact(garage.portal, "Rechtenbalie", topics=[Topic.RIGHTS], capacities=[Capacity.OWNER], week="24/7")
    contact(garage.portal, "Adviseursdesk", capacities=[Capacity.ADVISER], week="PH 10:00-11:00")
    page = browse(world.member(garage.organisation, rights=[]), garage.portal)
    page.goto("/help/contacts")
    right_one = page.locator("#right-one")
    for topic, capacity, name, when in (
        (Topic.RIGHTS, Capacity.OWNER, "Rechtenbalie", words("Open day and night")),
        (Topic.BLOCKED, Capacity.ADVISER, "Adviseursdesk", None),
    ):
        page.get_by_label(words("What is it about?")).select_option(str(topic))
        page.get_by_label(words("Who are you?")).select_option(str(capacity))
        page.get_by_role("button", name=words("Show who can help")).click()
        expect(right_one).to_contain_text(name)
        if when:
            expect(right_one).to_contain_text(when)
        else:  # closed, unless this day is a public holiday between ten and eleven
            expect(right_one).not_to_contain_text(words("Open day and night"))
    no_violations(page)
