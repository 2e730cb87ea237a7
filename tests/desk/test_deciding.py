"""What the desk decides: by one person, with a reason, through the action that the customer would have run."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from remise.core.actor import system
from remise.core.errors import DomainError, Forbidden, NotVisible
from remise.core.identifiers import CheckCode, Plate, Vin
from remise.core.models import Entry
from remise.core.scope import enter
from remise.desk import actions, queue
from remise.desk.models import DeskRequest
from remise.desk.moves import IllegalMove
from remise.desk.rights import DeskRight
from remise.fleet.actions import complete_registration, correct_entry, deregister_vehicles
from remise.fleet.models import RegistrationVersion
from remise.fleet.requests import CORRECT_REGISTRATION, LATE_REGISTRATION, Correction, LateRegistration
from remise.fleet.rights import FleetRight, UnderwritingRight
from remise.policies.models import Policy
from remise.vehicles import chassis
from tests import vehicles, world
from tests.desk.office import Office, office, stored
from tests.races import at_once
from tests.world import OWNER, garage


@pytest.fixture
def desk() -> Office:
    return office()


def versions(of: Office) -> list[RegistrationVersion]:
    found = RegistrationVersion.objects.using(OWNER).filter(organisation=of.garage.organisation.id)
    return list(found.known().order_by("plate", "starts"))


def test_accept_late_registration_puts_the_car_on_cover(desk: Office) -> None:
    request = stored(desk.accept(desk.late(back=40)))
    (version,) = versions(desk)
    entry = Entry.objects.using(OWNER).get(id=request.entry or 0)
    assert (version.starts, version.ends, version.opened_id) == (desk.day(40), None, entry.id)
    # The entry names who decided, and on what; the reason in words stays with the request.
    assert (entry.account, entry.reason) == (desk.mirjam.account_id, "desk.late_registration")
    assert (request.state, request.decided_by, request.reason) == (
        "accepted",
        desk.mirjam.account_id,
        "Het klopt.",
    )
    assert request.unread
    assert desk.events("vehicle.registered")[0].account == desk.mirjam.account_id
    assert "Het klopt." not in str([event.after for event in desk.events("request.accepted")])


def test_accept_late_deregistration_takes_it_off(desk: Office) -> None:
    by = desk.garage.actor(*FleetRight)
    held = vehicles.on_cover(desk.garage, by=by, days=20)
    with pytest.raises(DomainError) as refused:
        desk.gone(held, back=28)
    assert refused.value.code == "not_needed"
    # Nobody lifts what holds always: the end before the start.
    with pytest.raises(DomainError) as refused:
        desk.gone(held, back=40)
    assert refused.value.code == "ends_before_start"
    early = desk.accept(desk.late(back=60))
    version = next(one for one in versions(desk) if one.starts == desk.day(60))
    assert early.entry == version.opened_id
    gone = vehicles.OnCover(Plate(version.plate), version.item_id, version.opened_id)
    done = stored(desk.accept(desk.gone(gone, back=40)))
    assert Entry.objects.using(OWNER).get(id=done.entry or 0).starts == desk.day(39)


def test_accept_refused_by_the_action_leaves_it_open(desk: Office) -> None:
    plate = vehicles.fresh_plate()
    request = desk.late(plate=plate)
    vehicles.on_cover(desk.garage, plate, days=10)
    desk.take(request)
    before = Entry.objects.using(OWNER).count()
    with pytest.raises(DomainError) as refused:
        desk.do(actions.accept, request, desk.mirjam, reason="Het klopt.")
    assert refused.value.code == "already_registered"
    found = stored(request)
    assert (found.state, found.reason, found.entry) == ("taken", "", None)
    assert Entry.objects.using(OWNER).count() == before


def test_accept_before_the_policy_is_refused(desk: Office) -> None:
    request = desk.late(back=40)
    desk.take(request)
    Policy.objects.using(OWNER).filter(id=desk.garage.policy.id).update(starts=desk.day(39))
    with pytest.raises(DomainError) as refused:
        desk.do(actions.accept, request, desk.mirjam, reason="x")
    assert refused.value.code == "policy_not_in_force"


def test_accept_with_a_check_code_that_is_not_the_vehicles_is_refused(desk: Office) -> None:
    """What is known of a chassis number is known of the customer's, and the desk may not put it aside."""
    plate = vehicles.fresh_plate()
    request = desk.late(plate=plate)
    by = desk.garage.actor(*FleetRight)
    with enter(by.scope):
        chassis.note(by.company, plate, Vin("ZZZ12345678909999"), chassis.Source.INSURER)
    desk.take(request)
    with pytest.raises(DomainError) as refused:
        desk.do(actions.accept, request, desk.mirjam, reason="x")
    assert refused.value.code == "check_code_wrong"
    assert versions(desk) == []


def test_accept_keeps_the_whole_chassis_number_that_was_typed(desk: Office) -> None:
    plate, vin = vehicles.fresh_plate(), Vin("ZZZ12345678900413")
    data = LateRegistration(
        desk.garage.policy.id, plate.value, desk.day(40), desk.garage.branch.id, vin.check_code.value, {}, vin.value
    )
    desk.accept(desk.ask(LATE_REGISTRATION.name, data))
    by = desk.garage.actor(*FleetRight)
    with enter(by.scope), pytest.raises(DomainError):
        chassis.judge(by, by.company, plate, CheckCode("9999"), None)


