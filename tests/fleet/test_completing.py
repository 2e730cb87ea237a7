"""What the register says later than a vehicle was registered: filled in through the ledger, or found and told."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import islice

import pytest
from django.utils import timezone
from procrastinate.contrib.django import app

from remise.core.actor import Actor, system
from remise.core.errors import DomainError
from remise.core.identifiers import CheckCode, Plate
from remise.core.ledger.book import Written
from remise.core.models import Entry, Event
from remise.core.scope import enter
from remise.demo.register_server import Mode, Stand
from remise.fleet.actions import complete_registration, correct_entry, deregister_vehicles, register_vehicle
from remise.fleet.awaiting import LAST_TRY
from remise.fleet.findings import FindingKind
from remise.fleet.frame import tasks
from remise.fleet.models import Awaited, Finding, RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.fleet.rules import name_date_finding
from remise.fleet.selectors.history import history
from remise.fleet.selectors.receipts import receipt_of
from remise.fleet.tasks import ask_register, look_again
from remise.policies.rules import BackDate
from remise.policies.selectors import rules_of
from remise.vehicles.models import Vehicle
from remise.vehicles.register import client
from tests import jobs, vehicles, world
from tests.conftest import Serve
from tests.races import at_once
from tests.register.published import REAL, everything, real_rows, row_of, stand_of
from tests.world import OWNER, Garage


@pytest.fixture
def garage() -> Garage:
    jobs.forget()
    return world.garage()


def the_system(garage: Garage) -> Actor:
    return system(portal=garage.portal.id, name="fleet.ask_register").acting_for(garage.organisation.id)


def complete(garage: Garage, item: int, vehicle: Vehicle) -> Written | None:
    by = the_system(garage)
    with enter(by.scope):
        return complete_registration(by=by, item=item, vehicle=vehicle)


def ask(garage: Garage, *, at_once: bool = True) -> None:
    """Hand the events on, then ask, as the worker would; `at_once`: as if all waiting were over."""
    while due := jobs.waiting("core.deliver"):
        jobs.forget(due[0][0])
        app.tasks["core.deliver"].func(**due[0][2])
    if at_once:
        Awaited.objects.using(OWNER).filter(portal=garage.portal.id).update(due=timezone.now())
    ask_register.run(portal=garage.portal.id)


def held(garage: Garage, plate: Plate) -> list[RegistrationVersion]:
    versions = RegistrationVersion.objects.using(OWNER).filter(organisation=garage.organisation.id, plate=plate.value)
    return list(versions.filter(known_to=None).order_by("starts"))


def awaited(garage: Garage) -> set[str]:
    rows = Awaited.objects.using(OWNER).filter(organisation=garage.organisation.id)
    return set(rows.values_list("plate", flat=True))


def findings(garage: Garage) -> dict[str, bool]:
    """Kind -> is it settled?"""
    rows = Finding.objects.using(OWNER).filter(organisation=garage.organisation.id)
    return {one.kind: one.settled_at is not None for one in rows}


def events(garage: Garage, kind: str) -> list[Event]:
    return list(Event.objects.using(OWNER).filter(organisation=garage.organisation.id, kind=kind))


# --- who is asked for


def test_vehicle_of_which_the_register_answered_today_leaves_no_job(garage: Garage) -> None:
    known, unknown = vehicles.fresh_plate(), vehicles.fresh_plate()
    vehicles.in_register(known)
    vehicles.on_cover(garage, plate=known)
    assert not asking()
    vehicles.on_cover(garage, plate=unknown)
    assert len(asking()) == 1


def asking() -> list[jobs.Waiting]:
    """Jobs that have the register asked; others look at the same registration."""
    return [one for one in jobs.waiting("core.deliver") if one[2]["subscriber"] == "fleet.await_answer"]


# --- filling in


def test_late_answer_fills_in_what_was_not_known(garage: Garage) -> None:
    one = vehicles.on_cover(garage, days=3)
    before = held(garage, one.plate)[0]
    entry = complete(garage, one.item, vehicles.in_register(one.plate))
    assert entry is not None
    (now,) = held(garage, one.plate)
    assert (now.make, now.model, now.value, now.value_source) == ("VOLVO", "EX30", Decimal("41495.00"), "RDW")
    assert now.value_date == timezone.localdate()
    assert (now.starts, now.ends, now.check_code, now.branch) == (before.starts, None, "0413", before.branch)
    stored = Entry.objects.using(OWNER).get(id=entry.id)
    assert (stored.by_system, stored.account) == ("fleet.ask_register", None)
    (told,) = events(garage, "vehicle.completed")
    assert (told.after or {})["terms"] == ["make", "model", "value", "value_date", "value_source"]


def test_completing_twice_does_nothing_more(garage: Garage) -> None:
    one = vehicles.on_cover(garage)
    vehicle = vehicles.in_register(one.plate)
    assert complete(garage, one.item, vehicle)
    assert complete(garage, one.item, vehicle) is None
    assert len(events(garage, "vehicle.completed")) == 1


def test_what_is_known_is_not_touched(garage: Garage) -> None:
    plate = vehicles.fresh_plate()
    vehicle = vehicles.in_register(plate, catalogue_value=None)
    one = vehicles.on_cover(garage, plate)
    vehicle.make, vehicle.catalogue_value = "OPEL", Decimal("20000.00")
    complete(garage, one.item, vehicle)
    (now,) = held(garage, plate)
    assert (now.make, now.value) == ("VOLVO", Decimal("20000.00"))
    vehicle.catalogue_value = Decimal("30000.00")
    assert complete(garage, one.item, vehicle) is None


def test_past_is_shown_as_it_was_known(garage: Garage) -> None:
    one = vehicles.on_cover(garage)
    then = timezone.now()
    complete(garage, one.item, vehicles.in_register(one.plate))
    with enter(garage.actor().scope):
        known_then = RegistrationVersion.objects.as_of(vehicles.today(garage), then).get(plate=one.plate.value)
    assert (known_then.make, known_then.value) == ("", None)


def test_ended_and_begun_again_completes_the_last_cover(garage: Garage) -> None:
    by = garage.actor(*FleetRight)
    one = vehicles.on_cover(garage, days=5)
    with enter(by.scope):
        deregister_vehicles(by=by, policy=garage.policy, items=[one.item], day=vehicles.back(garage, 3))
    again = vehicles.on_cover(garage, one.plate, days=2)
    assert again.item == one.item
    complete(garage, one.item, vehicles.in_register(one.plate))
    assert [(version.starts, version.make) for version in held(garage, one.plate)] == [
        (vehicles.back(garage, 5), ""),
        (vehicles.back(garage, 2), "VOLVO"),
    ]


def test_undone_registration_is_left_alone(garage: Garage) -> None:
    by, one = garage.actor(*FleetRight), vehicles.on_cover(garage)
    with enter(by.scope):
        correct_entry(by=by, policy=garage.policy, entry=one.entry)
    assert complete(garage, one.item, vehicles.in_register(one.plate)) is None


def test_customer_undoes_no_entry_of_the_system(garage: Garage) -> None:
    """The value is not the customer's to change, also not by undoing what filled it in."""
    one, by = vehicles.on_cover(garage), garage.actor(*FleetRight)
    entry = complete(garage, one.item, vehicles.in_register(one.plate))
    assert entry is not None
    with enter(by.scope):
        receipt = receipt_of(by, entry.id)
        assert (receipt.what, receipt.may_correct) == ("completed", False)
        with pytest.raises(DomainError) as refusal:
            correct_entry(by=by, policy=garage.policy, entry=entry.id)
        assert refusal.value.code == "not_typed"
        # The registration itself may still be undone.
        correct_entry(by=by, policy=garage.policy, entry=one.entry)
    assert held(garage, one.plate) == []


