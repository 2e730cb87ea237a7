"""What all identifiers share: how typed text is cleaned, and how a refusal or a doubt is worded."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from string import ascii_lowercase, ascii_uppercase

from remise.core.words import Text

# Spaces, dashes and what is invisible (Unicode categories), plus dots and strokes that people put between.
_SEPARATOR_CATEGORIES = frozenset({"Zs", "Zl", "Zp", "Pd", "Cf"})
_SEPARATORS = frozenset(".·•_/\t\n\r\v\f−")
_ASCII_JOINED = str.maketrans("", "", " -" + "".join(filter(str.isascii, _SEPARATORS)))


class IdentifierError(ValueError):
    """Text that is no such identifier. `str()` gives the sentence for the user in the active language."""

    def __init__(self, message: Text, *, code: str, params: Mapping[str, str] | None = None) -> None:
        super().__init__(code)
        self.message = message
        self.code = code
        self.params = dict(params or {})

    def __str__(self) -> str:
        return str(self.message) % self.params


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something unlikely but allowed. `str()` gives the sentence for the user in the active language."""

    code: str
    message: Text
    params: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return str(self.message) % self.params


def compact(text: str) -> str:
    """`text` without separators, in capitals. Text with other than ASCII letters is left in its own case:
    `upper()` would turn a sharp s or a dotless i into letters that nobody typed."""
    kept = text.translate(_ASCII_JOINED) if text.isascii() else "".join(c for c in text if not _separates(c))
    return kept.upper() if kept.isascii() else kept


# What people put between the letters and digits of a number, or leave out: a class for both Python and PostgreSQL.
BETWEEN = r"\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a0\u00ad\u00b7\u2000-\u206f\u2212\u3000\ufeff"
_BETWEEN = re.compile(f"[{BETWEEN}]")
_CAPITALS = str.maketrans(ascii_lowercase, ascii_uppercase)


def number_key(text: str) -> str:
    """How a number of the insurer's own making is compared: "40.123-a", "40 123 A" and "40123a" are one. It is shown
    and stored as the insurer writes it."""
    return _BETWEEN.sub("", text).translate(_CAPITALS)


def excerpt(text: str) -> str:
    """What was typed, short and printable enough to be repeated in a message."""
    shown = "".join(c if c.isprintable() else " " for c in text).strip()
    return shown if len(shown) <= 20 else f"{shown[:20]}…"


def _separates(char: str) -> bool:
    return char in _SEPARATORS or unicodedata.category(char) in _SEPARATOR_CATEGORIES
