"""A small trend as points of an SVG line: no script, no style."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

WIDTH, HEIGHT, MARGIN = 120, 32, 3


def points(values: Sequence[Decimal | int | float]) -> str:
    """Evenly spaced from left to right, lowest value at the bottom. A flat row lies in the middle."""
    numbers = [float(v) for v in values]
    if len(numbers) < 2:
        return ""
    low, high = min(numbers), max(numbers)
    room = HEIGHT - 2 * MARGIN
    step = WIDTH / (len(numbers) - 1)

    def height(value: float) -> float:
        return HEIGHT / 2 if high == low else HEIGHT - MARGIN - (value - low) / (high - low) * room

    return " ".join(f"{round(i * step, 1):g},{round(height(v), 1):g}" for i, v in enumerate(numbers))
