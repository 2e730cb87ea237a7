"""Acting for a client: exactly what the mandate says, by exactly who may, until exactly when."""

import pytest
from django.urls import reverse

from remise.core.scope import enter
from remise.fleet.models import RegistrationVersion
from remise.mandates.models import Mandate
from tests import sessions, vehicles, world
from tests.desk import office as desk
from tests.mandates import offices
from tests.mandates.offices import REGISTER, VIEW, Office
from tests.world import Garage

STOCK = "/vehicles/"


def test_mandate_opens_what_it_names_and_nothing_else(garage: Garage, visser: Office) -> None:
    held = vehicles.on_cover(garage)
    owner = offices.owner_of(garage)
    client = visser.client()
    assert offices.act(client, garage.organisation).status_code == 404
    assert client.get(STOCK).status_code == 403  # the office's own
    offices.mandate(owner, visser)
    assert offices.act(client, garage.organisation, STOCK)["Location"] == STOCK
    page = client.get(STOCK, {"policy": garage.policy.number})
    assert page.status_code == 200
    assert held.plate.formatted in page.content.decode()
    assert f"You act for {garage.organisation.name}." in page.content.decode()
    refused = client.get("/vehicles/register")
    assert (refused.status_code, refused["X-Reason-Code"]) == (403, "right_missing")
    assert "Your mandate does not cover this" in refused.content.decode()
    for path in ("/company/people", "/connections/", "/mandates/", "/invitations/"):
        assert client.get(path).status_code == 403, path
    mine = client.get("/access/").content.decode()
    assert "de jaarrekening" in mine
    assert "View vehicles" in mine


def test_what_is_done_names_person_and_office(garage: Garage, visser: Office) -> None:
    owner = offices.owner_of(garage, VIEW)
    given = offices.mandate(owner, visser, rights=[VIEW, REGISTER])
    client = visser.client()
    offices.act(client, garage.organisation)
    plate = vehicles.fresh_plate()
    form = {
        "plate": plate.value,
        "check_code": vehicles.CODE,
        "day": vehicles.today(garage).isoformat(),
        "branch": str(garage.branch.id),
        "for_company": f"{garage.organisation.id}@{visser.organisation.id}",
    }
    query = {"policy": garage.policy.number}
    answer = client.post("/vehicles/register", form, query_params=query)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    (event,) = offices.events(garage.organisation, "vehicle.registered")
    assert (event.account, event.office) == (visser.clerk.account_id, visser.organisation.id)
    with enter(garage.actor().scope):
        item = RegistrationVersion.objects.get(plate=plate.value).item_id
    theirs = sessions.client_of(owner, garage.portal).get(f"/vehicles/{item}").content.decode()
    assert "Jan Bakker (Kantoor Visser, for you)" in theirs
    ours = client.get(f"/vehicles/{item}").content.decode()
    assert "Jan Bakker" in ours
    assert "for you" not in ours
    detail = sessions.client_of(owner, garage.portal).get(reverse("mandates:show", args=[given.id]))
    assert "Registered a vehicle" in detail.content.decode()
    assert "Jan Bakker (Kantoor Visser, for you)" in detail.content.decode()


def test_office_reads_the_clients_name_for_what_the_client_did(garage: Garage, visser: Office) -> None:
    owner = offices.owner_of(garage, VIEW)
    offices.mandate(owner, visser)
    held = vehicles.on_cover(garage)
    client = visser.client()
    offices.act(client, garage.organisation)
    page = client.get(f"/vehicles/{held.item}").content.decode()
    assert "Kees Bos" not in page
    assert garage.organisation.name in page


def test_office_does_not_read_which_colleague_asked_the_desk(garage: Garage, visser: Office) -> None:
    offices.mandate(offices.owner_of(garage), visser, rights=[VIEW, REGISTER])
    asked = desk.office(garage=garage).late()
    client = visser.client()
    offices.act(client, garage.organisation)
    answer = client.get(reverse("desk:request", args=[asked.id]))
    assert answer.status_code == 200
    assert "Sanne de Wit" not in answer.content.decode()


