"""A right is taken and given again: the menu follows, and the history says who did it and when."""

from playwright.sync_api import expect

from remise.core import clock
from remise.core.models import Event
from remise.fleet.rights import FleetRight
from remise.organisations.rights import OrganisationRight, label_of
from remise.ui.formats import day as shown_day
from tests import world
from tests.journeys.browsing import Browse, menu_labels, no_violations, words
from tests.journeys.rights_pages import flip, refused
from tests.world import OWNER


def test_f002_rights_given_back(browse: Browse) -> None:
    garage = world.garage()
    owner = world.member(garage.organisation, rights=[OrganisationRight.MANAGE_USERS], name="Kees Bos")
    employee = world.member(garage.organisation, rights=[FleetRight.VIEW])
    page = browse(employee, garage.portal)
    page.goto("/")
    assert words("Vehicles") in menu_labels(page)
    office = browse(owner, garage.portal)
    office.goto("/company/people")
    flip(office, FleetRight.VIEW, employee)
    page.reload()
    assert words("Vehicles") not in menu_labels(page)
    refused(page, "/vehicles/", FleetRight.VIEW)
    flip(office, FleetRight.VIEW, employee)
    page.goto("/")
    assert words("Vehicles") in menu_labels(page)

    label = label_of(FleetRight.VIEW)
    named = {"by": "Kees Bos", "whom": "Sanne de Wit", "right": label}
    given, taken = (
        text.replace("<b>", "").replace("</b>", "") % named
        for text in (
            words("<b>%(by)s</b> gave <b>%(whom)s</b> the right: %(right)s"),
            words("<b>%(by)s</b> took from <b>%(whom)s</b> the right: %(right)s"),
        )
    )
    lines = office.locator("#history li")
    expect(lines).to_have_count(2)
    for line, text in zip(lines.all(), (given, taken), strict=True):  # the newest first
        expect(line).to_contain_text(text)
        expect(line).to_contain_text(shown_day(clock.today(garage.actor()), "short"))
    office.reload()
    expect(lines).to_have_count(2)
    no_violations(office)

    events = Event.objects.using(OWNER).filter(organisation=garage.organisation.id, kind__startswith="right.")
    told = [(event.kind, event.account, event.subject) for event in events.order_by("id")]
    assert told == [
        ("right.revoked", owner.account_id, employee.id),
        ("right.granted", owner.account_id, employee.id),
    ]