def test_completing_and_deregistering_at_once_both_stand(garage: Garage) -> None:
    by, one = garage.actor(*FleetRight), vehicles.on_cover(garage, days=3)
    vehicle = vehicles.in_register(one.plate)

    def end() -> None:
        with enter(by.scope):
            deregister_vehicles(by=by, policy=garage.policy, items=[one.item], day=vehicles.today(garage))

    def fill() -> None:
        complete(garage, one.item, vehicle)

    assert at_once(end, fill) == [None, None]
    (now,) = held(garage, one.plate)
    assert (now.make, now.ends) == ("VOLVO", vehicles.back(garage, -1))


# --- findings


@pytest.mark.parametrize(
    ("reading", "days", "name_days", "wanted"),
    [
        (BackDate.FROM_TODAY, 5, 2, FindingKind.BEFORE_NAME_DATE),
        (BackDate.FROM_TODAY, 5, 5, None),
        (BackDate.FROM_TODAY, 5, 40, None),
        (BackDate.FROM_NAME_DATE, 5, 40, FindingKind.LATE_FOR_NAME_DATE),
        (BackDate.FROM_NAME_DATE, 0, 40, None),
        (BackDate.FROM_NAME_DATE, 5, 6, None),
    ],
)
def test_late_name_date_leaves_the_cover_and_is_found(
    reading: str, days: int, name_days: int, wanted: FindingKind | None
) -> None:
    garage = world.garage(reading=reading)
    one = vehicles.on_cover(garage, days=days)
    complete(garage, one.item, vehicles.in_register(one.plate, in_name_since=vehicles.back(garage, name_days)))
    (now,) = held(garage, one.plate)
    assert (now.starts, now.ends) == (vehicles.back(garage, days), None)
    assert findings(garage) == ({wanted: False} if wanted else {})
    if wanted:
        (told,) = events(garage, "finding.raised")
        assert (told.after or {})["kind"] == wanted


