"""A check code held against the chassis number, where that is known: by page and run alike, with limited attempts."""

import itertools
from collections.abc import Mapping
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from remise.core.actor import Actor
from remise.core.errors import DomainError
from remise.core.identifiers import CheckCode, Plate, Vin
from remise.core.limits import Limit, TooOften, give_back
from remise.core.scope import enter
from remise.fleet.actions import Registered, register_vehicle
from remise.fleet.bulk.kinds import REGISTER
from remise.fleet.rights import FleetRight
from remise.runs.kinds import Row
from remise.vehicles import chassis
from remise.vehicles.models import ChassisNumber
from tests import sessions, vehicles, world
from tests.races import at_once
from tests.world import Garage

VIN = Vin("ZZZ12345678900413")
OTHER = Vin("ZZZ12345678909999")


@pytest.fixture
def garage() -> Garage:
    return world.garage()


def actor(garage: Garage) -> Actor:
    return garage.actor(*FleetRight)


def known(garage: Garage, plate: Plate, source: chassis.Source = chassis.Source.INSURER, vin: Vin = VIN) -> None:
    by = actor(garage)
    with enter(by.scope):
        chassis.note(by.company, plate, vin, source)


def register(garage: Garage, plate: Plate, code: str = "", vin: Vin | None = None) -> Registered:
    by = actor(garage)
    given = vin.check_code if vin else CheckCode(code)
    with enter(by.scope):
        return register_vehicle(
            by=by,
            policy=garage.policy,
            plate=plate,
            check_code=given,
            starts=vehicles.today(garage),
            branch=garage.branch.id,
            vin=vin,
        )


_wrong = itertools.count(1000)


def wrong_code() -> str:
    """Another one each time: the same one again tells nothing new."""
    return f"{next(_wrong) % 9000 + 1000}"


def refused(garage: Garage, plate: Plate, code: str = "", vin: Vin | None = None) -> str:
    code = code or wrong_code()
    with pytest.raises(DomainError) as refusal:
        register(garage, plate, code, vin)
    assert refusal.value.field == "check_code"
    return refusal.value.code


def test_right_code_registers_and_is_no_attempt(garage: Garage) -> None:
    for _ in range(chassis.BY_COMPANY.times + 1):
        plate = vehicles.fresh_plate()
        known(garage, plate)
        register(garage, plate, "0413")


def test_wrong_code_is_refused_and_limited(garage: Garage) -> None:
    plate = vehicles.fresh_plate()
    known(garage, plate)
    for _ in range(chassis.BY_COMPANY.times):
        assert refused(garage, plate) == "check_code_wrong"
    assert refused(garage, plate) == "too_many_attempts"
    assert refused(garage, plate, "0413") == "too_many_attempts"  # the right one tells nothing any more
    other = vehicles.fresh_plate()
    known(garage, other)
    assert refused(garage, other) == "check_code_wrong"  # another plate has its own


def test_wrong_code_is_told_before_the_branch_is_chosen_and_counts(garage: Garage) -> None:
    """At once beside the field, and also where the form is sent: each comparison is an attempt, whatever else is
    wrong; what is no code at all is none."""
    plate, client = vehicles.fresh_plate(), browser(garage)
    known(garage, plate)
    sent = {"plate": plate.formatted, "day": vehicles.today(garage).isoformat()}
    for code in ("12", "nothing!", ""):
        for _ in range(chassis.BY_COMPANY.times):
            said = client.post("/vehicles/register/code", sent | {"check_code": code}).content.decode()
            assert ("four characters" in said) == bool(code)
    said = client.post("/vehicles/register/code", sent | {"check_code": "0413"}).content.decode()
    assert "The check code belongs to this plate." in said
    wrong = f"This check code does not belong to {plate.formatted}."
    for _ in range(chassis.BY_COMPANY.times - 1):
        said = client.post("/vehicles/register/code", sent | {"check_code": wrong_code()}).content.decode()
        assert wrong in said
        assert 'value="check_code"' not in said
    page = client.post("/vehicles/register", sent | {"check_code": wrong_code(), "branch": "", "day": ""})
    assert page.status_code == 422
    assert wrong in page.content.decode()
    said = client.post("/vehicles/register/code", sent | {"check_code": "0413"}).content.decode()
    assert "Too many wrong check codes. You can try again at " in said
    assert 'name="ask" value="check_code"' in said.replace("  ", " ")


