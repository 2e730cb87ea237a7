"""A key opens what its maker may do at that moment, and no more; what is wrong with one is told to nobody."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from remise.api.opened import OPENINGS
from remise.core.actor import Actor
from remise.core.clock import day_of
from remise.core.errors import DomainError, Forbidden, NotVisible
from remise.core.models import Event
from remise.core.scope import enter
from remise.fleet.rights import FleetRight
from remise.mandates.rights import MandateRight
from remise.organisations.models import ApiToken, Membership
from remise.organisations.rights import ConnectionRight, OrganisationRight, openings
from remise.organisations.tokens.actions import Made, make_token, revoke_token
from remise.organisations.tokens.rules import LONGEST, narrowed
from remise.organisations.tokens.secrets import Secret
from remise.organisations.tokens.selectors import offered
from tests import sessions, vehicles, world
from tests.api.program import Program, program, token
from tests.world import OWNER

RIGHTS = [*FleetRight, OrganisationRight.MANAGE_USERS, ConnectionRight.MANAGE_TOKENS]
MONTH = timedelta(days=30)
grants = st.frozensets(st.tuples(st.sampled_from(RIGHTS), st.sampled_from([None, 1, 2, 3])))


@given(held=grants, rights=st.sets(st.sampled_from(RIGHTS)), branches=st.none() | st.sets(st.integers(1, 4)))
def test_key_never_opens_more_than_its_maker_holds(
    held: frozenset[tuple[str, int | None]], rights: set[str], branches: set[int] | None
) -> None:
    for right, branch in narrowed(held, rights=rights, branches=branches):
        assert right in rights
        assert right != ConnectionRight.MANAGE_TOKENS
        assert (right, branch) in held or (right, None) in held
        assert branches is None or branch in branches


@pytest.mark.parametrize("right", [OrganisationRight.MANAGE_USERS, MandateRight.MANAGE])
def test_key_for_some_branches_opens_nothing_of_the_whole_company(right: str) -> None:
    held = frozenset({(right, None), (str(FleetRight.VIEW), None)})
    narrow = narrowed(held, rights={right, FleetRight.VIEW}, branches={1})
    assert narrow == {(FleetRight.VIEW, 1)}


def made(by: Actor, **asked: object) -> Made:
    wanted = {"name": "Dealer system", "rights": [FleetRight.VIEW], "branches": None, "lifetime": MONTH}
    with enter(by.scope):
        return make_token(by=by, **wanted | asked)  # type: ignore[arg-type]


def maker(of: world.Garage, *rights: str, branch: int | None = None) -> Actor:
    return sessions.actor_of(world.member(of.organisation, rights=[ConnectionRight.MANAGE_TOKENS, *rights]))


def test_make_keeps_only_the_fingerprint_and_is_written_down() -> None:
    garage = world.garage()
    by = maker(garage, FleetRight.VIEW)
    done = made(by, addresses=["203.0.113.0/24"])
    row = ApiToken.objects.using(OWNER).filter(id=done.token.id).values().get()
    assert done.secret.text not in str(row)
    assert row["secret_sha"] == done.secret.fingerprint
    assert done.secret.text.startswith(row["prefix"])
    event = Event.objects.using(OWNER).get(kind="token.made", subject=done.token.id)
    assert (event.account, event.via, event.organisation) == (by.account, "page", garage.organisation.id)
    assert done.secret.text not in str(event.after)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"rights": []}, "missing"),
        ({"rights": [FleetRight.DEREGISTER]}, "not_held"),
        ({"rights": [FleetRight.VIEW, "no.such"]}, "not_held"),
        ({"rights": [ConnectionRight.MANAGE_TOKENS]}, "not_held"),
        ({"lifetime": timedelta(0)}, "lifetime"),
        ({"lifetime": LONGEST + timedelta(days=1)}, "lifetime"),
    ],
)
def test_make_refuses(asked: dict[str, object], code: str) -> None:
    by = maker(world.garage(), FleetRight.VIEW)
    with pytest.raises(DomainError) as error:
        made(by, **asked)
    assert error.value.code == code


def test_form_offers_what_opens_something_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """What operations ask and what the feed tells, of what one holds oneself."""
    by = maker(world.garage(), *FleetRight, OrganisationRight.MANAGE_USERS)
    opened = {*FleetRight, OrganisationRight.MANAGE_USERS}
    assert set(offered(by)) == opened
    assert set(offered(maker(world.garage(), FleetRight.VIEW))) == {FleetRight.VIEW}
    (operations, events) = OPENINGS
    assert set(operations.rights()) == set(FleetRight)
    for opening in (operations, events):
        monkeypatch.setitem(vars(openings)["_entries"], opening.name, replace(opening, rights=lambda: ()))
    assert offered(by) == []


def test_make_says_what_is_wrong_with_branches() -> None:
    """In the words of who gives a colleague a right; and a branch of another company is none."""
    garage, other = world.garage(), world.garage()
    by = maker(garage, FleetRight.VIEW, OrganisationRight.MANAGE_USERS)
    with pytest.raises(DomainError) as error:
        made(by, rights=[FleetRight.VIEW, OrganisationRight.MANAGE_USERS], branches=[garage.branch.id])
    assert error.value.code == "company_wide"
    assert str(error.value.message) == "This right holds for the whole company, not for one branch."
    for branches in ([other.branch.id], [garage.branch.id, 0]):
        with pytest.raises(NotVisible):
            made(by, branches=branches)
    assert made(by, branches=[garage.branch.id]).token.branches == [garage.branch.id]


@pytest.mark.parametrize(("hour", "day"), [(22, 6), (21, 5)])
def test_days_of_a_key_are_those_of_amsterdam(hour: int, day: int) -> None:
    """Of the real clock: a key is no matter of the demo's time machine."""
    garage = world.garage(at=world.portal(offset=timedelta(days=40)))
    member = world.member(garage.organisation, rights=[ConnectionRight.MANAGE_TOKENS, FleetRight.VIEW])
    year = timezone.now().year + 1  # the database goes on with its own clock, for which no key has ended then
    with time_machine.travel(datetime(year, 7, 5, hour, 30, tzinfo=UTC), tick=False):
        done = made(sessions.actor_of(member))
        assert Program(garage.portal, done.secret).get("/me").status_code == 200
    row = ApiToken.objects.using(OWNER).get(id=done.token.id)
    assert row.last_used_on == date(year, 7, day)
    said = Event.objects.using(OWNER).get(kind="token.made", subject=row.id).after or {}
    assert said["expires"] == date(year, 8, day - 1).isoformat()


