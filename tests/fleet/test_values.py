"""The catalogue value: the register's or the desk's, and never the customer's."""

from dataclasses import replace
from decimal import Decimal

import pytest

from remise.core.errors import DomainError, Forbidden, NotVisible
from remise.core.identifiers import CheckCode
from remise.core.ledger.book import Written
from remise.core.scope import ActorKind, enter
from remise.fleet.actions import correct_entry, deregister_vehicles, override_value, register_vehicle
from remise.fleet.bulk.kinds import REGISTER
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight, UnderwritingRight
from remise.runs.actions import send_lines
from remise.runs.models import RunRow
from tests import sessions, vehicles, world
from tests.vehicles import OnCover
from tests.world import OWNER, Garage

REGISTERS, WANTED = Decimal("41495.00"), Decimal("1.00")


@pytest.fixture
def garage() -> Garage:
    return world.garage()


@pytest.fixture
def held(garage: Garage) -> OnCover:
    plate = vehicles.fresh_plate()
    vehicles.in_register(plate)
    return vehicles.on_cover(garage, plate, days=3)


def override(garage: Garage, item: int, value: Decimal = Decimal("37500.00")) -> Written:
    by = world.member(world.insurer(garage.portal), rights=[UnderwritingRight.OVERRIDE_VALUE])
    actor = sessions.actor_of(by)
    with enter(actor.scope):
        return override_value(by=actor, policy=garage.policy, item=item, value=value)


def value(garage: Garage, plate: str) -> Decimal | None:
    found = RegistrationVersion.objects.using(OWNER).filter(policy=garage.policy.id, plate=plate)
    return found.known().get().value


def test_customer_cannot_override(garage: Garage, held: OnCover) -> None:
    """Not with all rights, and not with the right of the desk in the database."""
    by = garage.actor(*FleetRight, *UnderwritingRight)
    with pytest.raises(Forbidden) as refused, enter(by.scope):
        override_value(by=by, policy=garage.policy, item=held.item, value=WANTED)
    assert refused.value.decision.right is UnderwritingRight.OVERRIDE_VALUE
    assert value(garage, held.plate.value) == REGISTERS


def test_customer_cannot_lift_a_limit_by_naming_a_request(garage: Garage, held: OnCover) -> None:
    by = garage.actor(*FleetRight, *UnderwritingRight)
    with pytest.raises(Forbidden), enter(by.scope):
        register_vehicle(
            by=by,
            policy=garage.policy,
            plate=vehicles.fresh_plate(),
            check_code=CheckCode(vehicles.CODE),
            starts=vehicles.back(garage, 40),
            branch=garage.branch.id,
            on_request="late_registration",
        )
    with pytest.raises(Forbidden), enter(by.scope):
        deregister_vehicles(
            by=by, policy=garage.policy, items=[held.item], day=vehicles.today(garage), on_request="x"
        )
    with pytest.raises(Forbidden), enter(by.scope):
        correct_entry(by=by, policy=garage.policy, entry=held.entry, on_request="x")


def test_customer_cannot_give_a_value_with_a_registration(garage: Garage) -> None:
    """By the page it is not read, by an action or a line of a file it is a field that the product does not ask."""
    plate = vehicles.fresh_plate()
    vehicles.in_register(plate)
    owner = world.member(garage.organisation, rights=list(FleetRight))
    form = {"plate": plate.value, "check_code": vehicles.CODE, "day": vehicles.today(garage).isoformat()}
    answer = sessions.client_of(owner, garage.portal).post(
        "/vehicles/register", form | {"value": "1", "value_source": "desk"}
    )
    assert answer.status_code == 302
    assert value(garage, plate.value) == REGISTERS
    by = sessions.actor_of(owner)
    with pytest.raises(DomainError) as refused, enter(by.scope):
        register_vehicle(
            by=by,
            policy=garage.policy,
            plate=vehicles.fresh_plate(),
            check_code=CheckCode(vehicles.CODE),
            starts=vehicles.today(garage),
            branch=garage.branch.id,
            details={"value": "1"},
        )
    assert refused.value.code == "unknown_field"
    row = {name: str(text) for name, text in form.items()} | {"plate": vehicles.fresh_plate().value, "value": "1"}
    inputs = {"policy": garage.policy.number, "branch": garage.branch.id}
    with enter(by.scope):
        run = send_lines(by=by, kind=REGISTER.name, inputs=inputs, lines=[row])
    assert RunRow.objects.using(OWNER).get(run=run).code == "unknown_field"


def test_customer_cannot_undo_what_the_desk_set(garage: Garage, held: OnCover) -> None:
    entry = override(garage, held.item)
    by = garage.actor(*FleetRight)
    with pytest.raises(Forbidden), enter(by.scope):
        correct_entry(by=by, policy=garage.policy, entry=entry.id)
    assert value(garage, held.plate.value) == Decimal("37500.00")


def test_override_is_refused_where_it_makes_no_sense(garage: Garage, held: OnCover) -> None:
    for wrong in ("0", "-1", "0.99", "1.001", "5000000.01"):
        with pytest.raises(DomainError) as refused:
            override(garage, held.item, Decimal(wrong))
        assert refused.value.code == "value_out_of_range"
    with pytest.raises(DomainError) as refused:
        override(garage, held.item, REGISTERS)
    assert refused.value.code == "same_value"
    with pytest.raises(NotVisible):
        override(garage, held.item + 1_000_000)


def test_override_at_another_insurer_is_not_found(garage: Garage, held: OnCover) -> None:
    other = world.garage()
    who = world.member(world.insurer(other.portal), rights=[UnderwritingRight.OVERRIDE_VALUE])
    by = sessions.actor_of(who)
    with pytest.raises(NotVisible), enter(by.scope):
        override_value(by=by, policy=garage.policy, item=held.item, value=WANTED)


def test_override_twice_and_the_last_holds_from_the_first_day(garage: Garage, held: OnCover) -> None:
    override(garage, held.item)
    override(garage, held.item, Decimal("36000.00"))
    found = RegistrationVersion.objects.using(OWNER).filter(item=held.item).known()
    assert [(one.starts, one.value, one.value_source) for one in found] == [
        (vehicles.back(garage, 3), Decimal("36000.00"), "desk")
    ]


def test_new_cover_begins_with_the_value_of_the_register(garage: Garage, held: OnCover) -> None:
    override(garage, held.item)
    by = replace(garage.actor(*FleetRight), kind=ActorKind.MEMBER)
    with enter(by.scope):
        deregister_vehicles(by=by, policy=garage.policy, items=[held.item], day=vehicles.back(garage, 1))
    vehicles.on_cover(garage, held.plate)
    found = RegistrationVersion.objects.using(OWNER).filter(item=held.item).known().order_by("starts")
    assert [one.value for one in found] == [Decimal("37500.00"), REGISTERS]
