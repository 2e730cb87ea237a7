"""A plate whose attempts at the check code are over: the desk looks at the registration card and insures it."""

import itertools

import pytest

from remise.core.errors import DomainError, Forbidden
from remise.core.identifiers import CheckCode, Plate, Vin
from remise.core.models import Entry
from remise.core.scope import enter
from remise.desk import actions
from remise.desk.models import DeskRequest
from remise.desk.rights import DeskRight
from remise.desk.selectors import case_of
from remise.fleet.remedies import RequestName
from remise.fleet.requests import CHECK_CODE, LateRegistration
from remise.vehicles import chassis
from remise.vehicles.models import ChassisNumber
from tests import vehicles, world
from tests.desk.office import Office, office, stored
from tests.world import OWNER

RIGHT, WRONG = "0413", "9999"
_codes = itertools.count()  # the same one again would be no attempt


@pytest.fixture
def desk() -> Office:
    return office()


@pytest.fixture
def plate(desk: Office) -> Plate:
    """Its number is known to end in 0413."""
    made, by = vehicles.fresh_plate(), desk.actor(desk.owner)
    with enter(by.scope):
        chassis.note(by.company, made, Vin("ZZZ12345678900413"), chassis.Source.INSURER)
    return made


def try_wrong(desk: Office, plate: Plate, times: int = chassis.BY_COMPANY.times) -> str:
    by, code = desk.actor(desk.owner), ""
    for _ in range(times):
        with enter(by.scope), pytest.raises(DomainError) as refusal:
            chassis.judge(by, by.company, plate, CheckCode(f"{next(_codes) % 8000 + 1000}"), None)
        code = refusal.value.code
    return code


def ask(desk: Office, plate: Plate, code: str = WRONG, vin: str | None = None) -> DeskRequest:
    garage = desk.garage
    data = LateRegistration(garage.policy.id, plate.value, vehicles.today(garage), garage.branch.id, code, {}, vin)
    return desk.ask(CHECK_CODE.name, data)


def refused(desk: Office, plate: Plate, code: str = WRONG) -> str:
    with pytest.raises(DomainError) as refusal:
        ask(desk, plate, code)
    return refusal.value.code


def test_refusal_says_until_when_and_which_request_helps(desk: Office, plate: Plate) -> None:
    try_wrong(desk, plate)
    by = desk.actor(desk.owner)
    with enter(by.scope), pytest.raises(DomainError) as refusal:
        chassis.judge(by, by.company, plate, CheckCode(RIGHT), None)
    assert refusal.value.remedy is not None
    assert refusal.value.remedy.request_kind == RequestName.CHECK_CODE
    assert "minutes" in str(refusal.value.message)


def test_desk_is_asked_only_when_attempts_are_over(desk: Office, plate: Plate) -> None:
    assert refused(desk, plate) == "not_needed"
    try_wrong(desk, plate, chassis.BY_COMPANY.times - 1)
    assert refused(desk, plate) == "not_needed"
    # Asking compared nothing: one attempt is left.
    assert try_wrong(desk, plate, 1) == "check_code_wrong"
    assert ask(desk, plate).kind == "check_code"
    assert try_wrong(desk, plate, 1) == "too_many_attempts"


def test_accepted_it_is_insured_by_the_code_typed_and_the_number_is_forgotten(desk: Office, plate: Plate) -> None:
    try_wrong(desk, plate)
    done = stored(desk.accept(ask(desk, plate)))
    assert done.entry is not None
    entry = Entry.objects.using(OWNER).get(id=done.entry)
    assert (entry.item.key, entry.reason) == (plate.value, "desk.check_code")
    assert entry.operations is not None
    assert entry.operations[0]["terms"]["check_code"] == WRONG
    assert not ChassisNumber.objects.using(OWNER).filter(plate=plate.value).exists()


def test_number_that_agrees_stays_and_attempts_begin_anew(desk: Office, plate: Plate) -> None:
    try_wrong(desk, plate)
    desk.accept(ask(desk, plate, RIGHT))
    assert ChassisNumber.objects.using(OWNER).filter(plate=plate.value).exists()
    assert try_wrong(desk, plate, 1) == "check_code_wrong"


def test_whole_number_typed_is_what_the_desk_compares_and_goes_by(desk: Office, plate: Plate) -> None:
    """Its end may be right while something before it is not: then it does not match."""
    try_wrong(desk, plate)
    asked = ask(desk, plate, RIGHT, "ZZZ99995678900413")
    by = desk.actor(desk.mirjam)
    with enter(by.scope):
        assert any(str(fact.value).startswith("No: look") for fact in case_of(by, asked).facts)
    assert stored(desk.accept(asked)).entry is not None
    kept = ChassisNumber.objects.using(OWNER).get(plate=plate.value)
    assert (kept.vin, kept.source) == ("ZZZ99995678900413", "company")


def test_acceptance_that_is_refused_lifts_no_limit(desk: Office, plate: Plate) -> None:
    """Five guesses more for each click of an employee who may not decide this."""
    try_wrong(desk, plate)
    asked, young = ask(desk, plate), world.member(desk.insurer, rights=[*DeskRight])
    desk.take(asked, young)
    with pytest.raises(Forbidden):
        desk.do(actions.accept, asked, young, reason="Akkoord.")
    assert try_wrong(desk, plate, 1) == "too_many_attempts"
    assert ChassisNumber.objects.using(OWNER).filter(plate=plate.value).exists()


def test_what_a_customer_tried_does_not_stop_the_desk(desk: Office, plate: Plate) -> None:
    """A late registration was asked with the right code; afterwards somebody typed five wrong ones."""
    asked = desk.late(plate=plate)
    try_wrong(desk, plate)
    assert stored(desk.accept(asked)).entry is not None
    assert try_wrong(desk, plate, 1) == "too_many_attempts"


def test_refused_the_limit_stands(desk: Office, plate: Plate) -> None:
    try_wrong(desk, plate)
    asked = ask(desk, plate)
    desk.take(asked)
    desk.do(actions.refuse, asked, desk.mirjam, reason="Op het kentekenbewijs staat iets anders.")
    assert try_wrong(desk, plate, 1) == "too_many_attempts"


@pytest.mark.parametrize(("code", "said"), [(RIGHT, "It does now"), (WRONG, "No: look")])
def test_only_the_desk_reads_whether_the_code_matches(desk: Office, plate: Plate, code: str, said: str) -> None:
    """To the customer it would be one attempt more."""
    try_wrong(desk, plate)
    asked = ask(desk, plate, code)
    facts = []
    for who in (desk.owner, desk.mirjam):
        by = desk.actor(who)
        with enter(by.scope):
            facts.append(" ".join(str(fact.value) for fact in case_of(by, asked).facts))
    assert said not in facts[0]
    assert said in facts[1]


def test_button_under_the_refusal_asks_the_desk_with_all_that_was_typed(desk: Office, plate: Plate) -> None:
    try_wrong(desk, plate)
    client = desk.client(desk.owner)
    sent = {"plate": plate.formatted, "check_code": RIGHT, "day": vehicles.today(desk.garage).isoformat()}
    page = client.post("/vehicles/register", sent)
    assert page.status_code == 422
    assert 'formaction="/vehicles/register/ask' in page.content.decode()
    assert 'value="check_code"' in page.content.decode()
    answer = client.post("/vehicles/register/ask", sent | {"ask": "check_code"})
    asked = DeskRequest.objects.using(OWNER).get(organisation=desk.garage.organisation.id)
    assert (asked.kind, answer["Location"]) == ("check_code", f"/requests/{asked.id}")
