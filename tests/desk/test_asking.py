"""What a customer asks: once, with all that was typed, and of the own company only."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from remise.core.errors import DomainError, Forbidden, NotVisible
from remise.core.identifiers import Vin
from remise.core.scope import enter
from remise.desk import actions, queue, rules, selectors
from remise.desk.models import DeskRequest
from remise.desk.moves import IllegalMove
from remise.fleet.requests import CATALOGUE_VALUE, LATE_REGISTRATION, LateRegistration, WrongValue
from remise.fleet.rights import FleetRight
from remise.organisations.models import Grant
from remise.vehicles import chassis
from tests import vehicles, world
from tests.desk.office import Office, office, said, stored
from tests.races import at_once
from tests.world import OWNER


@pytest.fixture
def desk() -> Office:
    return office()


def test_ask_keeps_what_was_typed_and_says_when_the_answer_comes(desk: Office) -> None:
    plate = vehicles.fresh_plate()
    request = stored(desk.late(plate=plate))
    assert request.data == {
        "policy": desk.garage.policy.id,
        "plate": plate.value,
        "day": desk.day(40).isoformat(),
        "branch": desk.garage.branch.id,
        "check_code": vehicles.CODE,
        "details": {},
        "vin": None,
    }
    assert (request.state, request.account) == ("waiting", desk.owner.account_id)
    assert request.due_at > request.opened_at
    event = desk.events("request.opened")[0]
    assert (event.subject, event.after) == (
        request.id,
        {"kind": "late_registration", "policy": desk.garage.policy.id},
    )


def test_ask_twice_is_asking_once(desk: Office) -> None:
    plate = vehicles.fresh_plate()
    first, second = desk.late(plate=plate), desk.late(plate=plate)
    assert (second.id, first.sent_before, second.sent_before) == (first.id, False, True)
    assert len(desk.events("request.opened")) == 1
    assert desk.late(plate=plate, back=41).id != first.id


def test_ask_at_once_by_many_makes_one(desk: Office) -> None:
    plate = vehicles.fresh_plate()
    found = at_once(*[lambda: desk.late(plate=plate).id] * 4)
    assert len(set(found)) == 1
    assert DeskRequest.objects.using(OWNER).filter(organisation=desk.garage.organisation.id).count() == 1
    assert len(desk.events("request.opened")) == 1


def test_ask_again_after_it_was_closed_is_another_request(desk: Office) -> None:
    plate = vehicles.fresh_plate()
    first = desk.late(plate=plate)
    desk.do(actions.withdraw, first, desk.owner)
    assert desk.late(plate=plate).id != first.id


def test_company_asks_no_more_than_the_desk_can_read(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "OPEN_AT_ONCE", 2)
    plate = vehicles.fresh_plate()
    first, second = desk.late(plate=plate), desk.late()
    with pytest.raises(DomainError) as refused:
        desk.late()
    assert refused.value.code == "too_many_open"
    assert "2 requests open" in str(refused.value.message)
    assert desk.late(plate=plate).id == first.id  # the same question is no further one
    held = vehicles.on_cover(desk.garage)
    page = desk.client(desk.owner).post(f"/vehicles/{held.item}/value", {"value": "38950", "why": "De prijslijst."})
    assert (page.status_code, "that is the most" in page.content.decode()) == (422, True)
    other = office(garage=world.garage(at=desk.garage.portal))
    assert other.late().id  # another company has its own
    desk.do(actions.withdraw, second, desk.owner)
    assert desk.late().state == "waiting"
    assert DeskRequest.objects.using(OWNER).filter(organisation=desk.garage.organisation.id).count() == 3


def test_ask_what_can_be_done_online_is_refused(desk: Office) -> None:
    with pytest.raises(DomainError) as refused:
        desk.late(back=28)
    assert refused.value.code == "not_needed"
    with pytest.raises(DomainError) as refused:
        desk.late(back=-60)
    assert refused.value.code == "too_far_ahead"


def test_ask_what_nobody_can_accept_is_refused_at_once(desk: Office) -> None:
    """The desk lifts the limit of days, and nothing else."""
    held = vehicles.on_cover(desk.garage, days=20)
    before = (desk.day(0) - desk.garage.policy.starts).days + 1
    by = desk.garage.actor(*FleetRight)
    with enter(by.scope):
        chassis.note(by.company, other := vehicles.fresh_plate(), Vin("ZZZ12345678909999"), chassis.Source.INSURER)
    asked: list[tuple[Callable[[], object], str]] = [
        (lambda: desk.late(back=before), "policy_not_in_force"),
        (lambda: desk.late(plate=held.plate), "already_registered"),
        (lambda: desk.late(plate=other), "check_code_wrong"),
        (lambda: desk.gone(held, back=40), "ends_before_start"),
    ]
    for ask, code in asked:
        with pytest.raises(DomainError) as refused:
            ask()
        assert refused.value.code == code
    assert not desk.events("request.opened")


def test_ask_without_right_is_refused(desk: Office) -> None:
    reader = world.member(desk.garage.organisation, rights=[FleetRight.VIEW])
    with pytest.raises(Forbidden) as refused:
        desk.late(by=reader)
    assert refused.value.decision.right is FleetRight.REGISTER


def test_ask_about_another_company_is_not_found(desk: Office) -> None:
    there = office(garage=world.garage(at=desk.garage.portal))
    held = vehicles.on_cover(there.garage)
    policy = there.garage.policy.id
    for kind, data in (
        (CATALOGUE_VALUE, WrongValue(policy, held.item, held.plate.value, Decimal(1000), "x")),
        (
            LATE_REGISTRATION,
            LateRegistration(policy, "GT123K", desk.day(40), desk.garage.branch.id, vehicles.CODE, {}),
        ),
        (
            LATE_REGISTRATION,
            LateRegistration(
                desk.garage.policy.id, "GT123K", desk.day(40), there.garage.branch.id, vehicles.CODE, {}
            ),
        ),
    ):
        with pytest.raises(NotVisible):
            desk.ask(kind.name, data)


def test_withdraw_ends_it(desk: Office) -> None:
    request = desk.late()
    desk.take(request)
    desk.do(actions.withdraw, request, desk.owner)
    found = stored(request)
    assert (found.state, found.assignee, found.data_sha) == ("withdrawn", None, "")
    with pytest.raises(IllegalMove):
        desk.do(actions.withdraw, request, desk.owner)
    with pytest.raises(IllegalMove, match=r"withdrawn|ingetrokken"):
        desk.do(actions.accept, request, desk.mirjam, reason="x")


def test_message_goes_back_and_forth(desk: Office) -> None:
    request = desk.late()
    desk.take(request)
    desk.do(actions.say, request, desk.mirjam, text="Sinds wanneer?")
    assert (stored(request).unread, stored(request).customer_asked) == (True, False)
    desk.do(actions.say, request, desk.owner, text=" Sinds mei. ")
    assert (stored(request).unread, stored(request).customer_asked) == (False, True)
    assert said(request) == ["Sinds wanneer?", "Sinds mei."]
    # What people write stands in no event.
    assert not [event for event in desk.events("request.asked") if "wanneer" in str(event.after)]
    with pytest.raises(DomainError):
        desk.do(actions.say, request, desk.owner, text="  ")


def test_colleague_of_another_branch_does_not_see_it(desk: Office) -> None:
    meppel = world.branch(desk.garage.organisation, name="Meppel", establishment_number="000000000001")
    other = world.member(desk.garage.organisation, rights=[], name="Fatima")
    Grant.objects.using(OWNER).create(
        portal=desk.garage.portal.id,
        organisation=desk.garage.organisation.id,
        membership=other,
        right=FleetRight.REGISTER,
        branch=meppel,
        by_system="insurer",
    )
    request = desk.late()
    by = desk.actor(other)
    with pytest.raises(Forbidden), enter(by.scope):
        selectors.request_of(by, request.id)
    with enter(by.scope):
        assert list(selectors.visible_requests(by)) == []
    mine = desk.actor(desk.owner)
    with enter(mine.scope):
        assert [one.id for one in selectors.visible_requests(mine)] == [request.id]


def test_another_company_and_its_insurer_meet_nothing(desk: Office) -> None:
    request = desk.late()
    elsewhere = office()
    neighbour = office(garage=world.garage(at=desk.garage.portal))
    for who in (elsewhere.mirjam, elsewhere.owner, neighbour.owner):
        by = desk.actor(who)
        with pytest.raises(NotVisible), enter(by.scope):
            actions.say(by=by, request=request.id, text="x")
    by = desk.actor(elsewhere.mirjam)
    with pytest.raises(NotVisible), enter(by.scope):
        queue.request_at_desk(by, request.id)


def test_key_sees_the_requests_of_its_branches_and_calls_none_its_own(desk: Office) -> None:
    desk.late()
    other = world.branch(desk.garage.organisation, name="Deventer", establishment_number="000000000029")
    owner = desk.actor(desk.owner)
    narrow = replace(owner, token=1, grants=frozenset((right, other.id) for right in FleetRight))
    for by, seen in ((owner, 1), (replace(owner, grants=narrow.grants), 1), (narrow, 0)):
        with enter(by.scope):
            assert selectors.visible_requests(by).count() == seen


def test_ask_for_several_is_all_or_none(desk: Office) -> None:
    held = [vehicles.on_cover(desk.garage, days=days) for days in (28, 1)]
    day = {"item": [one.item for one in held], "day": desk.day(29).isoformat()}
    assert desk.client(desk.owner).post("/vehicles/deregister/ask", day).status_code == 422
    assert not desk.events("request.opened")


def test_decide_without_an_outcome_decides_nothing(desk: Office) -> None:
    request = desk.late()
    desk.take(request)
    assert desk.client(desk.mirjam).post(f"/desk/{request.id}/decide", {"reason": "x"}).status_code == 400
    assert stored(request).state == "taken"
