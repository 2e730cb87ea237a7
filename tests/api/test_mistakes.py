"""What does not fit the description is said in words of ours, which can be translated; the library's are English."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

import pytest
from django.utils import translation
from pydantic import Field, ValidationError

from remise.api import mistakes
from remise.core.schemas import AskedDay, AskedMoment, Sent
from remise.fleet.rights import FleetRight
from tests import world
from tests.api.program import program


class Colour(StrEnum):
    RED = "red"


class Row(Sent):
    plate: str


class Trial(Sent):
    """With something of every kind that a description of ours has."""

    word: Annotated[str, Field(min_length=2, max_length=4, pattern="^[a-z]+$")] = "abc"
    number: Annotated[int, Field(ge=1, le=9)] = 1
    amount: Annotated[Decimal, Field(gt=0, lt=10, decimal_places=2, strict=False)] = Decimal(1)
    sure: bool = True
    colour: Annotated[Colour, Field(strict=False)] = Colour.RED
    choice: Literal["a"] = "a"
    day: AskedDay = None
    moment: AskedMoment = None
    rows: Annotated[list[Row], Field(min_length=1, max_length=2)] = [Row(plate="A")]


@pytest.mark.parametrize(
    ("sent", "code", "words"),
    [
        ({"word": 5}, "string_type", "This has to be a text."),
        ({"word": "a"}, "string_too_short", "This is too short: at least 2 characters."),
        ({"word": "abcde"}, "string_too_long", "This is too long: at most 4 characters."),
        ({"word": "AB"}, "string_pattern_mismatch", "This is not written as the description says."),
        ({"number": "5"}, "int_type", "Write a whole number."),
        ({"number": 0}, "greater_than_equal", "This has to be 1 or more."),
        ({"number": 10}, "less_than_equal", "This has to be 9 or less."),
        ({"amount": "x"}, "decimal_parsing", "Write a number, with a point before the decimals."),
        ({"amount": "1.234"}, "decimal_max_places", "These are too many decimals: at most 2."),
        ({"amount": "0"}, "greater_than", "This has to be more than 0."),
        ({"amount": "10"}, "less_than", "This has to be less than 10."),
        ({"sure": "yes"}, "bool_type", "Write true or false."),
        ({"colour": "blue"}, "enum", "This is none of the values that the description allows."),
        ({"choice": "b"}, "literal_error", "This is none of the values that the description allows."),
        ({"day": "30 February"}, "date_parsing", "Write a day as 2026-11-22."),
        ({"day": "2026-02-30"}, "date_parsing", "Write a day as 2026-11-22."),
        ({"moment": "now"}, "datetime_parsing", "Write a moment as 2026-11-22T14:30:00Z."),
        ({"moment": "2026-02-30T12:00:00Z"}, "datetime_parsing", "Write a moment as 2026-11-22T14:30:00Z."),
        ({"moment": "0001-01-01T00:00:00+05:00"}, "datetime_parsing", "Write a moment as 2026-11-22T14:30:00Z."),
        ({"rows": "x"}, "list_type", "This has to be a list."),
        ({"rows": []}, "too_short", "These are too few: at least 1."),
        ({"rows": [{"plate": "A"}] * 3}, "too_long", "These are too many: at most 2."),
        ({"rows": ["A"]}, "model_type", "This has to be an object with fields."),
        ({"rows": [{}]}, "missing", "This is missing."),
        ({"more": 1}, "extra_forbidden", "The description knows no such field."),
    ],
)
def test_mistake_is_told_in_our_words(sent: dict[str, object], code: str, words: str) -> None:
    with pytest.raises(ValidationError) as error, translation.override("en"):
        Trial.model_validate(sent)
    (said,) = error.value.errors()
    with translation.override("en"):
        assert (said["type"], mistakes.words(said)) == (code, words)


def test_mistake_of_another_kind_gets_plain_words() -> None:
    with translation.override("en"):
        for said in ({"type": "url_scheme"}, {"type": "too_long", "ctx": {}}):
            assert mistakes.words(said) == "This does not fit the description."


def test_program_is_told_what_does_not_fit() -> None:
    garage = world.garage()
    caller = program(garage, held=list(FleetRight))
    answer = caller.post(f"/policies/{garage.policy.number}/vehicles", {"plate": 5, "colour": "red"})
    told = {one["field"].rpartition(".")[2]: one["detail"] for one in answer.json()["mistakes"]}
    assert answer.status_code == 422
    assert (told["plate"], told["colour"]) == ("This has to be a text.", "The description knows no such field.")
