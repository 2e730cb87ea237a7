"""A write is done once, however often and at once it is sent."""

import uuid

import pytest

from remise.api.models import IdempotencyKey
from remise.api.retention import ANSWERS
from remise.api.tasks import forget
from remise.core.models import Entry
from tests import vehicles, world
from tests.api.program import Program, program
from tests.api.test_vehicles import sent
from tests.races import at_once
from tests.world import OWNER

AT_ONCE = 20


def entries(of: world.Garage) -> int:
    return Entry.objects.using(OWNER).filter(organisation=of.organisation.id).count()


def path(of: world.Garage) -> str:
    return f"/policies/{of.policy.number}/vehicles"


def test_same_key_gives_the_same_answer_and_does_nothing_more() -> None:
    garage = world.garage()
    caller, key, said = program(garage), str(uuid.uuid4()), sent(garage)
    first = caller.post(path(garage), said, key=key)
    again = caller.post(path(garage), dict(reversed(said.items())), key=key)
    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    assert (again["Location"], again["Content-Type"]) == (first["Location"], first["Content-Type"])
    assert (first.get("Idempotency-Replayed"), again["Idempotency-Replayed"]) == (None, "true")
    assert entries(garage) == 1


def test_refusal_is_given_again_too() -> None:
    garage = world.garage()
    caller, key = program(garage), str(uuid.uuid4())
    said = sent(garage, day=vehicles.back(garage, 29).isoformat())
    first, again = (caller.post(path(garage), said, key=key) for _time in range(2))
    assert (first.status_code, again.status_code, again.content) == (422, 422, first.content)
    assert again["Content-Type"] == "application/problem+json"


def test_other_body_or_address_under_the_same_key_is_refused() -> None:
    garage = world.garage()
    caller, key = program(garage), str(uuid.uuid4())
    assert caller.post(path(garage), sent(garage), key=key).status_code == 201
    for place, said in ((path(garage), sent(garage)), ("/batches", sent(garage))):
        answer = caller.post(place, said, key=key)
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert entries(garage) == 1


def test_key_is_asked_and_must_be_printable() -> None:
    garage = world.garage()
    caller = program(garage)
    for key in (" ", "a b", "é", "k" * 256):
        answer = caller.post(path(garage), sent(garage), **{"Idempotency-Key": key})
        assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing"), key
    assert entries(garage) == 0


def test_key_belongs_to_its_program() -> None:
    garage = world.garage()
    key = str(uuid.uuid4())
    answers = [program(garage).post(path(garage), sent(garage), key=key) for _program in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert entries(garage) == 2


def test_missing_right_is_not_kept() -> None:
    garage = world.garage()
    caller, key, said = program(garage, held=["vehicles.view"]), str(uuid.uuid4()), sent(garage)
    assert caller.post(path(garage), said, key=key).status_code == 403
    assert not IdempotencyKey.objects.using(OWNER).filter(key=key).exists()


def test_twenty_at_once_register_one() -> None:
    garage = world.garage()
    caller, key, said = program(garage), str(uuid.uuid4()), sent(garage)
    answers = at_once(*[lambda: caller.post(path(garage), said, key=key)] * AT_ONCE)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotency-Replayed" not in answer for answer in answers) == 1
    assert entries(garage) == 1


def test_answers_are_forgotten_after_two_days() -> None:
    garage = world.garage()
    caller: Program = program(garage)
    keys = [str(uuid.uuid4()) for _key in range(2)]
    for key in keys:
        assert caller.post(path(garage), sent(garage), key=key).status_code == 201
    old = IdempotencyKey.objects.using(OWNER).get(key=keys[0])
    old.at -= ANSWERS.usual
    old.save(using=OWNER)
    forget.run(portal=garage.portal.id)
    left = IdempotencyKey.objects.using(OWNER).filter(key__in=keys)
    assert [kept.key for kept in left] == [keys[1]]


def test_too_often_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was done: when the time is over, the same call works under the same key."""
    garage = world.garage()
    caller, said = program(garage), sent(garage)
    monkeypatch.setattr("remise.api.limits.settings.API_RATE", 0)
    assert caller.post(path(garage), said, key="often").status_code == 429
    monkeypatch.undo()
    assert caller.post(path(garage), said, key="often").status_code == 201


def test_text_that_tells_of_a_null_character_is_read() -> None:
    garage = world.garage()
    answer = program(garage).post(path(garage), sent(garage, details={"driver": "\\u0000"}))
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_field")
    assert program(garage).post(path(garage), sent(garage, details={"driver": "\0"})).status_code == 400