def test_office_does_not_read_who_administers_the_client(garage: Garage, visser: Office) -> None:
    offices.mandate(offices.owner_of(garage, "users.manage"), visser)
    client = visser.client()
    offices.act(client, garage.organisation)
    page = client.get(reverse("help:who_can_help")).content.decode()
    assert "Kees Bos" not in page
    assert "In your company" not in page


def test_ended_mandate_refuses_the_next_request_and_says_why(garage: Garage, visser: Office) -> None:
    owner = offices.owner_of(garage)
    given = offices.mandate(owner, visser)
    client = visser.client()
    offices.act(client, garage.organisation)
    assert client.get(STOCK).status_code == 200
    offices.end(owner, given.id, "Wij gaan naar een ander kantoor.")
    answer = client.get(STOCK)
    assert (answer.status_code, answer["X-Reason-Code"]) == (403, "mandate_ended")
    page = answer.content.decode()
    assert "de jaarrekening" in page
    assert "Wij gaan naar een ander kantoor." in page
    assert "Kees Bos" in page
    json = client.get(STOCK, headers={"accept": "application/json"})
    assert (json.status_code, json.json()["code"]) == (403, "mandate_ended")
    assert client.get(STOCK)["X-Reason-Code"] == "mandate_ended"  # until one goes on by a click
    assert client.post(reverse("clients:stop")).status_code == 302
    assert client.get(STOCK)["X-Reason-Code"] == "right_missing"


@pytest.mark.parametrize(("starts", "ends", "opens"), [(-9, 1, True), (-9, 0, False), (0, 9, True), (1, 9, False)])
def test_days_are_compared_whatever_is_projected(
    garage: Garage, visser: Office, starts: int, ends: int, opens: bool
) -> None:
    """The projection is stale here: nobody followed the change of the days."""
    given = offices.mandate(offices.owner_of(garage), visser)
    client = visser.client()
    offices.act(client, garage.organisation)
    offices.shift(given.id, starts=starts, ends=ends)
    assert offices.reached(visser.organisation) == {garage.organisation.id}
    assert (client.get(STOCK).status_code == 200) is opens
    assert (offices.rights_for(visser.clerk, garage.organisation) is not None) is opens


def test_mandate_of_one_branch_opens_that_branch(garage: Garage, visser: Office) -> None:
    meppel = world.branch(garage.organisation, name="Meppel", establishment_number="000000000001")
    here, there = vehicles.on_cover(garage, branch=meppel.id), vehicles.on_cover(garage)
    offices.mandate(offices.owner_of(garage), visser, branches=[meppel.id])
    client = visser.client()
    offices.act(client, garage.organisation)
    page = client.get(STOCK).content.decode()
    assert here.plate.formatted in page
    assert there.plate.formatted not in page


def test_changed_mandate_holds_from_the_next_request(garage: Garage, visser: Office) -> None:
    owner = offices.owner_of(garage)
    given = offices.mandate(owner, visser)
    client = visser.client()
    offices.act(client, garage.organisation)
    assert client.get("/vehicles/register").status_code == 403
    offices.change(owner, given.id, rights=[VIEW, REGISTER], branches=None, last_day=None)
    assert client.get("/vehicles/register").status_code == 200
    offices.change(owner, given.id, rights=[REGISTER], branches=None, last_day=None)
    assert client.get(STOCK).status_code == 403


def test_two_mandates_add_up(garage: Garage, visser: Office) -> None:
    owner = offices.owner_of(garage)
    offices.mandate(owner, visser, purpose="de jaarrekening", rights=[VIEW])
    second = offices.mandate(owner, visser, purpose="aanmelden", rights=[REGISTER])
    assert offices.rights_for(visser.clerk, garage.organisation) == {(VIEW, None), (REGISTER, None)}
    offices.end(owner, second.id)
    assert offices.rights_for(visser.clerk, garage.organisation) == {(VIEW, None)}
    assert offices.reached(visser.organisation) == {garage.organisation.id}


