"""A company reads who from outside opened what is its own, and what for."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.html import escape

from remise.core.models import Event
from remise.fleet.rights import FleetRight
from remise.organisations.rights import OrganisationRight
from tests import plans, sessions, world
from tests.desk.office import Office, office

LOOKED = reverse("access:looked")


@pytest.fixture
def desk() -> Office:
    return office()


def looks(of: Office) -> list[Event]:
    found = Event.objects.using(world.OWNER).filter(organisation=of.garage.organisation.id, kind="looked")
    return list(found.order_by("id"))


def page(of: Office, *rights: str) -> str:
    who = world.member(of.garage.organisation, rights=[OrganisationRight.MANAGE_USERS, *rights])
    return of.client(who).get(LOOKED).content.decode()


def test_look_of_the_desk_is_told_to_the_company(desk: Office) -> None:
    request = desk.late()
    assert "Nobody from outside looked" in page(desk)
    address = reverse("desk:case", args=[request.id])
    desk.client(desk.mirjam).get(address)
    told = page(desk, *FleetRight)
    assert "To answer your request" in told
    assert escape(desk.garage.portal.desk_name) in told
    assert reverse("desk:request", args=[request.id]) in told
    (look,) = looks(desk)
    assert (look.account, look.subject_kind, look.subject) == (desk.mirjam.account_id, "request", request.id)


def test_look_shows_the_thing_only_to_who_may_see_it(desk: Office) -> None:
    request = desk.late()
    desk.client(desk.mirjam).get(reverse("desk:case", args=[request.id]))
    told = page(desk)
    assert "A request to the insurer&#x27;s desk" in told
    assert reverse("desk:request", args=[request.id]) not in told


def test_look_counts_once_an_hour_for_each_person(desk: Office) -> None:
    address = reverse("desk:case", args=[desk.late().id])
    for who in (desk.mirjam, desk.mirjam, desk.daan):
        desk.client(who).get(address)
    assert [look.account for look in looks(desk)] == [desk.mirjam.account_id, desk.daan.account_id]
    portal = desk.garage.portal
    portal.clock_offset = timedelta(hours=1, minutes=1)
    portal.save(using=world.OWNER)
    desk.client(desk.mirjam).get(address)
    assert len(looks(desk)) == 3


def test_look_of_ones_own_people_is_not_written_down(desk: Office) -> None:
    request = desk.late()
    desk.client(desk.owner).get(reverse("desk:request", args=[request.id]))
    assert looks(desk) == []


def test_page_is_for_who_manages_colleagues(desk: Office) -> None:
    reader = world.member(desk.garage.organisation, rights=[FleetRight.VIEW])
    assert desk.client(reader).get(LOOKED).status_code == 403


def test_looks_of_a_company_keep_their_index(desk: Office) -> None:
    desk.client(desk.mirjam).get(reverse("desk:case", args=[desk.late().id]))
    asked = Event.objects.filter(organisation=desk.garage.organisation.id, kind="looked").order_by("-id")[:50]
    plans.assert_uses_index(asked, "core_event_looked", sessions.actor_of(desk.owner).scope, at_most=50)
