"""What holds for every identifier."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remise.core.identifiers import (
    BranchNumber,
    CheckCode,
    Iban,
    IdentifierError,
    KvkNumber,
    Plate,
    Vin,
)

type Identifier = Plate | CheckCode | Vin | KvkNumber | BranchNumber | Iban

EXAMPLES: list[Identifier] = [
    Plate("GBB01B"),
    CheckCode("0012"),
    Vin("WVWZZZ1KZ6W000001"),
    KvkNumber("01234567"),
    BranchNumber("000012345678"),
    Iban("NL91ABNA0417164300"),
]
PARSERS: list[Callable[[str], Identifier]] = [type(example).parse for example in EXAMPLES]
TYPED = st.text() | st.text(alphabet="AaBbZz019 -.–ßı٣²\u00a0€", max_size=20)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: type(e).__name__)
def test_parse_of_formatted_gives_the_same(example: Identifier) -> None:
    assert type(example).parse(example.formatted) == example


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: type(e).__name__)
@pytest.mark.parametrize("separator", [" ", "-", ".", "–", "\u00a0", "\u202f", "\u200b", "\t"])
def test_parse_ignores_separators_and_case(example: Identifier, separator: str) -> None:
    typed = f" {separator.join(example.value.lower())}\n"
    assert type(example).parse(typed) == example


@pytest.mark.parametrize("parse", PARSERS)
@pytest.mark.parametrize("nothing", ["", "  ", "\u00a0", "-"])
def test_parse_nothing_asks_for_it(parse: Callable[[str], Identifier], nothing: str) -> None:
    with pytest.raises(IdentifierError) as refusal:
        parse(nothing)
    assert refusal.value.code == "empty"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: type(e).__name__)
def test_construct_refuses_what_is_not_normalised(example: Identifier) -> None:
    with pytest.raises(IdentifierError):
        type(example)(example.value + "-")


@given(text=TYPED)
def test_parse_anything_raises_identifier_errors_only(text: str) -> None:
    for parse in PARSERS:
        try:
            found = parse(text)
        except IdentifierError as error:
            refusal = error
        else:
            assert found.value.isascii()
            assert parse(found.value) == parse(found.formatted) == found
            continue
        assert refusal.code
        assert str(refusal)


def test_refusal_is_worded_for_the_reader() -> None:
    with pytest.raises(IdentifierError) as refusal:
        Plate.parse(" ab-12 ")
    assert str(refusal.value) == "This is not a Dutch plate: ab-12. It has too few characters."


def test_refusal_shortens_and_cleans_what_was_typed() -> None:
    with pytest.raises(IdentifierError) as refusal:
        Plate.parse("x\x00" * 500)
    assert refusal.value.params["plate"] == "x x x x x x x x x x …"
