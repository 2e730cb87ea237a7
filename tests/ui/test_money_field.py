"""An amount as people type it."""

from decimal import Decimal

import pytest
from django import forms

from remise.ui.forms import MoneyField


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("41495", "41495.00"),
        ("41.495", "41495.00"),
        ("41.495,00", "41495.00"),
        ("41,495.50", "41495.50"),
        ("€ 41 495,5", "41495.50"),
        ("1.234.567,89", "1234567.89"),
        ("0,05", "0.05"),
        ("€ 41.495,-", "41495.00"),
        ("41495,--", "41495.00"),
    ],
)
def test_read(typed: str, amount: str) -> None:
    assert str(MoneyField().clean(typed)) == amount


@pytest.mark.parametrize("typed", ["x", "-5", "1.2.3", "41.4950", "1e5", "٣", "9" * 12, "1,,2", ".5", ",-", "1,-2"])
def test_refuse(typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        MoneyField().clean(typed)


def test_empty_is_nothing() -> None:
    assert MoneyField(required=False).clean(" ") is None
    assert isinstance(MoneyField().clean("1"), Decimal)
