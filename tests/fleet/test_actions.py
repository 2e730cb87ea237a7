"""Putting vehicles on a policy and taking them off: the rules, and what two people at once make of them."""

import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from remise.core import clock
from remise.core.errors import DomainError, Forbidden, NotVisible
from remise.core.identifiers import CheckCode, Plate
from remise.core.models import Entry, Event
from remise.core.scope import enter
from remise.fleet.actions import Registered, correct_entry, deregister_vehicles, register_vehicle
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.organisations.models import Party
from remise.policies.rules import BackDate
from remise.vehicles.models import Vehicle
from tests import world

ALL = list(FleetRight)


@pytest.fixture
def garage() -> world.Garage:
    return world.garage()


def plate() -> Plate:
    """Another one each time, of sidecode 9."""
    number = world.number()
    return Plate(f"AB{number % 1000:03d}{'BDFGHJKLNPRSTVXZ'[number // 1000 % 16]}")


def register(
    garage: world.Garage, the: Plate, days: int = 0, *rights: str, code: str | None = "0413", **details: str
) -> Registered:
    by = garage.actor(*(rights or ALL))
    with enter(by.scope):
        return register_vehicle(
            by=by,
            policy=garage.policy,
            plate=the,
            check_code=CheckCode(code) if code else None,
            starts=clock.today(by) + timedelta(days),
            branch=garage.branch.id,
            details=details,
        )


def deregister(garage: world.Garage, items: list[int], days: int = 0, *rights: str) -> list[date]:
    by = garage.actor(*(rights or ALL))
    with enter(by.scope):
        done = deregister_vehicles(by=by, policy=garage.policy, items=items, day=clock.today(by) + timedelta(days))
        return [one.ends for one in done]


def on_cover(garage: world.Garage, the: Plate, days: int = 0) -> RegistrationVersion | None:
    by = garage.actor()
    with enter(by.scope):
        return RegistrationVersion.objects.filter(plate=the.value).as_of(clock.today(by) + timedelta(days)).first()


def refusal(call: object) -> DomainError:
    with pytest.raises(DomainError) as caught:
        call()  # type: ignore[operator]
    return caught.value


def test_register_puts_vehicle_on_cover_with_receipt_and_event(garage: world.Garage) -> None:
    the = plate()
    done = register(garage, the)
    held = on_cover(garage, the)
    assert held is not None
    assert (held.branch, held.check_code, held.ends) == (garage.branch.id, "0413", None)
    assert on_cover(garage, the, -1) is None
    assert done.entry.receipt == f"{clock.today(garage.actor()).year}-{done.entry.id:06d}"
    with enter(garage.actor().scope):
        event = Event.objects.get(kind="vehicle.registered", subject=done.item)
        assert ((event.after or {}).get("entry"), event.account) == (done.entry.id, garage.actor().account)


def test_register_takes_value_from_register(garage: world.Garage) -> None:
    the = plate()
    Vehicle.objects.using(world.OWNER).create(
        plate=the.value,
        make="VOLVO",
        model="EX30",
        catalogue_value=Decimal("41495.00"),
        source="RDW",
        looked_up_at=timezone.now(),
    )
    register(garage, the)
    held = on_cover(garage, the)
    assert held is not None
    assert (held.make, held.model, held.value, held.value_source) == ("VOLVO", "EX30", Decimal("41495.00"), "RDW")


@pytest.mark.parametrize(("days", "code"), [(-28, None), (-29, "too_long_ago"), (31, None), (32, "too_far_ahead")])
def test_register_within_limits(garage: world.Garage, days: int, code: str | None) -> None:
    the = plate()
    if code is None:
        assert register(garage, the, days).starts == timezone.localdate() + timedelta(days)
    else:
        error = refusal(lambda: register(garage, the, days))
        assert (error.code, error.field) == (code, "day")
        assert on_cover(garage, the, days) is None


def test_register_too_long_ago_offers_the_desk(garage: world.Garage) -> None:
    error = refusal(lambda: register(garage, plate(), -29))
    assert str(error.message) == "29 days back is no longer possible online: the limit is 28 days."
    assert error.remedy is not None
    assert error.remedy.request_kind == "late_registration"


@pytest.mark.parametrize(
    ("reading", "in_name_days_ago", "day", "code"),
    [
        (BackDate.FROM_TODAY, 10, -10, None),
        (BackDate.FROM_TODAY, 10, -11, "before_name_date"),
        (BackDate.FROM_TODAY, 40, -28, None),
        (BackDate.FROM_TODAY, 40, -29, "too_long_ago"),
        (BackDate.FROM_NAME_DATE, 28, -28, None),
        (BackDate.FROM_NAME_DATE, 29, -1, "too_long_ago"),
        (BackDate.FROM_NAME_DATE, 29, 0, None),
        (BackDate.FROM_NAME_DATE, 5, -6, "before_name_date"),
    ],
)
def test_register_by_both_readings(reading: str, in_name_days_ago: int, day: int, code: str | None) -> None:
    garage = world.garage(reading=reading)
    the = plate()
    Vehicle.objects.using(world.OWNER).create(
        plate=the.value,
        in_name_since=timezone.localdate() - timedelta(in_name_days_ago),
        source="RDW",
        looked_up_at=timezone.now(),
    )
    if code is None:
        register(garage, the, day)
    else:
        assert refusal(lambda: register(garage, the, day)).code == code


