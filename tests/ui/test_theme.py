"""A portal gives one colour; text on the others must stay readable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remise.ui.theme import INK, PAPER, READABLE, Palette, contrast


@given(st.integers(0, 0xFFFFFF))
def test_palette_of_any_colour_can_be_read(number: int) -> None:
    palette = Palette.of(f"#{number:06x}")
    assert contrast(palette.brand, palette.contrast) >= min(READABLE, contrast(palette.brand, INK))
    assert contrast(palette.ink, palette.soft) >= READABLE
    assert contrast(palette.ink, PAPER) >= READABLE


def test_contrast_of_black_and_white_is_21() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21


def test_palette_refuses_what_is_no_colour() -> None:
    with pytest.raises(ValueError, match="not a colour"):
        Palette.of("teal; } body { display: none")


def test_palette_css_sets_the_four_properties() -> None:
    css = Palette.of("#0b5d5b").css()
    for name in ("--brand:", "--brand-ink:", "--brand-soft:", "--brand-contrast:"):
        assert name in css
