"""A file of vehicles and one vehicle are judged alike: each of many gets the verdict that it would get alone."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from remise.core import clock
from remise.core.actor import Actor
from remise.core.errors import DomainError
from remise.core.identifiers import CheckCode, Plate, Vin
from remise.core.ledger.operations import Value
from remise.core.models import Entry, Event
from remise.core.scope import enter
from remise.fleet.actions import (
    change_each,
    change_vehicle,
    correct_entry,
    deregister_each,
    deregister_vehicles,
    register_vehicle,
    register_vehicles,
)
from remise.fleet.changing import CLEARED, Change
from remise.fleet.ending import Leaver
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.fleet.wanted import Wanted
from remise.organisations.models import Party
from remise.vehicles import chassis
from tests import vehicles, world
from tests.world import OWNER, Garage

FIELDS: list[dict[str, object]] = [
    {
        "name": "cover",
        "kind": "choice",
        "labels": {"en": "Cover", "nl": "Dekking"},
        "required": True,
        "choices": [{"value": "wa", "labels": {"en": "WA"}}, {"value": "casco", "labels": {"en": "Casco"}}],
    },
    {"name": "lessee", "kind": "party", "labels": {"en": "Lessee"}, "required": False},
    {"name": "driver", "kind": "party", "labels": {"en": "Driver"}, "required": False},
]


@pytest.fixture
def garage() -> Garage:
    return world.garage()


def by_of(garage: Garage) -> Actor:
    return garage.actor(*FleetRight)


def wanted(garage: Garage, plate: Plate | None = None, days: int = 0, **details: str) -> Wanted:
    plate = plate or vehicles.fresh_plate()
    code = CheckCode("0413") if plate.needs_check_code else None
    return Wanted(plate, code, vehicles.today(garage) + timedelta(days), garage.branch.id, details)


def held(garage: Garage, plate: Plate) -> list[tuple[date, date | None]]:
    versions = RegistrationVersion.objects.using(OWNER).filter(policy=garage.policy.id, plate=plate.value)
    return list(versions.filter(known_to=None).order_by("starts").values_list("starts", "ends"))


def terms(garage: Garage, plate: Plate, name: str) -> list[Value]:
    versions = RegistrationVersion.objects.using(OWNER).filter(policy=garage.policy.id, plate=plate.value)
    return list(versions.filter(known_to=None).order_by("starts").values_list(name, flat=True))


def codes(verdicts: list[object]) -> list[str]:
    return [one.code if isinstance(one, DomainError) else "" for one in verdicts]


def test_those_that_may_come_on_and_each_other_says_why_not(garage: Garage) -> None:
    good, late, twice = wanted(garage), wanted(garage, days=-29), wanted(garage)
    covered = vehicles.on_cover(garage).plate
    no_code = Wanted(vehicles.fresh_plate(), None, vehicles.today(garage), garage.branch.id)
    elsewhere = Wanted(vehicles.fresh_plate(), CheckCode("0413"), vehicles.today(garage), 10**15)
    by = by_of(garage)
    with enter(by.scope):
        verdicts = register_vehicles(
            by=by,
            policy=garage.policy,
            wanted=[good, late, twice, twice, wanted(garage, covered), no_code, elsewhere],
        )
    assert codes(list(verdicts)) == [
        "",
        "too_long_ago",
        "",
        "already_registered",
        "already_registered",
        "check_code_missing",
        "not_found",
    ]
    assert held(garage, good.plate) == held(garage, twice.plate) == [(vehicles.today(garage), None)]
    assert held(garage, late.plate) == []


def test_each_has_its_own_event_and_entry_of_the_run(garage: Garage) -> None:
    by, asked = by_of(garage), [wanted(garage), wanted(garage)]
    with enter(by.scope):
        done = register_vehicles(by=by, policy=garage.policy, wanted=asked, run=7)
    entries = Entry.objects.using(OWNER).filter(run=7, portal=garage.portal.id).order_by("id")
    assert [one.entry.id for one in done if not isinstance(one, DomainError)] == [entry.id for entry in entries]
    said = Event.objects.using(OWNER).filter(portal=garage.portal.id, kind="vehicle.registered").order_by("id")
    assert [event.said["entry"] for event in said] == [entry.id for entry in entries]


def test_as_many_statements_for_fifty_as_for_two(garage: Garage) -> None:
    by = by_of(garage)

    def statements(how_many: int) -> int:
        asked = [wanted(garage) for _ in range(how_many)]
        with enter(by.scope), CaptureQueriesContext(connection) as captured:
            register_vehicles(by=by, policy=garage.policy, wanted=asked)
        with enter(by.scope), CaptureQueriesContext(connection) as ended:
            deregister_each(
                by=by, policy=garage.policy, leavers=[Leaver(one.plate, vehicles.today(garage)) for one in asked]
            )
        return len(captured) + len(ended)

    statements(2)
    assert statements(50) == statements(2)


def test_wrong_code_of_a_known_chassis_number_is_refused_among_many(garage: Garage) -> None:
    by, right, wrong = by_of(garage), wanted(garage), wanted(garage)
    with enter(by.scope):
        for one in (right, wrong):
            number = Vin("WVWZZZ1JZXW000413" if one is right else "WVWZZZ1JZXW009999")
            chassis.note(garage.organisation.id, one.plate, number, chassis.Source.COMPANY)
        verdicts = register_vehicles(by=by, policy=garage.policy, wanted=[right, wrong])
    assert codes(list(verdicts)) == ["", "check_code_wrong"]


def test_names_of_a_file_become_one_party_each(lessor: Garage) -> None:
    by = by_of(lessor)
    asked = [wanted(lessor, cover="wa", lessee=name) for name in ("Bakkerij Bos", "Jansen", "Bakkerij Bos", "")]
    with enter(by.scope):
        verdicts = register_vehicles(by=by, policy=lessor.policy, wanted=asked)
    assert codes(list(verdicts)) == ["", "", "", ""]
    parties = Party.objects.using(OWNER).filter(organisation=lessor.organisation.id)
    assert sorted(party.name for party in parties) == ["Bakkerij Bos", "Jansen"]
    lessees = [terms(lessor, one.plate, "lessee")[0] for one in asked]
    assert lessees[0] == lessees[2] != lessees[1]
    assert lessees[3] is None


def test_each_goes_on_its_own_day(garage: Garage) -> None:
    first, second, gone = (vehicles.on_cover(garage, days=20).plate for _ in range(3))
    by, day = by_of(garage), vehicles.back(garage, 3)
    with enter(by.scope):
        deregister_each(by=by, policy=garage.policy, leavers=[Leaver(gone, day)])
        verdicts = deregister_each(
            by=by,
            policy=garage.policy,
            leavers=[
                Leaver(first, day),
                Leaver(gone, day),
                Leaver(second, vehicles.back(garage, 29)),
                Leaver(vehicles.fresh_plate(), day),
                Leaver(first, day),
            ],
        )
    assert codes(list(verdicts)) == ["", "not_registered", "too_long_ago", "not_registered", "not_registered"]
    assert held(garage, first) == [(vehicles.back(garage, 20), day + timedelta(1))]
    assert held(garage, second) == [(vehicles.back(garage, 20), None)]


def test_change_holds_from_its_day_and_the_rest_stays(lessor: Garage) -> None:
    plate = vehicles.on_cover(lessor, days=20, cover="wa", lessee="Bakkerij Bos").plate
    by, day = by_of(lessor), vehicles.back(lessor, 5)
    with enter(by.scope):
        change_vehicle(by=by, policy=lessor.policy, change=Change(plate, day, {"cover": "casco", "driver": "Jansen"}))
    assert held(lessor, plate) == [(vehicles.back(lessor, 20), day), (day, None)]
    assert terms(lessor, plate, "cover") == ["wa", "casco"]
    first, second = terms(lessor, plate, "lessee")
    assert first == second
    assert terms(lessor, plate, "driver")[0] is None


def test_change_may_clear_what_need_not_be_filled_in(lessor: Garage) -> None:
    plate = vehicles.on_cover(lessor, days=20, cover="wa", lessee="Bakkerij Bos").plate
    by, day = by_of(lessor), vehicles.today(lessor)
    with enter(by.scope):
        verdicts = change_each(
            by=by,
            policy=lessor.policy,
            changes=[Change(plate, day, {"lessee": CLEARED}), Change(plate, day, {"cover": CLEARED})],
        )
    assert codes(list(verdicts)) == ["", "required"]
    assert terms(lessor, plate, "lessee")[-1] is None


def test_change_is_refused_where_nothing_holds_or_changes(lessor: Garage) -> None:
    plate = vehicles.on_cover(lessor, days=10, cover="wa").plate
    by, today = by_of(lessor), vehicles.today(lessor)
    with enter(by.scope):
        verdicts = change_each(
            by=by,
            policy=lessor.policy,
            changes=[
                Change(plate, today, {"cover": "wa"}),
                Change(plate, today, {}),
                Change(plate, vehicles.back(lessor, 11), {"cover": "casco"}),
                Change(plate, vehicles.back(lessor, 29), {"cover": "casco"}),
                Change(plate, today, {"cover": "none"}),
                Change(plate, today, {"colour": "red"}),
                Change(vehicles.fresh_plate(), today, {"cover": "casco"}),
            ],
        )
    assert codes(list(verdicts)) == [
        "nothing_changes",
        "nothing_changes",
        "before_cover",
        "too_long_ago",
        "invalid_choice",
        "unknown_field",
        "not_registered",
    ]


def test_change_into_another_branch_needs_the_right_there(lessor: Garage) -> None:
    other = world.branch(lessor.organisation, name="Kampen", establishment_number="000012345678")
    plate = vehicles.on_cover(lessor, days=10, cover="wa").plate
    by = lessor.actor(*FleetRight, branch=lessor.branch.id)
    change = Change(plate, vehicles.today(lessor), {}, other.id)
    with enter(by.scope):
        assert codes(list(change_each(by=by, policy=lessor.policy, changes=[change]))) == ["right_missing"]
    everywhere = by_of(lessor)
    with enter(everywhere.scope):
        assert codes(list(change_each(by=everywhere, policy=lessor.policy, changes=[change]))) == [""]
    assert terms(lessor, plate, "branch")[-1] == other.id


def test_change_can_be_undone_the_same_day(lessor: Garage) -> None:
    plate = vehicles.on_cover(lessor, days=10, cover="wa").plate
    by = by_of(lessor)
    with enter(by.scope):
        done = change_vehicle(
            by=by, policy=lessor.policy, change=Change(plate, vehicles.today(lessor), {"cover": "casco"})
        )
        correct_entry(by=by, policy=lessor.policy, entry=done.entry.id)
    assert terms(lessor, plate, "cover") == ["wa"]


@dataclass(frozen=True)
class Step:
    """What is done to the vehicle of that number, so many days from today."""

    deed: str
    vehicle: int
    days: int


steps = st.lists(
    st.builds(Step, st.sampled_from(["register", "deregister"]), st.integers(0, 3), st.integers(-31, 33)),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.lists(steps, min_size=1, max_size=3))
def test_many_get_the_verdicts_that_each_would_get_alone(garage: Garage, files: list[list[Step]]) -> None:
    together, alone = ([vehicles.fresh_plate() for _ in range(4)] for _ in range(2))
    by = by_of(garage)
    today = clock.today(by)
    for file in files:
        for deed in ("register", "deregister"):
            named = {step.vehicle: step for step in reversed(file) if step.deed == deed}  # a file names each once
            asked = list(named.values())
            with enter(by.scope):
                many = _many(garage, by, deed, [(together[one.vehicle], one.days) for one in asked], today)
                each = [_one(garage, by, deed, alone[one.vehicle], one.days, today) for one in asked]
            assert many == each
    assert [held(garage, plate) for plate in together] == [held(garage, plate) for plate in alone]


def _many(garage: Garage, by: Actor, deed: str, asked: list[tuple[Plate, int]], today: date) -> list[str]:
    if deed == "register":
        wants = [wanted(garage, plate, days) for plate, days in asked]
        return codes(list(register_vehicles(by=by, policy=garage.policy, wanted=wants)))
    leavers = [Leaver(plate, today + timedelta(days)) for plate, days in asked]
    return codes(list(deregister_each(by=by, policy=garage.policy, leavers=leavers)))


def _one(garage: Garage, by: Actor, deed: str, plate: Plate, days: int, today: date) -> str:
    try:
        if deed == "register":
            one = wanted(garage, plate, days)
            register_vehicle(
                by=by,
                policy=garage.policy,
                plate=plate,
                check_code=one.check_code,
                starts=one.starts,
                branch=one.branch,
            )
        else:
            items = list(
                RegistrationVersion.objects.filter(policy=garage.policy.id, plate=plate.value)
                .values_list("item", flat=True)
                .distinct()
            )
            if not items:
                return "not_registered"
            deregister_vehicles(by=by, policy=garage.policy, items=items, day=today + timedelta(days))
    except DomainError as refusal:
        return refusal.code
    return ""


def test_changes_ask_as_many_statements_for_thirty_as_for_two(lessor: Garage) -> None:
    """Their branches are few."""
    by, today = by_of(lessor), vehicles.today(lessor)

    def statements(how_many: int) -> int:
        plates = [vehicles.on_cover(lessor, days=3, cover="wa").plate for _ in range(how_many)]
        changes = [Change(plate, today, {"cover": "casco"}, lessor.branch.id) for plate in plates]
        with enter(by.scope), CaptureQueriesContext(connection) as captured:
            assert codes(list(change_each(by=by, policy=lessor.policy, changes=changes))) == [""] * how_many
        return len(captured)

    statements(2)
    assert statements(30) == statements(2)
