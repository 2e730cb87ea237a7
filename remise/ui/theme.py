"""A portal's colours: one colour given, the others worked out so that text on them can be read."""

from __future__ import annotations

import colorsys
import re
from dataclasses import dataclass

READABLE = 4.5  # WCAG 2.2, 1.4.3: contrast of normal text
PAPER = "#ffffff"
INK = "#16232b"


@dataclass(frozen=True, slots=True)
class Palette:
    """`brand` fills buttons, `ink` writes on `soft` and on white, `contrast` is the text on `brand`."""

    brand: str
    ink: str
    soft: str
    contrast: str

    @classmethod
    def of(cls, brand: str) -> Palette:
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", brand):
            message = f"not a colour like #0b5d5b: {brand!r}"
            raise ValueError(message)
        text = PAPER if contrast(brand, PAPER) >= READABLE else INK
        return cls(brand=brand, ink=_readable_ink(brand), soft=mix(brand, PAPER, 0.9), contrast=text)

    def css(self) -> str:
        return (
            f":root{{--brand:{self.brand};--brand-ink:{self.ink};--brand-soft:{self.soft};"
            f"--brand-contrast:{self.contrast}}}\n"
        )


def rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def to_hex(channels: tuple[float, ...]) -> str:
    return "#" + "".join(f"{round(c * 255):02x}" for c in channels)


def mix(colour: str, other: str, share: float) -> str:
    return to_hex(tuple(a + (b - a) * share for a, b in zip(rgb(colour), rgb(other), strict=True)))


def luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _readable_ink(brand: str) -> str:
    """The brand's own hue, darkened until it reads well on its soft tint too."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*rgb(brand))
    lightness = min(lightness * 0.7, 0.32)
    soft = mix(brand, PAPER, 0.9)
    while contrast(ink := to_hex(colorsys.hls_to_rgb(hue, lightness, saturation)), soft) < READABLE + 1:
        lightness -= 0.02
    return ink