def test_row_with_another_mistake_tells_the_wrong_code_too_and_counts(garage: Garage) -> None:
    plate, by = vehicles.fresh_plate(), actor(garage)
    known(garage, plate)
    inputs = {"policy": garage.policy.number, "branch": garage.branch.id}
    said = []
    for _ in range(chassis.BY_COMPANY.times + 1):
        sent = {"plate": plate.value, "check_code": wrong_code(), "day": "31-31-2026"}
        with enter(by.scope), pytest.raises(DomainError) as refusal:
            register_row(by, sent, inputs)
        said.append(str(refusal.value.message))
    assert all("Insured from" in one for one in said)
    assert ["Too many wrong" in one for one in said] == [False] * chassis.BY_COMPANY.times + [True]


def register_row(by: Actor, sent: Mapping[str, str], inputs: Mapping[str, Any]) -> None:
    """The only line of a file."""
    (verdict,) = REGISTER.together(by, [Row(sent, key=sent["plate"], run=1, inputs=inputs)])
    if isinstance(verdict, DomainError):
        raise verdict


def browser(garage: Garage) -> Client:
    return sessions.client_of(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)


def test_same_wrong_code_again_is_no_attempt_more(garage: Garage) -> None:
    """The field told it, and then the form: one slip is one attempt, and nobody learns anything from asking again."""
    plate = vehicles.fresh_plate()
    known(garage, plate)
    for _ in range(2 * chassis.BY_COMPANY.times):
        assert refused(garage, plate, "9999") == "check_code_wrong"
    for _ in range(chassis.BY_COMPANY.times - 1):
        assert refused(garage, plate) == "check_code_wrong"
    assert refused(garage, plate, "9999") == "too_many_attempts"
    assert refused(garage, plate, "0413") == "too_many_attempts"


def test_another_company_has_its_own_attempts(garage: Garage) -> None:
    plate, elsewhere = vehicles.fresh_plate(), world.garage(at=garage.portal)
    for one in (garage, elsewhere):
        known(one, plate)
    for _ in range(chassis.BY_COMPANY.times):
        refused(garage, plate)
    assert refused(garage, plate) == "too_many_attempts"
    assert register(elsewhere, plate, "0413").plate == plate


def test_account_is_limited_over_all_plates(garage: Garage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chassis, "BY_ACCOUNT", Limit(f"test-{world.unique()}", times=2, seconds=60))
    codes = []
    for _ in range(3):
        plate = vehicles.fresh_plate()
        known(garage, plate)
        codes.append(refused(garage, plate))
    assert codes == ["check_code_wrong", "check_code_wrong", "too_many_attempts"]


def test_attempts_stay_counted_when_the_request_is_rolled_back(garage: Garage) -> None:
    plate, by = vehicles.fresh_plate(), actor(garage)
    known(garage, plate)
    for _ in range(chassis.BY_COMPANY.times):
        with enter(by.scope):
            with pytest.raises(DomainError):
                chassis.judge(by, by.company, plate, CheckCode(wrong_code()), None)
            transaction.set_rollback(True)
    assert refused(garage, plate, "0413") == "too_many_attempts"


def test_attempts_at_once_are_not_more(garage: Garage) -> None:
    plate = vehicles.fresh_plate()
    known(garage, plate)
    codes = at_once(*[lambda: refused(garage, plate)] * 12)
    assert codes.count("check_code_wrong") == chassis.BY_COMPANY.times
    assert codes.count("too_many_attempts") == 12 - chassis.BY_COMPANY.times


