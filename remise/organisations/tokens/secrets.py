"""A key as its program keeps it, and the fingerprint that is kept here."""

import re
from dataclasses import dataclass
from secrets import token_urlsafe

from remise.core.keys import fingerprint

MARK = "rms_"  # so that a key in a wrong place is recognised, also by programs that look for such
SHOWN = len(MARK) + 6
FORM = re.compile(rf"{MARK}[A-Za-z0-9_-]{{43}}")


@dataclass(frozen=True, slots=True)
class Secret:
    text: str

    @classmethod
    def fresh(cls) -> "Secret":
        return cls(MARK + token_urlsafe(32))

    @property
    def prefix(self) -> str:
        return self.text[:SHOWN]

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.text)