def test_vehicle_sold_after_its_cover_contradicts_nothing(garage: Garage) -> None:
    with enter(garage.actor().scope):
        rules = rules_of(garage.policy, on=vehicles.today(garage))
    begins, ends, sold = date(2026, 5, 1), date(2026, 5, 20), date(2026, 5, 20)
    assert name_date_finding(rules, begins=begins, ends=ends, entered=begins, in_name_since=sold) is None
    assert name_date_finding(rules, begins=begins, ends=None, entered=begins, in_name_since=sold) is not None


def test_finding_is_shown_to_who_sees_the_vehicle(garage: Garage) -> None:
    one = vehicles.on_cover(garage, days=5)
    complete(garage, one.item, vehicles.in_register(one.plate, in_name_since=vehicles.back(garage, 2)))
    by = garage.actor(FleetRight.VIEW)
    with enter(by.scope):
        (task,) = tasks(by)
        assert one.plate.formatted in task.title
        assert task.url.endswith(f"/{one.item}")
        assert [str(found.title) for found in history(by, one.item).findings] == ["Insured before its name date"]
    for stranger in (garage.actor(FleetRight.VIEW, branch=-1), world.garage(at=garage.portal).actor(FleetRight.VIEW)):
        with enter(stranger.scope):
            assert tasks(stranger) == []


def test_finding_is_raised_once_and_settled_by_mending(garage: Garage) -> None:
    by, one = garage.actor(*FleetRight), vehicles.on_cover(garage, days=5)
    vehicle = vehicles.in_register(one.plate, in_name_since=vehicles.back(garage, 2))
    for _ in range(2):
        complete(garage, one.item, vehicle)
    assert len(events(garage, "finding.raised")) == 1
    with enter(by.scope):
        correct_entry(by=by, policy=garage.policy, entry=one.entry)
    assert findings(garage) == {FindingKind.BEFORE_NAME_DATE: True}
    assert len(events(garage, "finding.settled")) == 1


def test_value_in_doubt_is_not_used_and_is_found(garage: Garage) -> None:
    plate = vehicles.fresh_plate()
    vehicle = vehicles.in_register(plate, catalogue_value=Decimal("7777777.00"), value_doubt="placeholder")
    one = vehicles.on_cover(garage, plate)
    assert held(garage, plate)[0].value is None
    complete(garage, one.item, vehicle)
    (now,) = held(garage, plate)
    assert (now.make, now.value) == ("VOLVO", None)
    assert findings(garage) == {FindingKind.VALUE_IN_DOUBT: False}
    with enter(garage.actor(FleetRight.VIEW).scope):
        (found,) = history(garage.actor(FleetRight.VIEW), one.item).findings
    assert "€ 7.777.777" in str(found.text) or "€7,777,777" in str(found.text)


# --- the job


def test_vehicle_of_which_nothing_is_known_is_asked_for(garage: Garage, serve: Serve) -> None:
    one = vehicles.on_cover(garage)
    known = vehicles.fresh_plate()
    vehicles.in_register(known)
    vehicles.on_cover(garage, known)
    vehicles.on_cover(garage, Plate(f"HA{world.number() % 10_000:04d}"))  # a trade plate is no vehicle
    stand = serve(everything())
    ask(garage)
    assert held(garage, one.plate)[0].make == "VOLVO"
    assert awaited(garage) == set()
    assert {plates for _, plates in stand.asked} == {(one.plate.value,)}


def test_answer_of_long_ago_is_asked_anew(garage: Garage, serve: Serve) -> None:
    plate = vehicles.fresh_plate()
    vehicles.in_register(plate, looked_up_at=timezone.now() - timedelta(days=200))
    vehicles.on_cover(garage, plate, days=5)
    serve(stand_of(row_of(plate, datum_tenaamstelling=vehicles.back(garage, 1).strftime("%Y%m%d"))))
    ask(garage)
    assert findings(garage) == {FindingKind.BEFORE_NAME_DATE: False}


