"""What somebody of an office began for a client goes on as long as that very office acts for the client."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from remise.core.actor import Actor
from remise.core.scope import ActorKind, Scope, enter
from remise.desk import actions as desk
from remise.fleet.requests import LATE_REGISTRATION, LateRegistration
from remise.mandates import acting
from remise.messages.models import Mail
from remise.organisations.models import Membership
from remise.runs.actions import begin_run
from remise.runs.models import Run
from tests import jobs, sessions, vehicles, world
from tests.desk.office import Office as Desk
from tests.desk.office import office as desk_of
from tests.mandates import offices
from tests.mandates.offices import ACT, REGISTER, VIEW, Office
from tests.world import OWNER, Garage


@pytest.fixture(autouse=True)
def nothing_waits(tmp_path: Path, settings: Settings) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path
    jobs.forget()
    yield
    jobs.forget()


def acting_from(of: Office, who: Membership, client: int) -> Actor:
    with enter(Scope(ActorKind.ACCOUNT, of.portal.id, who.account_id)):
        told = acting.acts_for(who.account_id, office=of.organisation.id, client=client)
    assert told is not None
    return acting._actor(sessions.actor_of(who), client, told)


def begun(garage: Garage, by: Actor) -> Run:
    """A list of the vehicles as a file; each time another search."""
    inputs = {
        "policy": garage.policy.number,
        "format": "csv",
        "day": vehicles.today(garage).isoformat(),
        "known_at": None,
        "search": str(world.number()),
        "branch": None,
        "only": "",
    }
    with enter(by.scope):
        return begin_run(by=by, kind="fleet.stock", inputs=inputs)


def state(run: Run) -> str:
    jobs.work_off()
    run.refresh_from_db(using=OWNER)
    return str(run.state)


@pytest.mark.parametrize("besides", ["other office", "works there"])
def test_run_ends_with_its_office_whatever_else_its_person_does_there(
    garage: Garage, visser: Office, besides: str
) -> None:
    owner = offices.owner_of(garage)
    given = offices.mandate(owner, visser, rights=[VIEW])
    account = visser.clerk.account
    if besides == "other office":
        haan = offices.office(garage.portal, name="Kantoor De Haan")
        there = world.membership(haan.organisation, account, rights=[ACT], name="Jan Bakker")
        offices.mandate(owner, haan, rights=[VIEW, REGISTER])
    else:
        world.membership(garage.organisation, account, rights=[VIEW], name="Jan Bakker")
    stays = begun(garage, acting_from(visser, visser.clerk, garage.organisation.id))
    assert stays.office == visser.organisation.id
    assert state(stays) == "done"
    run = begun(garage, acting_from(visser, visser.clerk, garage.organisation.id))
    offices.end(owner, given.id)
    assert state(run) == "cancelled"
    if besides == "other office":
        other = begun(garage, acting_from(haan, there, garage.organisation.id))
        assert state(other) == "done"


def test_what_a_colleague_began_does_not_go_on_from_an_office(garage: Garage, visser: Office) -> None:
    """Who left the company and acts for it from an office began it as a colleague."""
    inside = world.membership(garage.organisation, visser.clerk.account, rights=[VIEW], name="Jan Bakker")
    offices.mandate(offices.owner_of(garage), visser, rights=[VIEW])
    run = begun(garage, sessions.actor_of(inside))
    Membership.objects.using(OWNER).filter(id=inside.id).update(state="ended")
    assert state(run) == "cancelled"


def test_same_export_from_another_office_is_another_one(garage: Garage, visser: Office) -> None:
    haan = offices.office(garage.portal, name="Kantoor De Haan")
    there = world.membership(haan.organisation, visser.clerk.account, rights=[ACT], name="Jan Bakker")
    for office in (visser, haan):
        offices.mandate(offices.owner_of(garage), office, rights=[VIEW])
    made = set()
    for office, who in ((visser, visser.clerk), (haan, there)):
        by = acting_from(office, who, garage.organisation.id)
        with enter(by.scope):
            made.add(begin_run(by=by, kind="fleet.stock", inputs={}).id)
    assert len(made) == 2


@pytest.mark.parametrize("ended", [True, False])
def test_answer_of_the_desk_is_mailed_while_that_office_acts(garage: Garage, visser: Office, ended: bool) -> None:
    owner = offices.owner_of(garage)
    given = offices.mandate(owner, visser, rights=[VIEW, REGISTER])
    haan = offices.office(garage.portal, name="Kantoor De Haan")
    world.membership(haan.organisation, visser.clerk.account, rights=[ACT], name="Jan Bakker")
    offices.mandate(owner, haan, rights=[VIEW, REGISTER])
    at: Desk = desk_of(garage=garage)
    by = acting_from(visser, visser.clerk, garage.organisation.id)
    data = LateRegistration(
        garage.policy.id, vehicles.fresh_plate().value, at.day(40), garage.branch.id, vehicles.CODE, {}
    )
    with enter(by.scope):
        request = desk.open_request(by=by, kind=LATE_REGISTRATION.name, data=data)
    if ended:
        offices.end(owner, given.id)
    at.take(request)
    at.do(desk.refuse, request, at.mirjam, reason="Dat is te lang geleden.")
    jobs.work_off()
    told = Mail.objects.using(OWNER).filter(portal=garage.portal.id, kind="desk.request")
    assert told.count() == (0 if ended else 1)