def test_register_needs_check_code_but_not_for_trade_plate(garage: world.Garage) -> None:
    error = refusal(lambda: register(garage, plate(), code=None))
    assert (error.code, error.field) == ("check_code_missing", "check_code")
    assert register(garage, Plate("HA1234"), code=None).plate.is_trade


def test_register_twice_is_refused_with_the_day(garage: world.Garage) -> None:
    the = plate()
    register(garage, the, -3)
    error = refusal(lambda: register(garage, the, 0))
    assert (error.code, error.field) == ("already_registered", "plate")
    assert the.formatted in str(error.message)


def test_register_before_planned_cover_is_refused(garage: world.Garage) -> None:
    the = plate()
    register(garage, the, 10)
    assert refusal(lambda: register(garage, the, 0)).code == "already_registered"


def test_register_without_right_names_it(garage: world.Garage) -> None:
    with pytest.raises(Forbidden) as caught:
        register(garage, plate(), 0, FleetRight.VIEW)
    assert caught.value.decision.right == FleetRight.REGISTER


def test_register_after_end_follows_on(garage: world.Garage) -> None:
    the = plate()
    item = register(garage, the, -20).item
    deregister(garage, [item], -10)
    assert refusal(lambda: register(garage, the, -10)).code == "already_registered"
    register(garage, the, -9)
    assert on_cover(garage, the, -10) is not None
    assert on_cover(garage, the, 0) is not None


def test_deregister_last_day_is_covered(garage: world.Garage) -> None:
    the = plate()
    item = register(garage, the, -5).item
    assert deregister(garage, [item], -2) == [timezone.localdate() - timedelta(1)]
    assert on_cover(garage, the, -2) is not None
    assert on_cover(garage, the, -1) is None


def test_deregister_first_day_without_cover_where_product_says_so() -> None:
    garage = world.garage(last_day_covered=False)
    the = plate()
    item = register(garage, the, -5).item
    deregister(garage, [item], -2)
    assert on_cover(garage, the, -3) is not None
    assert on_cover(garage, the, -2) is None


def test_deregister_on_first_day_leaves_nothing_where_day_is_without_cover() -> None:
    garage = world.garage(last_day_covered=False)
    the = plate()
    item = register(garage, the, -5).item
    deregister(garage, [item], -5)
    assert all(on_cover(garage, the, day) is None for day in (-5, -4, 0))


@pytest.mark.parametrize(("days", "code"), [(-28, None), (-29, "too_long_ago")])
def test_deregister_within_limits(days: int, code: str | None) -> None:
    garage = world.garage(offset=timedelta(days=-60))
    item = register(garage, plate()).item
    garage = world.Garage(garage.portal, garage.organisation, garage.branch, garage.policy)
    garage.portal.clock_offset = timedelta(0)
    if code is None:
        deregister(garage, [item], days)
    else:
        error = refusal(lambda: deregister(garage, [item], days))
        assert error.code == code
        assert error.remedy is not None


def test_deregister_before_start_is_refused(garage: world.Garage) -> None:
    item = register(garage, plate(), -3).item
    assert refusal(lambda: deregister(garage, [item], -5)).code == "ends_before_start"


def test_deregister_three_all_or_none(garage: world.Garage) -> None:
    plates = [plate() for _ in range(3)]
    items = [register(garage, the, -days).item for the, days in zip(plates, (10, 9, 2), strict=True)]
    error = refusal(lambda: deregister(garage, items, -5))
    assert plates[2].formatted in str(error.message)
    assert all(on_cover(garage, the, 0) for the in plates)
    assert len(deregister(garage, items, -1)) == 3
    assert not any(on_cover(garage, the, 0) for the in plates)


def test_deregister_foreign_vehicle_is_not_found(garage: world.Garage) -> None:
    other = world.garage()
    item = register(other, plate()).item
    with pytest.raises(NotVisible):
        deregister(garage, [item])


def test_deregister_twice_is_refused(garage: world.Garage) -> None:
    item = register(garage, plate(), -5).item
    deregister(garage, [item], -1)
    assert refusal(lambda: deregister(garage, [item], -1)).code == "not_registered"


def test_same_plate_passes_from_dealer_to_dealer_next_day(garage: world.Garage) -> None:
    other = world.garage(at=garage.portal)
    the = plate()
    item = register(garage, the, -10).item
    deregister(garage, [item], -1)
    register(other, the, 0)
    assert on_cover(garage, the, -1) is not None
    assert on_cover(garage, the, 0) is None
    assert on_cover(other, the, 0) is not None


