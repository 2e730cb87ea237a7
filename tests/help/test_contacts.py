"""The right contact on the page, open or closed by the portal's own clock."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from remise.core.clock import AMSTERDAM
from remise.help.capacities import Capacity, Topic
from remise.organisations.rights import LetInRight, OrganisationRight
from remise.portals.models import Portal
from tests import jobs, sessions, world
from tests.accounts.visiting import Visitor, text_of
from tests.help.people import contact, partner, visitor
from tests.journeys.server import Mailbox


def portal_at(text: str) -> Portal:
    """A portal whose business clock stands there; the offset keeps up with real time to well within a minute."""
    wanted = datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)
    return world.portal(offset=wanted - timezone.now() + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2026-10-21T09:40", "Open now until 17:30"),
        ("2026-10-21T07:00", "Closed now, opens today at 8:00"),
        ("2026-10-21T18:00", "Closed now, opens tomorrow at 8:00"),
        ("2026-10-23T18:00", "Closed now, opens again Monday 8:00"),
        ("2026-12-24T18:00", "Closed now, opens again Monday 8:00"),
    ],
)
def test_f005_desk_is_open_or_says_when_it_opens(now: str, said: str) -> None:
    page = visitor(portal_at(now)).get("/help/contacts").content.decode()
    assert said in page


def test_f005_topic_and_capacity_choose_the_contact() -> None:
    at = portal_at("2026-10-24T10:00")  # a Saturday
    contact(at, "Rechtenbalie", topics=[Topic.RIGHTS], week="Mo-Fr 08:00-17:30; Sa 09:00-17:00")
    contact(at, "Adviseursdesk", capacities=[Capacity.ADVISER], week="Mo-Fr 08:30-17:00")
    client = visitor(at, language="nl")

    def right_one(**asked: str) -> str:
        page = client.get("/help/contacts", asked).content.decode()
        return page.partition('id="right-one"')[2].partition("</section>")[0]

    owner = right_one(topic=Topic.RIGHTS, capacity=Capacity.OWNER)
    assert "Rechtenbalie" in owner
    assert "17.00" in owner
    adviser = right_one(topic=Topic.BLOCKED, capacity=Capacity.ADVISER)
    assert "Adviseursdesk" in adviser
    assert "8.30" in adviser
    assert at.desk_phone in right_one(topic=Topic.VEHICLES, capacity=Capacity.OWNER)
    assert client.get("/help/contacts", {"topic": "no-such", "capacity": "\x01"}).status_code == 200


def test_driver_who_does_not_get_in_reads_where_an_accident_is_told() -> None:
    at = world.portal()
    contact(at, "Rechtenbalie", topics=[Topic.SIGN_IN])
    contact(at, "Schademeldlijn", topics=[Topic.CLAIMS], week="24/7")
    client = visitor(at, language="nl")
    driver = client.get(reverse("help:sign_in_as", args=[Capacity.DRIVER])).content.decode()
    holder = client.get(reverse("help:sign_in_as", args=[Capacity.GARAGE_HOLDER])).content.decode()
    assert ["Schademeldlijn" in page for page in (driver, holder)] == [True, False]
    assert ["Rechtenbalie" in page for page in (driver, holder)] == [False, True]


@pytest.mark.parametrize("has_contact", [True, False])
def test_one_number_for_who_does_not_get_in(mailbox: Mailbox, has_contact: bool) -> None:
    """At the door, in the help, in the mails that a page and a job write, and beside who cannot get in."""
    garage = world.garage()
    if has_contact:
        trade = [Capacity.GARAGE_HOLDER, Capacity.OWNER]
        contact(garage.portal, "Toegangsbalie", topics=[Topic.SIGN_IN], capacities=trade, phone="038 000 77 77")
    number, other = "038 000 77 77", garage.portal.desk_phone
    if not has_contact:
        number, other = other, number
    owner = world.member(garage.organisation, rights=[OrganisationRight.MANAGE_USERS])
    second = world.member(garage.organisation, rights=[OrganisationRight.MANAGE_USERS])
    desk = world.member(world.insurer(garage.portal), rights=[LetInRight.LET_IN])
    guessing = Visitor(garage.portal, mailbox)
    for _ in range(5):
        guessing.sign_in(second.account.email, "guess guess guess")
    beside = sessions.client_of(owner, garage.portal).get(reverse("organisations:person", args=[second.id]))
    jobs.work_off()
    blocked = text_of(mailbox.newest(second.account.email))
    lifting = reverse("locked_out:unblock", args=[second.id])
    sessions.client_of(desk, garage.portal).post(lifting, {"verified": "called_back"})
    jobs.work_off()
    stranger = visitor(garage.portal)
    told = [
        stranger.get(reverse("account_login")).content.decode(),
        stranger.get(reverse("help:sign_in_as", args=[Capacity.GARAGE_HOLDER])).content.decode(),
        stranger.get(reverse("help:sign_in_as", args=[Capacity.ADVISER])).content.decode(),
        blocked,
        text_of(mailbox.newest(second.account.email)),
        beside.content.decode().partition('id="locked-out"')[2].partition("</section>")[0],
    ]
    assert len(set(told)) == 6
    assert [number in text for text in told] == [True] * 6
    assert [other in text for text in told] == [False] * 6
    asked = {"topic": Topic.SIGN_IN, "capacity": Capacity.ADVISER}
    page = stranger.get("/help/contacts", asked).content.decode()
    assert number in page.partition('id="right-one"')[2].partition("</section>")[0]


def test_f042_partner_contact_is_shown_to_its_own_customers_only() -> None:
    at = world.portal()
    companies = [world.organisation(at) for _ in range(3)]
    for name, company in zip("AB", companies, strict=False):
        contact(at, f"Dealerlijn {name}", partner=partner(at, f"Merk {name}", company))
    seen = []
    for company in companies:
        page = sessions.client_of(world.member(company, rights=[]), at).get("/help/contacts").content.decode()
        seen.append(["Dealerlijn A" in page, "Dealerlijn B" in page])
    assert seen == [[True, False], [False, True], [False, False]]
    assert "Dealerlijn" not in visitor(at).get("/help/contacts").content.decode()


def test_f004_half_authorised_and_alone_see_the_right_desk() -> None:
    at = world.portal()
    contact(at, "Rechtenbalie", topics=[Topic.RIGHTS], week="24/7")
    nobody_manages = world.member(world.organisation(at), rights=[])
    without_company = world.account()
    for who in (nobody_manages, without_company):
        for factors in (1, 2):
            page = sessions.client_of(who, at, factors=factors).get("/help/who").content.decode()
            assert "Rechtenbalie" in page
            assert "Open day and night" in page


def test_contact_that_cannot_be_reached_is_refused() -> None:
    with pytest.raises(IntegrityError, match="help_contact_can_be_reached"):
        contact(world.portal(), "Niemand", phone="")


def test_contact_of_another_insurer_is_not_shown() -> None:
    contact(world.portal(), "Van elders")
    assert "Van elders" not in visitor(world.portal(), language="nl").get("/help/contacts").content.decode()


def test_partner_of_another_insurer_is_refused() -> None:
    with pytest.raises(IntegrityError, match="in_portal"):
        contact(world.portal(), "Dealerlijn", partner=partner(world.portal(), "Elders"))