def test_page_and_run_have_one_verdict(garage: Garage) -> None:
    plate, by = vehicles.fresh_plate(), actor(garage)
    known(garage, plate)
    inputs = {"policy": garage.policy.number, "branch": garage.branch.id}
    sent = {"plate": plate.value, "check_code": "9999", "day": vehicles.today(garage).isoformat()}
    with enter(by.scope), pytest.raises(DomainError) as refusal:
        register_row(by, sent, inputs)
    assert refusal.value.code == "check_code_wrong"


def test_nothing_known_judges_by_shape_only(garage: Garage) -> None:
    for _ in range(chassis.BY_COMPANY.times + 2):
        register(garage, vehicles.fresh_plate(), "9999")


def test_whole_number_is_kept_for_the_company_and_may_be_given_anew(garage: Garage) -> None:
    plate = vehicles.fresh_plate()
    register(garage, plate, vin=VIN)
    kept = ChassisNumber.objects.using(world.OWNER).get(organisation=garage.organisation.id, plate=plate.value)
    assert (kept.vin, kept.source) == (VIN.value, "company")
    assert refused(garage, plate, "9999") == "check_code_wrong"
    # What one company's people typed says nothing of another's vehicle.
    elsewhere = world.garage(at=garage.portal)
    assert register(elsewhere, plate, "9999").plate == plate
    with pytest.raises(DomainError) as already:
        register(garage, plate, vin=OTHER)
    assert already.value.code == "already_registered"  # and not a wrong number


def test_whole_number_is_told_to_match_neither_when_it_does_nor_when_it_does_not(garage: Garage) -> None:
    """One of the company's own may be given anew, without an attempt: what it is must not be found that way."""
    plate, client = vehicles.fresh_plate(), browser(garage)
    known(garage, plate, chassis.Source.COMPANY)
    for typed in (VIN, OTHER):
        sent = {"plate": plate.formatted, "check_code": typed.value}
        said = client.post("/vehicles/register/code", sent).content.decode()
        assert "belong" not in said


def test_what_the_insurer_says_stands_above_what_people_type(garage: Garage) -> None:
    plate = vehicles.fresh_plate()
    known(garage, plate)
    assert refused(garage, plate, vin=OTHER) == "check_code_wrong"
    known(garage, plate, chassis.Source.COMPANY, OTHER)
    assert ChassisNumber.objects.using(world.OWNER).get(plate=plate.value).vin == VIN.value


def test_number_is_shown_to_nobody_and_noted_for_no_other_company(garage: Garage) -> None:
    plate, by = vehicles.fresh_plate(), actor(garage)
    known(garage, plate)
    with pytest.raises(Exception, match="permission denied"), enter(by.scope):
        list(ChassisNumber.objects.all())
    with enter(by.scope), connection.cursor() as cursor:
        for end in ("3", "13", "00413"):
            cursor.execute("select vehicles_chassis_verdict(%s, %s, %s)", [by.company, plate.value, end])
            assert cursor.fetchone() == ("other",)
    stranger = actor(world.garage(at=garage.portal))
    with enter(stranger.scope), connection.cursor() as cursor:
        cursor.execute("select vehicles_chassis_verdict(%s, %s, '0413')", [garage.organisation.id, plate.value])
        assert cursor.fetchone() == ("unknown",)
        cursor.execute(
            "select vehicles_note_chassis(%s, %s, %s, 'register')", [garage.organisation.id, plate.value, OTHER.value]
        )
    assert ChassisNumber.objects.using(world.OWNER).get(plate=plate.value).vin == VIN.value


def test_limit_frees_its_slots_in_time() -> None:
    limit = Limit(f"test-{world.unique()}", times=2, seconds=60)
    first, second = limit.take("a"), limit.take("a")
    assert limit.take("b")
    with pytest.raises(TooOften) as often:
        limit.take("a")
    assert 0 < often.value.seconds <= 60
    assert often.value.minutes == 1
    give_back(first)
    assert limit.take("a") == first
    assert second != first
