"""The data of a request fits the schema of its kind, going in and coming out."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from remise.desk.data import InvalidDataError, read, stored


@dataclass(frozen=True, slots=True)
class Trial:
    number: int
    text: str
    day: date
    amount: Decimal
    sure: bool
    code: str | None
    details: dict[str, str]


RIGHT: dict[str, Any] = {
    "number": 1,
    "text": "x",
    "day": "2026-01-01",
    "amount": "1.10",
    "sure": True,
    "code": None,
    "details": {"driver": "y"},
}


@given(
    some.builds(
        Trial,
        amount=some.decimals(allow_nan=False, allow_infinity=False),
        day=some.dates(),
        code=some.none() | some.text(),
        details=some.dictionaries(some.text(), some.text()),
    )
)
def test_what_is_stored_is_read_back(data: Trial) -> None:
    assert read(Trial, json.loads(json.dumps(stored(data)))) == data


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "1"},
        {"number": True},
        {"number": None},
        {"text": 1},
        {"day": "2026-02-30"},
        {"day": 3},
        {"amount": "x"},
        {"sure": 1},
        {"code": 4},
        {"details": ["x"]},
        {"unknown": 1},
    ],
)
def test_what_does_not_fit_is_refused(wrong: dict[str, Any]) -> None:
    assert read(Trial, RIGHT).number == 1
    with pytest.raises(InvalidDataError):
        read(Trial, RIGHT | wrong)


def test_missing_is_refused() -> None:
    with pytest.raises(InvalidDataError):
        read(Trial, {name: value for name, value in RIGHT.items() if name != "day"})


def test_other_types_are_not_stored() -> None:
    with pytest.raises(InvalidDataError):
        stored(Trial(1, "x", date(2026, 1, 1), 1.5, True, None, {}))  # type: ignore[arg-type]
    with pytest.raises(InvalidDataError):
        stored({"number": 1})
