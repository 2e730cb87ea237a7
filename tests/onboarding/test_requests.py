"""What a company asks of the desk before it can work: an administrator, and the relation number of a branch."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from remise.core.models import Event
from remise.core.scope import enter
from remise.desk.models import DeskRequest
from remise.fleet.bulk.kinds import REGISTER
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.organisations.appointing import owners_rights
from remise.organisations.models import Branch, Grant, Membership
from remise.runs.actions import send_lines
from remise.runs.models import RunRow
from tests import jobs, sessions, vehicles, world
from tests.api.program import Program, token
from tests.journeys.server import Mailbox
from tests.onboarding.door import Door, door
from tests.world import OWNER, Garage

MINE = reverse("access:mine")


@pytest.fixture
def entrance() -> Door:
    made = door()
    world.in_english(made.portal)
    return made


@pytest.fixture
def garage(entrance: Door) -> Garage:
    return world.garage(at=entrance.portal)


def text(client: Client, address: str) -> str:
    return str(client.get(address).content.decode())


def only(garage: Garage) -> DeskRequest:
    return DeskRequest.objects.using(OWNER).get(organisation=garage.organisation.id)


def decide(client: Client, request: DeskRequest, **said: object) -> Any:
    client.post(reverse("desk:take", args=[request.id]))
    form = {"outcome": "accepted", "reason": "In orde."} | said
    return client.post(reverse("desk:decide", args=[request.id]), form)


def rights_of(who: Membership) -> set[str]:
    return set(Grant.objects.using(OWNER).filter(membership=who).values_list("right", flat=True))


# --- row 12


def test_f012_sole_user_becomes_administrator(entrance: Door, garage: Garage, mailbox: Mailbox) -> None:
    bram = world.member(garage.organisation, rights=[], name="Bram Jansen")
    client = sessions.client_of(bram, entrance.portal)
    words = f"Ask {entrance.portal.insurer} to make me administrator"
    assert words in text(client, reverse("organisations:people"))
    assert words in text(client, MINE)
    assert words in text(client, reverse("help:who_can_help"))
    for _ in range(2):
        assert client.post(reverse("links:administrator")).status_code == 302
    asked = only(garage)
    assert "You asked for it. See how it stands" in text(client, reverse("organisations:people"))
    assert client.get(reverse("desk:request", args=[asked.id])).status_code == 200
    assert client.get(reverse("desk:requests")).status_code == 200
    staff = entrance.staff()
    assert "Bram Jansen" in text(staff, reverse("desk:case", args=[asked.id]))
    assert decide(staff, asked).status_code == 422  # how did you make sure?
    assert decide(staff, asked, verified=["called"]).status_code == 302
    assert rights_of(bram) == set(owners_rights())
    assert client.get(reverse("organisations:people")).status_code == 200
    kinds = Event.objects.using(OWNER).filter(organisation=garage.organisation.id).values_list("kind", flat=True)
    assert {"request.opened", "request.accepted", "right.granted", "administrator.appointed"} <= set(kinds)
    jobs.work_off()
    assert "Accepted" in str(mailbox.newest(bram.account.email)["Subject"])


def test_f012_refused_is_told_why(entrance: Door, garage: Garage) -> None:
    bram = world.member(garage.organisation, rights=[], name="Bram Jansen")
    client = sessions.client_of(bram, entrance.portal)
    client.post(reverse("links:administrator"))
    asked = only(garage)
    decide(entrance.staff(), asked, outcome="refused", reason="Wij kennen je niet.")
    assert rights_of(bram) == set()
    assert "Wij kennen je niet." in text(client, reverse("desk:request", args=[asked.id]))


def test_f012_is_not_offered_where_somebody_decides(entrance: Door, garage: Garage) -> None:
    world.member(garage.organisation, rights=["users.manage"], name="Kees Bos")
    bram = world.member(garage.organisation, rights=[], name="Bram Jansen")
    client = sessions.client_of(bram, entrance.portal)
    assert "to make me administrator" not in text(client, reverse("organisations:people"))
    client.post(reverse("links:administrator"))
    assert not DeskRequest.objects.using(OWNER).filter(organisation=garage.organisation.id).exists()


def test_f012_company_got_an_administrator_meanwhile(entrance: Door, garage: Garage) -> None:
    bram = world.member(garage.organisation, rights=[], name="Bram Jansen")
    sessions.client_of(bram, entrance.portal).post(reverse("links:administrator"))
    world.member(garage.organisation, rights=["users.manage"], name="Kees Bos")
    answer = decide(entrance.staff(), only(garage), verified=["called"])
    assert answer.status_code == 422
    assert rights_of(bram) == set()


def test_colleague_does_not_see_who_asked(entrance: Door, garage: Garage) -> None:
    bram = world.member(garage.organisation, rights=[], name="Bram Jansen")
    piet = world.member(garage.organisation, rights=[FleetRight.REGISTER], name="Piet Bos")
    sessions.client_of(bram, entrance.portal).post(reverse("links:administrator"))
    client = sessions.client_of(piet, entrance.portal)
    assert client.get(reverse("desk:request", args=[only(garage).id])).status_code == 403
    assert "Make me administrator" not in text(client, reverse("desk:requests"))


def test_desk_without_the_right_cannot_accept(entrance: Door, garage: Garage) -> None:
    bram = world.member(garage.organisation, rights=[], name="Bram Jansen")
    sessions.client_of(bram, entrance.portal).post(reverse("links:administrator"))
    clerk = world.member(entrance.insurer, rights=["desk.view", "desk.decide"], name="Tom")
    assert decide(entrance.staff(clerk), only(garage), verified=["called"]).status_code == 403
    assert rights_of(bram) == set()


# --- row 8, and the third cause of row 7


@pytest.fixture
def numberless(entrance: Door, garage: Garage) -> Branch:
    entrance.portal.relation_number_required = True
    entrance.portal.save(using=OWNER)
    branch = world.branch(garage.organisation, name="Ommen", establishment_number="000000000017")
    branch.relation_number = None
    branch.save(using=OWNER)
    return branch


def at(client: Client, who: Membership, branch: Branch) -> None:
    client.post(reverse("organisations:switch"), {"to": f"{who.id}:{branch.id}"})


def test_f008_branch_without_number_explains_itself(entrance: Door, garage: Garage, numberless: Branch) -> None:
    sanne = world.member(garage.organisation, rights=[*owners_rights()], name="Sanne de Wit")
    client = sessions.client_of(sanne, entrance.portal)
    assert client.get(reverse("home")).status_code == 200  # in all branches
    at(client, sanne, numberless)
    answer = client.get(reverse("home"))
    assert (answer.status_code, answer["X-Reason-Code"]) == (403, "relation_number_missing")
    page = answer.content.decode()
    for said in (
        "Sanne de Wit",
        sanne.account.email,
        garage.organisation.name,
        "Ommen",
        "has no relation number yet",
    ):
        assert said in page
    assert client.get(reverse("fleet:stock")).status_code == 403
    for name in (
        "organisations:people",
        "access:mine",
        "help:home",
        "mfa_index",
        "links:ask",
        "organisations:choose",
    ):
        assert client.get(reverse(name)).status_code == 200, name
    at(client, sanne, garage.branch)
    assert client.get(reverse("home")).status_code == 200


def test_f008_work_item_once_then_linked_and_open(entrance: Door, garage: Garage, numberless: Branch) -> None:
    sanne = world.member(garage.organisation, rights=[*owners_rights()], name="Sanne de Wit")
    client = sessions.client_of(sanne, entrance.portal)
    at(client, sanne, numberless)
    assert f"Ask {entrance.portal.insurer} for the number" in text(client, "/")
    for _ in range(2):
        assert client.post(reverse("links:relation_number")).status_code == 302
    asked = only(garage)
    assert "You asked for it. See how it stands" in text(client, "/")
    assert client.get(reverse("desk:request", args=[asked.id])).status_code == 200
    kees = world.member(garage.organisation, rights=["users.manage"], name="Kees")
    colleague = sessions.client_of(kees, entrance.portal)
    at(colleague, kees, numberless)
    assert "A colleague asked for it." in text(colleague, "/")
    staff = entrance.staff()
    taken = decide(staff, asked, relation_number=garage.branch.relation_number)
    assert taken.status_code == 422
    assert "This number is of another branch" in taken.content.decode()
    assert decide(staff, asked, relation_number="??").status_code == 422
    assert decide(staff, asked, relation_number="r 4711").status_code == 302
    numberless.refresh_from_db(using=OWNER)
    assert numberless.relation_number == "R4711"
    assert client.get(reverse("home")).status_code == 200


def test_f008_company_of_one_branch_is_refused_at_once(entrance: Door) -> None:
    one = world.garage(at=entrance.portal)
    Branch.objects.using(OWNER).filter(id=one.branch.id).update(relation_number=None)
    sanne = world.member(one.organisation, rights=[*owners_rights()], name="Sanne de Wit")
    client = sessions.client_of(sanne, entrance.portal)
    assert client.get(reverse("home")).status_code == 200  # this portal asks for none
    entrance.portal.relation_number_required = True
    entrance.portal.save(using=OWNER)
    assert client.get(reverse("home"))["X-Reason-Code"] == "relation_number_missing"
    json = client.get(reverse("fleet:stock"), headers={"accept": "application/json"})
    assert json.json()["code"] == "relation_number_missing"
    part = client.get(reverse("fleet:stock"), headers={"HX-Request": "true"})
    assert part.status_code == 403
    assert "HX-Redirect" in part
    assert entrance.staff().get(reverse("home")).status_code == 200


def test_f008_program_is_refused_with_the_same_code(entrance: Door) -> None:
    one = world.garage(at=entrance.portal)
    sanne = world.member(one.organisation, rights=[*owners_rights()], name="Sanne de Wit")
    made, secret = token(sanne)
    program = Program(entrance.portal, secret, made)
    path = f"/policies/{one.policy.number}/vehicles"
    assert program.get(path).status_code == 200
    Branch.objects.using(OWNER).filter(id=one.branch.id).update(relation_number=None)
    entrance.portal.relation_number_required = True
    entrance.portal.save(using=OWNER)
    answer = program.get(path)
    assert (answer.status_code, answer.json()["code"]) == (403, "relation_number_missing")
    assert "Zwolle" in answer.json()["detail"]


# --- who works in all of several branches, one of which has no number


@pytest.fixture
def sanne(garage: Garage) -> Membership:
    return world.member(garage.organisation, rights=[*owners_rights()], name="Sanne de Wit")


def given(garage: Garage, branch: Branch) -> dict[str, Any]:
    return {
        "plate": vehicles.fresh_plate().value,
        "check_code": vehicles.CODE,
        "day": vehicles.today(garage).isoformat(),
        "branch": branch.id,
    }


def held(garage: Garage, branch: Branch) -> int:
    found = RegistrationVersion.objects.using(OWNER).filter(organisation=garage.organisation.id, branch=branch.id)
    return found.count()


def test_f008_nothing_is_registered_by_page_for_a_branch_without_number(
    entrance: Door, garage: Garage, numberless: Branch, sanne: Membership
) -> None:
    client = sessions.client_of(sanne, entrance.portal)
    answer = client.post(reverse("fleet:register"), given(garage, numberless))
    assert (answer.status_code, answer["X-Reason-Code"]) == (403, "relation_number_missing")
    page = answer.content.decode()
    ask = reverse("links:relation_number", query={"branch": numberless.id})
    assert all(said in page for said in ("Ommen", "has no relation number yet", f'action="{ask}"'))
    assert held(garage, numberless) == 0
    assert client.post(reverse("fleet:register"), given(garage, garage.branch)).status_code == 302
    assert client.get(reverse("fleet:stock")).status_code == 200
    for _ in range(2):
        assert client.post(ask).status_code == 302
    decide(entrance.staff(), only(garage), relation_number="R 4712")
    assert client.post(reverse("fleet:register"), given(garage, numberless)).status_code == 302
    assert held(garage, numberless) == 1


def test_f008_nothing_is_registered_by_program_or_run_for_a_branch_without_number(
    entrance: Door, garage: Garage, numberless: Branch, sanne: Membership
) -> None:
    made, secret = token(sanne)
    program, path = Program(entrance.portal, secret, made), f"/policies/{garage.policy.number}/vehicles"
    answer = program.post(path, given(garage, numberless))
    assert (answer.status_code, answer.json()["code"]) == (403, "relation_number_missing")
    assert "Ommen" in answer.json()["detail"]
    assert program.post(path, given(garage, garage.branch)).status_code == 201
    assert program.get(path).status_code == 200

    by = sessions.actor_of(sanne)
    row = {name: value for name, value in given(garage, numberless).items() if name != "branch"}
    with enter(by.scope):
        inputs = {"policy": garage.policy.number, "branch": numberless.id}
        run = send_lines(by=by, kind=REGISTER.name, inputs=inputs, lines=[row])
    verdict = RunRow.objects.using(OWNER).get(run=run.id)
    assert (verdict.verdict, verdict.code) == ("wrong", "relation_number_missing")
    assert "Ommen" in verdict.message
    assert held(garage, numberless) == 0


def test_f008_what_is_there_stays_readable_and_no_card_is_asked(
    entrance: Door, garage: Garage, numberless: Branch, sanne: Membership
) -> None:
    numberless.relation_number = world.unique()
    numberless.save(using=OWNER)
    there = vehicles.on_cover(garage, branch=numberless.id)
    numberless.relation_number = None
    numberless.save(using=OWNER)
    client = sessions.client_of(sanne, entrance.portal)
    assert client.get(reverse("fleet:vehicle", args=[there.item])).status_code == 200
    assert there.plate.formatted in text(client, reverse("fleet:stock"))
    assert client.get(reverse("fleet:receipt", args=[there.entry])).status_code == 200
    off = {"item": there.item, "day": vehicles.today(garage).isoformat()}
    for name in ("green_cards:request", "fleet:deregister"):
        answer = client.post(reverse(name), off, query_params={"item": str(there.item)})
        assert (answer.status_code, answer["X-Reason-Code"]) == (403, "relation_number_missing"), name
    made, secret = token(sanne)
    program = Program(entrance.portal, secret, made)
    answer = program.post(f"/policies/{garage.policy.number}/cards", {"plates": [there.plate.value]})
    assert (answer.status_code, answer.json()["code"]) == (403, "relation_number_missing")


def test_f008_portal_that_asks_for_no_number_opens_every_branch(
    entrance: Door, garage: Garage, numberless: Branch, sanne: Membership
) -> None:
    entrance.portal.relation_number_required = False
    entrance.portal.save(using=OWNER)
    client = sessions.client_of(sanne, entrance.portal)
    assert client.post(reverse("fleet:register"), given(garage, numberless)).status_code == 302


def test_f008_number_is_asked_for_no_branch_of_another_company(
    entrance: Door, garage: Garage, numberless: Branch, sanne: Membership
) -> None:
    other = world.branch(world.garage(at=entrance.portal).organisation, establishment_number="000000000019")
    client = sessions.client_of(sanne, entrance.portal)
    for branch in (other.id, 10**30, "x"):
        ask = reverse("links:relation_number", query={"branch": branch})
        assert client.post(ask).status_code == 404
