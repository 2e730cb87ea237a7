"""Which rights customers miss most, for their insurer."""

from datetime import timedelta

import pytest
from django.test import override_settings
from django.urls import reverse

from remise.core.models import Event
from remise.core.scope import ActorKind, Scope, enter
from remise.organisations.asking.actions import ask_for_right
from remise.organisations.missed.selectors import Missed, missed
from remise.organisations.rights import AccessRight
from tests import plans, sessions, world
from tests.organisations.company import MANAGE, VIEW, Company, company

routes = override_settings(ROOT_URLCONF="tests.organisations.routes")


def counted(garage: Company, *, days: int = 90) -> list[Missed]:
    at = world.insurer(garage.portal)
    by = sessions.actor_of(world.member(at, rights=[AccessRight.SEE_MISSED]))
    with enter(by.scope):
        return missed(by, days=days)


@routes
def test_missed_counts_refusals_people_and_companies(garage: Company) -> None:
    other = company(at=garage.portal, name="Autobedrijf Vos")
    for who in (garage.salesman, garage.salesman, garage.owner, other.salesman):
        sessions.client_of(who, garage.portal).get("/try/view")
    garage.client(garage.salesman).get(reverse("organisations:people"))
    by = sessions.actor_of(garage.salesman)
    with enter(by.scope):
        ask_for_right(by=by, right=VIEW, branch=None, why="", tell=lambda _asked: None)
    garage.grant(garage.salesman, VIEW)
    assert [(one.right, one.times, one.people, one.companies, one.asked, one.given) for one in counted(garage)] == [
        (VIEW, 4, 3, 2, 1, 1),
        (MANAGE, 1, 1, 1, 0, 0),
    ]


@routes
def test_missed_looks_back_no_further_than_asked_and_at_no_other_insurer(garage: Company) -> None:
    garage.client(garage.salesman).get("/try/view")
    elsewhere = company()
    elsewhere.client(elsewhere.salesman).get("/try/view")
    assert len(counted(garage, days=30)) == 1
    portal = garage.portal
    portal.clock_offset = timedelta(days=40)
    portal.save(using=world.OWNER)
    assert counted(garage, days=30) == []
    assert [one.times for one in counted(garage, days=90)] == [1]


@routes
def test_missed_by_the_insurers_own_people_is_left_out(garage: Company) -> None:
    clerk = world.member(world.insurer(garage.portal), rights=[])
    sessions.client_of(clerk, garage.portal).get(reverse("organisations:people"))
    assert counted(garage) == []


@pytest.mark.parametrize(("who", "status"), [("customer", 404), ("clerk", 403)])
def test_missed_is_for_the_insurers_people_with_the_right(garage: Company, who: str, status: int) -> None:
    clerk = world.member(world.insurer(garage.portal), rights=[])
    asks = garage.owner if who == "customer" else clerk
    assert sessions.client_of(asks, garage.portal).get(reverse("access:missed")).status_code == status


def test_page_draws_the_missed_rights(garage: Company) -> None:
    head = world.member(world.insurer(garage.portal), rights=[AccessRight.SEE_MISSED])
    client = sessions.client_of(head, garage.portal)
    assert "Nobody was refused" in client.get(reverse("access:missed")).content.decode()
    garage.client(garage.salesman).get(reverse("organisations:people"))
    page = client.get(reverse("access:missed"), {"days_back": "30"}).content.decode()
    assert "Manage colleagues" in page
    assert '<progress value="1" max="1"' in page
    assert client.get(reverse("access:missed"), {"days_back": "nonsense"}).status_code == 200


def test_count_of_refusals_keeps_its_index(garage: Company) -> None:
    asked = Event.objects.filter(portal=garage.portal.id, kind="access.refused", at__gte="2026-01-01T00:00Z")
    scope = Scope(ActorKind.STAFF, garage.portal.id)
    plans.assert_uses_index(asked, "core_event_refused", scope, at_most=50)