def test_correct_undoes_registration_of_today(garage: world.Garage) -> None:
    the = plate()
    done = register(garage, the)
    by = garage.actor(*ALL)
    with enter(by.scope):
        correction = correct_entry(by=by, policy=garage.policy, entry=done.entry.id)
        assert Entry.objects.get(id=correction.id).undoes_id == done.entry.id
        assert Entry.objects.filter(item=done.item).count() == 2
    assert on_cover(garage, the) is None
    with pytest.raises(DomainError, match="corrected already"), enter(by.scope):
        correct_entry(by=by, policy=garage.policy, entry=done.entry.id)
    register(garage, the)
    assert on_cover(garage, the) is not None


def test_correct_undoes_deregistration_of_today(garage: world.Garage) -> None:
    the = plate()
    item = register(garage, the, -5).item
    deregister(garage, [item], -1)
    by = garage.actor(*ALL)
    with enter(by.scope):
        last = Entry.objects.filter(item=item).order_by("-id").first()
        assert last is not None
        correct_entry(by=by, policy=garage.policy, entry=last.id)
    assert on_cover(garage, the) is not None


def test_correct_of_yesterday_goes_to_the_desk(garage: world.Garage) -> None:
    done = register(garage, plate())
    garage.portal.clock_offset = timedelta(days=1)
    by = garage.actor(*ALL)
    with pytest.raises(DomainError) as caught, enter(by.scope):
        correct_entry(by=by, policy=garage.policy, entry=done.entry.id)
    assert caught.value.code == "not_of_today"


FIELDS = [
    {
        "name": "cover",
        "kind": "choice",
        "labels": {"en": "Cover", "nl": "Dekking"},
        "required": True,
        "choices": [
            {"value": "wa", "labels": {"en": "Liability"}},
            {"value": "casco", "labels": {"en": "Own damage"}},
        ],
    },
    {"name": "lessee", "kind": "party", "labels": {"en": "Lessee"}, "required": True},
    {"name": "driver", "kind": "party", "labels": {"en": "Driver"}, "required": False},
]


def test_register_asks_what_the_product_asks() -> None:
    garage = world.garage(fields=FIELDS)
    the = plate()
    assert refusal(lambda: register(garage, the, lessee="Bakkerij Jansen")).field == "cover"
    assert refusal(lambda: register(garage, the, cover="gold", lessee="Bakkerij Jansen")).code == "invalid_choice"
    assert refusal(lambda: register(garage, the, cover="wa")).field == "lessee"
    assert refusal(lambda: register(garage, the, cover="wa", lessee="X", colour="red")).code == "unknown_field"
    register(garage, the, cover="wa", lessee="Bakkerij Jansen", driver="Piet de Boer")
    held = on_cover(garage, the)
    assert held is not None
    with enter(garage.actor().scope):
        names = {party.id: party.name for party in Party.objects.all()}
    assert (held.cover, names[held.lessee or 0], names[held.driver or 0]) == ("wa", "Bakkerij Jansen", "Piet de Boer")
    another = plate()
    register(garage, another, cover="casco", lessee="Bakkerij Jansen")
    with enter(garage.actor().scope):
        assert Party.objects.filter(name="Bakkerij Jansen").count() == 1


def race(calls: list[object]) -> list[object]:
    """Run them at the same moment; each outcome is a result or the error."""
    barrier = threading.Barrier(len(calls))
    outcomes: list[object] = [None] * len(calls)

    def run(place: int, call: object) -> None:
        barrier.wait()
        try:
            outcomes[place] = call()  # type: ignore[operator]
        except Exception as error:
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.parametrize("times", [40, pytest.param(200, marks=pytest.mark.full)])
def test_two_people_register_same_plate_at_once(garage: world.Garage, times: int) -> None:
    """One succeeds, the other gets the plain reason; never two covers, never another error."""
    for _ in range(times):
        the = plate()
        outcomes = race([lambda: register(garage, the), lambda: register(garage, the)])
        won = [outcome for outcome in outcomes if isinstance(outcome, Registered)]
        lost = [outcome for outcome in outcomes if isinstance(outcome, DomainError)]
        assert len(won) == 1, outcomes
        assert [error.code for error in lost] == ["already_registered"], outcomes
        with enter(garage.actor().scope):
            assert RegistrationVersion.objects.filter(plate=the.value).known().count() == 1


def test_register_and_deregister_at_once_leave_one_truth(garage: world.Garage) -> None:
    for _ in range(20):
        the = plate()
        item = register(garage, the, -5).item
        outcomes = race([lambda: deregister(garage, [item], -1), lambda: deregister(garage, [item], -2)])
        assert sum(isinstance(outcome, list) for outcome in outcomes) in (1, 2), outcomes
        with enter(garage.actor().scope):
            assert RegistrationVersion.objects.filter(plate=the.value).known().count() == 1