def test_make_refuses_a_name_twice_until_the_first_is_taken_back() -> None:
    by = maker(world.garage(), FleetRight.VIEW)
    first = made(by)
    with pytest.raises(DomainError, match="name"):
        made(by)
    with enter(by.scope):
        revoke_token(by=by, token=first.token.id)
    made(by)


def test_make_and_revoke_ask_for_the_right() -> None:
    garage = world.garage()
    done = made(maker(garage, FleetRight.VIEW))
    seller = sessions.actor_of(world.member(garage.organisation, rights=[FleetRight.VIEW]))
    with pytest.raises(Forbidden):
        made(seller)
    with pytest.raises(Forbidden), enter(seller.scope):
        revoke_token(by=seller, token=done.token.id)


def test_me_tells_company_and_rights() -> None:
    garage = world.garage()
    caller = program(garage, held=[FleetRight.VIEW, FleetRight.REGISTER], rights=[FleetRight.VIEW])
    told = caller.get("/me").json()
    assert told["company"] == garage.organisation.name
    assert [(one["right"], one["branch"]) for one in told["rights"]] == [("vehicles.view", None)]
    assert caller.token is not None
    assert told["key"]["prefix"] == caller.token.prefix


def refusals(garage: world.Garage) -> dict[str, Program]:
    """Everything that can be wrong with a key."""
    member = world.member(garage.organisation, rights=list(FleetRight))
    gone = world.member(garage.organisation, rights=list(FleetRight))
    closed = world.member(garage.organisation, rights=list(FleetRight))
    at = garage.portal

    def of(whose: Membership, **more: Any) -> Program:
        row, secret = token(whose, **more)
        return Program(at, secret, row)

    found = {
        "none": Program(at, None),
        "never made": Program(at, Secret.fresh()),
        "cut short": Program(at, Secret(Secret.fresh().text[:-1])),
        "expired": of(member, expires_at=timezone.now() - timedelta(seconds=1)),
        "taken back": of(member, revoked_at=timezone.now()),
        "from elsewhere": of(member, addresses=["203.0.113.0/24", "2001:db8::/32"]),
        "of who left": of(gone),
        "of a closed account": of(closed),
        "of another insurer": Program(at, program(world.garage()).secret),
    }
    Membership.objects.using(OWNER).filter(id=gone.id).update(state=Membership.State.ENDED)
    closed.account.is_active = False
    closed.account.save(using=OWNER)
    return found


def test_every_wrong_key_gets_one_and_the_same_answer() -> None:
    garage = world.garage()
    answers = {why: caller.get("/me") for why, caller in refusals(garage).items()}
    assert {answer.status_code for answer in answers.values()} == {401}
    assert len({answer.content for answer in answers.values()}) == 1
    assert len({str(sorted(answer.headers.items())) for answer in answers.values()}) == 1
    assert answers["none"]["WWW-Authenticate"].startswith("Bearer")
    assert answers["none"].json()["code"] == "key_unknown"


