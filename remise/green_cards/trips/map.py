"""The map of a trip. Its shapes are made by script/trip-map."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from remise.green_cards.trips.rules import CountryAdvice, Role

SHAPES = Path(__file__).parent / "shapes.json"
MARGIN = 25  # around the countries of the trip, in units of the shapes
NARROWEST = 240  # what is smaller is not recognised
LABELS = 34  # so many letters high the map is wide


@dataclass(frozen=True, slots=True)
class Land:
    iso: str
    path: str
    x: int
    y: int
    country: CountryAdvice

    @property
    def is_transit(self) -> bool:
        return self.country.role is Role.TRANSIT


@dataclass(frozen=True, slots=True)
class Map:
    """The part of the shapes that is shown, and what is on it."""

    left: int
    top: int
    width: int
    height: int
    around: Sequence[str]  # every other country, one path each
    lands: Sequence[Land]  # of the trip, drawn last, so that their borders show

    @property
    def letter(self) -> int:
        return max(1, round(self.width / LABELS))

    @property
    def hatch(self) -> float:
        """How far apart the lines of a hatch are, the same on each map."""
        return round(self.width / 90, 1)


def drawn(countries: Sequence[CountryAdvice]) -> Map:
    shapes = _shapes()
    known: dict[str, Any] = shapes["countries"]
    trip = {country.iso: country for country in countries}
    lands = [
        Land(iso, shape["path"], shape["label"][0], shape["label"][1], country)
        for iso, country in trip.items()
        if (shape := known.get(iso)) is not None
    ]
    around = [shapes["rest"], *(shape["path"] for iso, shape in known.items() if iso not in trip)]
    return Map(*_frame([known[land.iso]["box"] for land in lands], shapes), around, lands)


def _frame(boxes: Sequence[Sequence[int]], shapes: dict[str, Any]) -> tuple[int, int, int, int]:
    """Left, top, width and height of what holds all of them, in the shape of the whole map and within it."""
    whole_width, whole_height = int(shapes["width"]), int(shapes["height"])
    if not boxes:
        return 0, 0, whole_width, whole_height
    left, top = min(box[0] for box in boxes) - MARGIN, min(box[1] for box in boxes) - MARGIN
    right, bottom = max(box[2] for box in boxes) + MARGIN, max(box[3] for box in boxes) + MARGIN
    wide = max(right - left, (bottom - top) * whole_width / whole_height, NARROWEST)
    width = min(whole_width, round(wide))
    height = round(width * whole_height / whole_width)
    return (
        _within((left + right - width) // 2, whole_width - width),
        _within((top + bottom - height) // 2, whole_height - height),
        width,
        height,
    )


def _within(place: int, most: int) -> int:
    return max(0, min(place, most))


@cache
def _shapes() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(SHAPES.read_text("utf-8"))
    return found
