from typing import Any

import pytest
from django import forms

from remise.core.forms import CheckCodeField, IdentifierField, PlateField
from remise.core.identifiers import CheckCode, Plate


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        (PlateField(), " gbb-01-b ", Plate("GBB01B")),
        (PlateField(required=False), "", None),
        (PlateField(), Plate("GBB01B"), Plate("GBB01B")),
        (CheckCodeField(), "0012", CheckCode("0012")),
    ],
)
def test_clean_gives_the_value_type(field: IdentifierField, typed: Any, value: Any) -> None:
    assert field.clean(typed) == value


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        (PlateField(), "", "required"),
        (PlateField(), None, "required"),
        (PlateField(), "AB-12", "too_short"),
        (CheckCodeField(), "12", "check_code"),
    ],
)
def test_clean_refuses_with_the_reason(field: IdentifierField, typed: Any, code: str) -> None:
    with pytest.raises(forms.ValidationError) as refusal:
        field.clean(typed)
    assert refusal.value.code == code


def test_field_shows_formatted_and_knows_no_change() -> None:
    field = PlateField()
    assert field.prepare_value(Plate("GBB01B")) == "GBB-01-B"
    assert field.prepare_value("half typ") == "half typ"
    assert not field.has_changed(Plate("GBB01B"), "gbb 01 b")
    assert field.has_changed(Plate("GBB01B"), "gbb 01 c")