def test_colleague_without_the_right_to_act_opens_nothing(garage: Garage, visser: Office) -> None:
    offices.mandate(offices.owner_of(garage), visser)
    other = world.member(visser.organisation, rights=[VIEW], name="Nieuw Hier")
    client = visser.client(other)
    answer = offices.act(client, garage.organisation)
    assert (answer.status_code, answer["X-Reason-Code"]) == (403, "right_missing")
    assert client.get(reverse("clients:inbox")).status_code == 403
    assert offices.rights_for(other, garage.organisation) is None


def test_right_to_act_taken_away_ends_it_at_once(garage: Garage, visser: Office) -> None:
    offices.mandate(offices.owner_of(garage), visser)
    client = visser.client()
    offices.act(client, garage.organisation)
    assert client.get(STOCK).status_code == 200
    world.take_away(visser.clerk, offices.ACT)
    assert client.get(STOCK).status_code == 403


def test_mandate_never_gives_what_the_company_keeps(garage: Garage, visser: Office) -> None:
    """Not even where it stands in the row."""
    given = offices.mandate(offices.owner_of(garage), visser)
    Mandate.objects.using(world.OWNER).filter(id=given.id).update(
        rights=["users.manage", "tokens.manage", "mandates.manage", "clients.act", "desk.decide", VIEW]
    )
    assert offices.rights_for(visser.clerk, garage.organisation) == {(VIEW, None)}


def test_two_clients_in_two_tabs_never_mix(garage: Garage, visser: Office) -> None:
    other = world.garage(at=garage.portal)
    for one in (garage, other):
        offices.mandate(offices.owner_of(one), visser, rights=[VIEW, REGISTER])
    client = visser.client()
    offices.act(client, garage.organisation)
    made_for_first = {"for_company": f"{garage.organisation.id}@{visser.organisation.id}"}
    offices.act(client, other.organisation)
    answer = client.post("/vehicles/register", made_for_first, query_params={"policy": other.policy.number})
    assert (answer.status_code, answer["X-Reason-Code"]) == (409, "other_company")
    assert "another client" in answer.content.decode()
    # Nor where the same client is acted for by way of another office, or for one's own company.
    for made_for in (str(other.organisation.id), f"{other.organisation.id}@{garage.organisation.id}"):
        answer = client.post("/vehicles/register", {"for_company": made_for})
        assert answer.status_code == 409


def test_other_office_of_the_same_person_has_its_own_clients(garage: Garage, visser: Office) -> None:
    second = offices.office(garage.portal, name="Kantoor De Haan")
    there = world.membership(second.organisation, visser.clerk.account, rights=[offices.ACT], name="Jan Bakker")
    offices.mandate(offices.owner_of(garage), visser)
    client = visser.client()
    switch = reverse("organisations:switch")
    assert client.post(switch, {"to": str(visser.clerk.id)}).status_code == 302
    offices.act(client, garage.organisation)
    assert client.get(STOCK).status_code == 200
    assert client.post(switch, {"to": str(there.id)}).status_code == 302
    assert client.get(STOCK)["X-Reason-Code"] == "right_missing"
    assert offices.act(client, garage.organisation).status_code == 404


def test_another_insurers_company_is_never_a_client(garage: Garage, visser: Office) -> None:
    elsewhere = world.garage()
    assert offices.act(visser.client(), elsewhere.organisation).status_code == 404
    for number in (0, -1, "x", 2**63):
        assert visser.client().post(reverse("clients:act"), {"client": number}).status_code in (400, 404)


def test_staff_act_for_nobody(garage: Garage) -> None:
    insurer = world.insurer(garage.portal)
    client = sessions.client_of(world.member(insurer, rights=[]), garage.portal)
    assert client.get(reverse("clients:inbox")).status_code == 403
    assert offices.act(client, garage.organisation).status_code == 403
