"""All clients on one page: who is there, what waits, and that five thousand of them are as quick as five."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.urls import reverse

from remise.core.actor import Actor
from remise.core.models import Reach
from remise.core.scope import enter
from remise.fleet.models import Finding
from remise.mandates import inbox
from tests import plans, sessions, vehicles, world
from tests.mandates import offices
from tests.mandates.offices import REGISTER, VIEW, Office
from tests.world import OWNER, Garage

INBOX = reverse("clients:inbox")


def named(at: Garage, name: str) -> Garage:
    made = world.garage(at=at.portal)
    made.organisation.name = name
    made.organisation.save(using=OWNER)
    return made


def find(garage: Garage, *kinds: str) -> None:
    """Something that the register said of one vehicle, and nobody looked at."""
    held = vehicles.on_cover(garage)
    for kind in kinds or ("unknown_plate",):
        Finding.objects.using(OWNER).create(
            portal=garage.portal.id,
            organisation=garage.organisation.id,
            kind=kind,
            item_id=held.item,
            found_at="2026-01-01T12:00:00Z",
            said={"in_name_since": "2026-01-01", "starts": "2025-12-01", "value": "1.00", "why": "", "ours": "2.00"},
        )


def test_what_is_opened_holds_as_many_as_were_counted(garage: Garage, visser: Office) -> None:
    """What the desk looks at, each vehicle once; and what the radar found, where the customer acts."""
    find(garage, "unknown_plate", "value_in_doubt")
    find(garage, "sold")
    find(garage, "before_name_date", "value_differs")
    offices.mandate(offices.owner_of(garage), visser)
    client = visser.client()
    page = client.get(INBOX).content.decode()
    assert "2 vehicles need a look" in page
    assert "2 findings of the register radar" in page

    def opened(link: str) -> Any:
        assert link in page
        return client.post(reverse("clients:act"), {"client": garage.organisation.id, "next": link}, follow=True)

    assert opened("/vehicles/?only=at_desk").context["totals"].vehicles == 2
    assert opened("/vehicles/radar/").context["total"] == 2


def test_inbox_shows_clients_by_name_with_what_waits(garage: Garage, visser: Office) -> None:
    garages = [named(garage, name) for name in ("Zonnehof", "Autohuis Aa", "Garage De Berg")]
    for one in garages:
        offices.mandate(offices.owner_of(one), visser)
    find(garages[0])
    find(garages[0])
    find(garages[1])
    stranger = named(garage, "Niet Van Ons")
    find(stranger)
    page = visser.client().get(INBOX).content.decode()
    places = [page.index(name) for name in ("Autohuis Aa", "Garage De Berg", "Zonnehof")]
    assert places == sorted(places)
    assert "Niet Van Ons" not in page
    assert "3 vehicles need a look" in page  # over all clients
    assert "2 vehicles need a look" in page
    only = visser.client().get(INBOX, {"kind": "findings"}).content.decode()
    assert "Garage De Berg" not in only
    assert "Zonnehof" in only
    search = visser.client().get(INBOX, {"q": "ZONN"}).content.decode()
    assert "Zonnehof" in search
    assert "Autohuis Aa" not in search


def test_inbox_counts_only_what_the_mandate_lets_one_see(garage: Garage, visser: Office) -> None:
    find(garage)
    owner = offices.owner_of(garage)
    given = offices.mandate(owner, visser, rights=[REGISTER])
    assert "need a look" not in visser.client().get(INBOX).content.decode()
    offices.change(owner, given.id, rights=[VIEW], branches=[garage.branch.id], last_day=None)
    assert "needs a look" not in visser.client().get(INBOX).content.decode()
    offices.change(owner, given.id, rights=[VIEW], branches=None, last_day=None)
    assert "1 vehicle needs a look" in visser.client().get(INBOX).content.decode()


def test_one_click_opens_the_task_for_that_client(garage: Garage, visser: Office) -> None:
    find(garage)
    offices.mandate(offices.owner_of(garage), visser)
    client = visser.client()
    answer = client.post(
        reverse("clients:act"), {"client": garage.organisation.id, "next": "/vehicles/?only=finding"}, follow=True
    )
    assert answer.redirect_chain == [("/vehicles/?only=finding", 302)]
    assert f"You act for {garage.organisation.name}." in answer.content.decode()


def test_office_without_clients_reads_how_they_come(visser: Office) -> None:
    page = visser.client().get(INBOX).content.decode()
    assert "No company has you act for it yet" in page


def test_same_number_of_queries_for_one_client_and_for_three(garage: Garage, visser: Office) -> None:
    from django.test.utils import CaptureQueriesContext

    def asked() -> int:
        client = visser.client()
        client.get(INBOX)
        with CaptureQueriesContext(connections["default"]) as captured:
            assert client.get(INBOX).status_code == 200
        return len(captured)

    offices.mandate(offices.owner_of(garage), visser)
    find(garage)
    one = asked()
    for name in ("Een", "Twee"):
        made = named(garage, name)
        offices.mandate(offices.owner_of(made), visser)
        find(made)
    assert asked() == one


# --- a broker with five thousand clients

CLIENTS = 5_000
MANY = """
with made as (
  insert into organisations_organisation (portal, kind, kvk, name)
  select %(portal)s, 'company', null, 'Klant ' || n from generate_series(1, %(clients)s) n returning id, name
)
insert into core_reach (viewer, organisation, name, rights)
select %(viewer)s, id, lower(name), array['vehicles.view'] from made"""
OTHERS = """
insert into core_reach (viewer, organisation, name, rights)
select -v, -n, 'x' || n, array['vehicles.view'] from generate_series(1, 20) v, generate_series(1, %(clients)s) n
on conflict do nothing"""  # other tests have agents that do not exist too


@pytest.fixture(scope="module")
def broker() -> Iterator[Actor]:
    garage = world.garage()
    office = offices.office(garage.portal, name="Assurantiekantoor Groot")
    said = {"portal": garage.portal.id, "viewer": office.organisation.id, "clients": CLIENTS}
    with connections[OWNER].cursor() as cursor:
        cursor.execute(MANY, said)
        cursor.execute(OTHERS, said)
        cursor.execute("vacuum analyze core_reach, organisations_organisation, fleet_finding, desk_deskrequest")
    yield offices.agent(office)
    with connections[OWNER].cursor() as cursor:
        cursor.execute("delete from core_reach where viewer < 0 and name like 'x%%' or viewer = %(viewer)s", said)


def test_page_of_many_clients_keeps_its_index(broker: Actor) -> None:
    reached = Reach.objects.filter(viewer=broker.company)
    first = reached.order_by("name", "organisation")[:51]
    plans.assert_uses_index(first, "core_reach_by_name", broker.scope)
    search = reached.filter(name__prefix="klant 49").order_by("name", "organisation")[:51]
    plans.assert_uses_index(search, "core_reach_by_name", broker.scope)
    with enter(broker.scope):
        page = inbox.clients(broker)
        assert len(page.rows) == 50
        later = inbox.clients(broker, after=page.older or "")
        assert later.rows[0].name > page.rows[-1].name
        plan = plans.explain(reached.order_by("name", "organisation")[:51])
    assert plan["Actual Rows"] == 51


def test_names_of_a_page_are_looked_up_by_their_key(broker: Actor) -> None:
    from remise.organisations.models import Organisation

    with enter(broker.scope):
        numbers = [line.organisation for line in inbox.clients(broker).rows]
    names = Organisation.objects.filter(id__in=numbers)
    plans.assert_uses_index(names, "organisations_organisation_pkey", broker.scope, at_most=60)


def test_members_of_the_office_read_no_client(broker: Actor) -> None:
    """The overview is the agent's; as a member one reads one's own company."""
    from dataclasses import replace

    from remise.core.scope import ActorKind
    from remise.organisations.models import Organisation

    with enter(replace(broker, kind=ActorKind.MEMBER).scope):
        assert set(Organisation.objects.values_list("id", flat=True)) == {broker.company}


def test_page_for_members_of_no_office_is_refused(garage: Garage) -> None:
    client = sessions.client_of(world.member(garage.organisation, rights=[VIEW]), garage.portal)
    assert client.get(INBOX)["X-Reason-Code"] == "right_missing"