def test_key_works_from_its_networks_only() -> None:
    garage = world.garage()
    caller = program(garage, addresses=["203.0.113.0/24", "2001:db8::/32"])
    for address in ("203.0.113.7", "::ffff:203.0.113.7", "2001:db8::5"):
        caller.address = address
        assert caller.get("/me").status_code == 200, address
    for address in ("203.0.114.7", "2001:db9::1", "::ffff:198.51.100.1"):
        caller.address = address
        assert caller.get("/me").status_code == 401, address


def test_change_of_rights_works_on_the_next_call() -> None:
    garage = world.garage()
    member = world.member(garage.organisation, rights=[FleetRight.VIEW])
    row, secret = token(member, rights=[FleetRight.VIEW])
    caller = Program(garage.portal, secret, row)
    path = f"/policies/{garage.policy.number}/vehicles"
    assert caller.get(path).status_code == 200
    world.take_away(member, FleetRight.VIEW)
    answer = caller.get(path)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (403, "right_missing")
    assert (told["missing"]["right"], told["granters"]) == ("vehicles.view", [garage.portal.desk_name])
    ApiToken.objects.using(OWNER).filter(id=row.id).update(revoked_at=timezone.now())
    assert caller.get(path).status_code == 401


def test_key_of_one_branch_sees_and_does_nothing_in_another() -> None:
    garage = world.garage()
    other = world.branch(garage.organisation, name="Deventer", establishment_number="000000000009")
    here, there = vehicles.on_cover(garage), vehicles.on_cover(garage, branch=other.id)
    caller = program(garage, branches=[other.id])
    path = f"/policies/{garage.policy.number}"
    assert [row["plate"] for row in caller.get(f"{path}/vehicles").json()["items"]] == [there.plate.value]
    assert [one["name"] for one in caller.get("/branches").json()] == ["Deventer"]
    assert caller.get(f"/vehicles/{here.item}").status_code == 404
    assert caller.get(f"/receipts/{here.entry}").status_code == 404
    today = vehicles.today(garage).isoformat()
    off = caller.post(f"{path}/deregistrations", {"plates": [here.plate.value], "day": today})
    assert (off.status_code, off.json()["missing"]["branch"]["name"]) == (403, "Zwolle")
    said = {"plate": vehicles.fresh_plate().value, "check_code": "0413", "day": today}
    assert caller.post(f"{path}/vehicles", said | {"branch": garage.branch.id}).status_code == 403
    assert caller.post(f"{path}/vehicles", said).status_code == 201  # the only branch there is for this key


def test_use_is_noted_by_day_and_every_call_by_event() -> None:
    garage = world.garage()
    caller = program(garage)
    row = caller.token
    assert row is not None
    caller.get("/me")
    caller.get("/vehicles/0")
    row.refresh_from_db(using=OWNER)
    assert row.last_used_on == day_of(timezone.now())
    events = Event.objects.using(OWNER).filter(kind="api.called", subject=row.id).order_by("id")
    assert [(one.after or {})["status"] for one in events] == [200, 404]
    assert {(one.account, one.via, one.token) for one in events} == {(row.membership.account_id, "api", row.id)}


def test_what_a_program_does_names_the_key() -> None:
    garage = world.garage()
    caller = program(garage)
    said = {"plate": vehicles.fresh_plate().value, "check_code": "0413", "day": vehicles.today(garage).isoformat()}
    assert caller.post(f"/policies/{garage.policy.number}/vehicles", said).status_code == 201
    event = Event.objects.using(OWNER).get(organisation=garage.organisation.id, kind="vehicle.registered")
    assert caller.token is not None
    assert (event.via, event.token, event.account) == ("api", caller.token.id, caller.token.membership.account_id)


def test_session_opens_nothing() -> None:
    """A browser that is signed in: no cookie counts here, so that no other page can make it call."""
    garage = world.garage()
    member = world.member(garage.organisation, rights=list(FleetRight))
    client: Client = sessions.client_of(member, garage.portal)
    assert client.get("/api/v1/me").status_code == 401


def test_limit_is_told_and_held(settings: object) -> None:
    settings.API_RATE = 3  # type: ignore[attr-defined]
    caller = program(world.garage())
    answers = [caller.get("/me") for _call in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[0]["RateLimit-Policy"] == '"key";q=3;w=60'
    assert [answer["RateLimit"].split(";")[1] for answer in answers] == ["r=2", "r=1", "r=0", "r=0"]
    assert 1 <= int(answers[3]["Retry-After"]) <= 60
    assert answers[3].json()["code"] == "too_often"


def test_who_guesses_is_slowed_down_and_nobody_else() -> None:
    garage = world.garage()
    stranger, known = Program(garage.portal, Secret.fresh()), program(garage)
    stranger.address = known.address = "198.18.0.1"  # slowed down from here on: no other test comes from there
    answers = [stranger.get("/me").status_code for _guess in range(62)]
    assert answers == [401] * 60 + [429] * 2
    assert known.get("/me").status_code == 200