def test_accept_without_the_right_to_lift_is_refused(desk: Office) -> None:
    clerk = world.member(desk.insurer, rights=list(DeskRight), name="Tom")
    request = desk.late()
    desk.take(request, clerk)
    with pytest.raises(Forbidden) as refused:
        desk.do(actions.accept, request, clerk, reason="x")
    assert refused.value.decision.right is UnderwritingRight.ALLOW_LATE
    assert versions(desk) == []
    desk.do(actions.refuse, request, clerk, reason="Nee.")
    assert stored(request).state == "refused"


@pytest.mark.parametrize("action", [actions.take, actions.give_back])
def test_handle_without_right_is_refused(desk: Office, action: Any) -> None:
    looker = world.member(desk.insurer, rights=[DeskRight.VIEW], name="Tom")
    request = desk.late()
    with pytest.raises(Forbidden) as refused:
        desk.do(action, request, looker)
    assert refused.value.decision.right is DeskRight.DECIDE
    with pytest.raises(NotVisible):
        desk.do(action, request, desk.owner)


def test_customer_with_staff_rights_in_the_database_decides_nothing(desk: Office) -> None:
    """Such a grant cannot be given; were it there, it would not count."""
    odd = world.member(desk.garage.organisation, rights=[*FleetRight, *DeskRight, *UnderwritingRight], name="X")
    request = desk.late(by=odd)
    for action in (actions.take, actions.give_back):
        with pytest.raises(NotVisible):
            desk.do(action, request, odd)
    for decision in (actions.accept, actions.refuse):
        with pytest.raises(NotVisible):
            desk.do(decision, request, odd, reason="x")


def test_decide_asks_for_a_reason_and_to_take_it_first(desk: Office) -> None:
    request = desk.late()
    with pytest.raises(IllegalMove):
        desk.do(actions.accept, request, desk.mirjam, reason="x")
    desk.take(request)
    with pytest.raises(DomainError) as refused:
        desk.do(actions.refuse, request, desk.mirjam, reason="  ")
    assert refused.value.code == "reason_missing"
    with pytest.raises(IllegalMove, match="Mirjam Postma"):
        desk.do(actions.refuse, request, desk.daan, reason="x")
    desk.do(actions.refuse, request, desk.mirjam, reason="Nee.")
    with pytest.raises(IllegalMove, match="Mirjam Postma"):
        desk.do(actions.refuse, request, desk.daan, reason="x")


def test_go_on_with_what_waits_where_one_s_own_waits_for_the_customer(desk: Office) -> None:
    done, asked, waiting = desk.late(), desk.late(), desk.late()
    desk.take(asked)
    desk.do(actions.say, asked, desk.mirjam, text="Staat hij op naam?")
    by, query = desk.actor(desk.mirjam), queue.QueueQuery()
    with enter(by.scope):
        assert queue.next_of(by, query, other_than=done.id) == waiting.id
    desk.take(done)
    with enter(by.scope):
        assert queue.next_of(by, query, other_than=waiting.id) == done.id


def test_take_twice_is_taking_once_and_given_back_is_free(desk: Office) -> None:
    request = desk.late()
    desk.take(request)
    assert desk.take(request).assignee == desk.mirjam.account_id
    assert len(desk.events("request.taken")) == 1
    desk.do(actions.give_back, request, desk.daan)  # she is ill today
    assert stored(request).state == "waiting"
    assert desk.take(request, desk.daan).assignee == desk.daan.account_id


@pytest.mark.parametrize("_again", range(5))
def test_two_take_at_once_and_one_gets_it(desk: Office, _again: int) -> None:
    request = desk.late()
    got = at_once(lambda: desk.take(request, desk.mirjam), lambda: desk.take(request, desk.daan))
    winners = [one for one in got if isinstance(one, DeskRequest)]
    losers = [one for one in got if isinstance(one, IllegalMove)]
    assert (len(winners), len(losers)) == (1, 1)
    assert stored(request).assignee == winners[0].assignee
    name = "Mirjam Postma" if winners[0].assignee == desk.mirjam.account_id else "Daan Hoekstra"
    assert name in str(losers[0].message)
    assert len(desk.events("request.taken")) == 1


@pytest.mark.parametrize("_again", range(3))
def test_deciding_against_withdrawing_has_one_outcome(desk: Office, _again: int) -> None:
    request = desk.late()
    desk.take(request)
    accept = {"reason": "x", "answer": {}}
    got = at_once(
        lambda: desk.do(actions.accept, request, desk.mirjam, **accept),
        lambda: desk.do(actions.refuse, request, desk.mirjam, reason="y"),
        lambda: desk.do(actions.withdraw, request, desk.owner),
    )
    assert sum(isinstance(one, DeskRequest) for one in got) == 1
    assert sum(isinstance(one, IllegalMove) for one in got) == 2
    found = stored(request)
    assert len(versions(desk)) == (1 if found.state == "accepted" else 0)
    assert bool(found.entry) is (found.state == "accepted")


