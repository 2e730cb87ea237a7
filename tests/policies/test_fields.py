"""What is typed in a product's own fields: read once, for a page, a program and a file."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from remise.core.errors import BrokenRule
from remise.policies.fields import NO, YES, as_cell, read_field, shown
from remise.policies.rules import FieldKind, FieldRule

LABELS = {"nl": "Zitplaatsen", "de": "Sitzplätze", "en": "Seats"}


def field(kind: str, *, required: bool = False, **more: Any) -> FieldRule:
    return FieldRule.read({"name": "seats", "kind": kind, "labels": LABELS, "required": required, **more})


COVER = field(
    "choice",
    choices=[
        {"value": "liability", "labels": {"nl": "WA", "de": "Haftpflicht", "en": "Liability"}},
        {"value": "full", "labels": {"nl": "Volledig casco", "de": "Vollkasko", "en": "Full own damage"}},
    ],
)
MASS = field("number", least=750, most=60_000, units={"nl": "kg", "de": "kg", "en": "kg"})


@pytest.mark.parametrize(
    ("rule", "typed", "value"),
    [
        (COVER, "full", "full"),
        (COVER, " volledig CASCO ", "full"),
        (COVER, "Haftpflicht", "liability"),
        (MASS, "44000", 44_000),
        (MASS, "44.000", 44_000),
        (MASS, "44 000", 44_000),
        (MASS, "44000.0", 44_000),
        (field("number"), "-3", -3),
        (field("money"), "€ 12.500,50", "12500.50"),
        (field("money"), "12500", "12500.00"),
        (field("yes_no"), "Ja", True),
        (field("yes_no"), "nein", False),
        (field("yes_no"), "0", False),
        (field("date"), "2027-12-31", "2027-12-31"),
        (field("date"), "31-12-2027", "2027-12-31"),
        (field("date"), "3.1.2027", "2027-01-03"),
        (field("date"), "2027-12-31 00:00:00", "2027-12-31"),
        (field("text", longest=5), " abcde ", "abcde"),
        (field("party"), "Bouwbedrijf Jansen B.V.", "Bouwbedrijf Jansen B.V."),
        (field("text"), "   ", None),
    ],
)
def test_reads(rule: FieldRule, typed: str, value: object) -> None:
    found = read_field(rule, typed)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("rule", "typed", "code"),
    [
        (field("text", required=True), " ", "required"),
        (field("yes_no", required=True), "", "required"),
        (COVER, "casco", "invalid_choice"),
        (MASS, "44", "too_low"),
        (MASS, "60001", "too_high"),
        (MASS, "44 ton", "number"),
        (MASS, "44,5", "number"),
        (MASS, "1.2.3", "number"),
        (MASS, "٤٤٠٠٠", "number"),
        (MASS, "9" * 40, "number"),
        (field("money", most="250000"), "250.000,01", "too_high"),
        (field("money"), "veel", "amount"),
        (field("money"), "12,500", "ambiguous"),
        (field("money"), "-5", "amount"),
        (field("yes_no"), "misschien", "yes_no"),
        (field("date"), "2030-02-30", "day"),
        (field("date"), "31-12-27", "day"),
        (field("date"), "1026-01-01", "day"),
        (field("text", longest=5), "abcdef", "max_length"),
        (field("text"), "a\x00b", "unreadable"),
        (field("text"), "a\nb", "unreadable"),
        (field("party"), "x" * 161, "max_length"),
    ],
)
def test_refuses_beside_the_field(rule: FieldRule, typed: str, code: str) -> None:
    with pytest.raises(BrokenRule) as refused:
        read_field(rule, typed)
    assert (refused.value.code, refused.value.field) == (code, "seats")
    assert str(refused.value.message)


@given(kind=st.sampled_from(list(FieldKind)), typed=st.text(max_size=60), least=st.none() | st.integers(0, 9))
def test_whatever_is_typed_is_a_value_or_a_refusal(kind: FieldKind, typed: str, least: int | None) -> None:
    """Never another error, and what was read is read again as the same."""
    counts = kind in {FieldKind.NUMBER, FieldKind.MONEY}
    more: dict[str, Any] = {"choices": [{"value": "a", "labels": LABELS}]} if kind is FieldKind.CHOICE else {}
    rule = field(kind, least=least if counts else None, **more)
    try:
        value = read_field(rule, typed)
    except BrokenRule:
        return
    written = {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value or "")
    assert value is None or read_field(rule, written) == value
    shown(rule, value)
    as_cell(rule, value)


@given(value=st.integers(-(10**12), 10**12))
def test_whole_numbers_come_back_as_a_reader_of_that_language_writes_them(value: int) -> None:
    rule = field("number")
    for language in ("nl", "de", "en"):
        with translation.override(language):
            written = shown(rule, value).replace("\N{MINUS SIGN}", "-")
            assert read_field(rule, written) == value


def test_yes_and_no_share_no_word() -> None:
    assert not YES & NO


def test_cells_count() -> None:
    assert as_cell(field("money"), "12500.50") == Decimal("12500.50")
    assert as_cell(field("date"), "2027-12-31") == date(2027, 12, 31)
    assert as_cell(MASS, 44_000) == 44_000
    with translation.override("nl"):
        assert (as_cell(field("yes_no"), False), shown(MASS, 44_000)) == ("nee", "44.000 kg")
        assert as_cell(COVER, "full") == "Volledig casco"
    assert as_cell(field("text"), None) is None
