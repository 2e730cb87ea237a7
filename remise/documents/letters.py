"""Letters that the documents' type can print. An archival file may hold no letter without a shape, so one strange
sign in a company's name would leave a document that can never be drawn: it is printed as a box instead."""

import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

COVERAGE = Path(__file__).parent / "typst" / "fonts" / "coverage.txt"  # ranges, as the font files have them
BOX = "□"


def printable(value: Any) -> Any:  # noqa: ANN401  # as JSON: any shape
    """The same, with all texts in it printable; names of fields are ours."""
    match value:
        case str():
            return _text(value)
        case Mapping():
            return {name: printable(each) for name, each in value.items()}
        case Sequence():
            return [printable(each) for each in value]
    return value


def _text(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return "".join(_letter(letter) for letter in unicodedata.normalize("NFC", text))


@cache
def _letter(letter: str) -> str:
    if letter in covered():
        return letter
    if letter.isspace():  # a line break too: the template decides where lines end
        return " "
    return "" if unicodedata.category(letter) in {"Cc", "Cf", "Cs"} else BOX


@cache
def covered() -> frozenset[str]:
    ranges = (line.split("-") for line in COVERAGE.read_text().split())
    return frozenset(chr(code) for first, last in ranges for code in range(int(first, 16), int(last, 16) + 1))