def test_database_refuses_a_decision_without_a_person(desk: Office, owner_connection: psycopg.Connection) -> None:
    request = desk.late()
    for change in (
        "state = 'taken'",
        "state = 'accepted', decided_at = now()",
        "state = 'refused', decided_by = 1, assignee = 2, decided_at = now()",
        "assignee = 1",
        "decided_at = now()",
    ):
        with pytest.raises(psycopg.errors.CheckViolation):
            owner_connection.execute(f"update desk_deskrequest set {change} where id = %s", [request.id])


def test_accept_value_holds_from_the_first_day_of_cover(desk: Office) -> None:
    plate = vehicles.fresh_plate()
    vehicles.in_register(plate)
    held = vehicles.on_cover(desk.garage, plate, days=20)
    request = stored(desk.accept(desk.value(held), value=Decimal("37500.00")))
    (version,) = versions(desk)
    assert (version.value, version.value_source, version.value_date) == (
        Decimal("37500.00"),
        "desk",
        desk.day(0),
    )
    assert (version.starts, version.make) == (desk.day(20), "VOLVO")
    entry = Entry.objects.using(OWNER).get(id=request.entry or 0)
    assert (entry.account, entry.reason) == (desk.mirjam.account_id, "desk.catalogue_value")
    event = desk.events("vehicle.value_overridden")[0]
    assert (event.before, event.after) == (
        {"value": "41495.00"},
        {
            "entry": entry.id,
            "policy": desk.garage.policy.id,
            "value": "37500.00",
            "starts": desk.day(20).isoformat(),
        },
    )


def test_value_of_a_vehicle_that_left_is_refused(desk: Office) -> None:
    held = vehicles.on_cover(desk.garage, days=20)
    request = desk.value(held)

    by = desk.garage.actor(*FleetRight)
    with enter(by.scope):
        deregister_vehicles(by=by, policy=desk.garage.policy, items=[held.item], day=desk.day(2))
    desk.take(request)
    with pytest.raises(DomainError) as refused:
        desk.do(actions.accept, request, desk.mirjam, reason="x", answer={"value": Decimal(1000)})
    assert refused.value.code == "not_registered"
    with pytest.raises(DomainError):
        desk.value(held, "12000.00")


def test_correction_undoes_what_was_entered_on_an_earlier_day() -> None:

    desk = office(garage=garage(offset=timedelta(days=3)))

    earlier = replace(desk.garage.actor(*FleetRight), clock_offset=timedelta(0))
    held = vehicles.on_cover(desk.garage, by=earlier)
    data = Correction(desk.garage.policy.id, held.item, held.plate.value, held.entry, "Verkeerd kenteken.")
    done = stored(desk.accept(desk.ask(CORRECT_REGISTRATION.name, data)))
    undoing = Entry.objects.using(OWNER).get(id=done.entry or 0)
    assert (undoing.undoes_id, undoing.reason) == (held.entry, "desk.correct_registration")
    assert versions(desk) == []
    with pytest.raises(DomainError) as refused, enter(desk.actor(desk.owner).scope):
        actions.open_request(by=desk.actor(desk.owner), kind=CORRECT_REGISTRATION.name, data=data)
    assert refused.value.code == "corrected_already"


def test_correction_of_what_the_system_filled_in_is_asked_on_the_same_day(desk: Office) -> None:
    """The page refuses it and offers the desk: the desk must take it."""
    held = vehicles.on_cover(desk.garage)
    by = system(portal=desk.garage.portal.id, name="fleet.ask_register").acting_for(desk.garage.organisation.id)
    with enter(by.scope):
        filled = complete_registration(by=by, item=held.item, vehicle=vehicles.in_register(held.plate))
    assert filled
    customer = desk.garage.actor(*FleetRight)
    with enter(customer.scope), pytest.raises(DomainError) as refused:
        correct_entry(by=customer, policy=desk.garage.policy, entry=filled.id)
    assert refused.value.remedy
    data = Correction(desk.garage.policy.id, held.item, held.plate.value, filled.id, "Dit klopt niet.")
    done = stored(desk.accept(desk.ask(refused.value.remedy.request_kind, data)))
    assert done.state == "accepted"


def test_value_is_undone_on_request_only_by_who_may_set_it(desk: Office) -> None:
    held = vehicles.on_cover(desk.garage, days=20)
    entry = stored(desk.accept(desk.value(held), value=Decimal("38950.00"))).entry
    clerk = world.member(desk.insurer, rights=[*DeskRight, UnderwritingRight.ALLOW_LATE], name="Tom")
    data = Correction(desk.garage.policy.id, held.item, held.plate.value, entry or 0, "Toch niet.")
    request = desk.ask(CORRECT_REGISTRATION.name, data)
    with pytest.raises(Forbidden) as refused:
        desk.accept(request, clerk)
    assert refused.value.decision.right == UnderwritingRight.OVERRIDE_VALUE
    assert [version.value for version in versions(desk)] == [Decimal("38950.00")]