@pytest.mark.parametrize("mode", [Mode.FAIL, Mode.RESET, Mode.HTML, Mode.THROTTLE, Mode.LIE])
def test_broken_register_is_asked_again_later(garage: Garage, serve: Serve, mode: Mode) -> None:
    one = vehicles.on_cover(garage)
    stand = serve(everything(mode=mode, retry_after="600"))
    ask(garage)
    (waiting,) = Awaited.objects.using(OWNER).filter(organisation=garage.organisation.id)
    left = (waiting.due - timezone.now()).total_seconds()
    assert waiting.tries == 1
    assert left > (400 if mode is Mode.THROTTLE else 20)
    assert not Vehicle.objects.using(OWNER).filter(plate=one.plate.value).exists()
    ask(garage, at_once=False)  # not before its time
    assert len({plates for _, plates in stand.asked}) == 1
    stand.mode = Mode.WELL
    ask(garage)
    assert held(garage, one.plate)[0].value == Decimal("41495.00")


def test_unknown_plate_is_told_and_asked_for_a_while(garage: Garage, serve: Serve) -> None:
    one = vehicles.on_cover(garage)
    serve(stand_of())
    ask(garage)
    assert findings(garage) == {FindingKind.UNKNOWN_PLATE: False}
    assert awaited(garage) == {one.plate.value}
    for _ in range(LAST_TRY):
        ask(garage)
    assert awaited(garage) == set()
    serve(everything())
    look_again.run(portal=garage.portal.id)
    assert awaited(garage) == set()  # a mistake of typing is not asked for ever


def test_plate_that_appears_settles_its_finding(garage: Garage, serve: Serve) -> None:
    one = vehicles.on_cover(garage)
    serve(stand_of())
    ask(garage)
    serve(stand_of(row_of(one.plate)))
    ask(garage)
    assert findings(garage) == {FindingKind.UNKNOWN_PLATE: True}
    assert held(garage, one.plate)[0].make == "VOLVO"


def test_daily_look_finds_what_was_missed(garage: Garage, serve: Serve) -> None:
    one = vehicles.on_cover(garage)
    jobs.forget()  # its event never arrived
    serve(everything())
    look_again.run(portal=garage.portal.id)
    assert awaited(garage) == {one.plate.value}
    ask(garage)
    assert held(garage, one.plate)[0].make == "VOLVO"


def test_killed_job_gives_back_what_it_took(garage: Garage, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    one = vehicles.on_cover(garage)
    serve(everything())

    def killed(*_args: object, **_given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("remise.fleet.tasks.complete_registration", killed)
        with pytest.raises(KeyboardInterrupt):
            ask(garage)
    assert awaited(garage) == {one.plate.value}
    ask(garage)
    assert held(garage, one.plate)[0].make == "VOLVO"


def test_without_a_register_vehicles_wait(garage: Garage) -> None:
    one = vehicles.on_cover(garage)
    ask(garage)
    assert awaited(garage) == {one.plate.value}
    assert jobs.waiting("fleet.ask_register") == []


@pytest.mark.full
@pytest.mark.skipif(not REAL.exists(), reason=f"{REAL.name} is not beside this checkout")
def test_thousand_real_plates_are_all_looked_up_while_the_register_throttles_and_fails(
    garage: Garage, serve: Serve
) -> None:
    rows = {row["kenteken"]: row for row in islice(real_rows(1_100), 1_100)}
    rows = dict(islice(rows.items(), 1_000))
    Vehicle.objects.using(OWNER).filter(plate__in=rows).delete()
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        for plate in rows:
            register_vehicle(
                by=by,
                policy=garage.policy,
                plate=Plate(plate),
                check_code=CheckCode("0413"),
                starts=vehicles.today(garage),
                branch=garage.branch.id,
            )
    stand: Stand = serve(stand_of(*rows.values(), every=3))
    rounds = 0
    for mode in (Mode.THROTTLE, Mode.FAIL, Mode.RESET, Mode.HTML, Mode.LIE) * 20:
        stand.mode = mode
        ask(garage)
        rounds += 1
        if not awaited(garage):
            break
    assert awaited(garage) == set()
    assert rounds > 1
    now = RegistrationVersion.objects.using(OWNER).filter(organisation=garage.organisation.id, known_to=None)
    assert now.count() == 1_000
    for version in now:
        # No plate got another's.
        assert version.make == " ".join(rows[version.plate]["merk"].split())
    assert all(len(plates) <= client.BATCH for _, plates in stand.asked)
