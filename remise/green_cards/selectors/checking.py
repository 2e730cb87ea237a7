"""What whoever scans the code beside a card is told: what is printed on it, and what it is worth."""

from dataclasses import dataclass
from datetime import date

from remise.core.doors import rows
from remise.core.identifiers import Plate
from remise.green_cards import rules
from remise.green_cards.models import DIGITS
from remise.green_cards.rules import Span, State


@dataclass(frozen=True, slots=True)
class Checked:
    number: str
    plate: Plate
    span: Span
    with_trailer: bool
    is_second: bool  # of a trailer, by the cover of the car that pulls it
    state: State


def checked(token: str, *, day: date) -> Checked | None:
    """Asked by nobody in particular, through a door; None where there is no such card at this insurer."""
    found = rows(
        "select serial, plate, valid_from, valid_to, with_trailer, second, voided, holds from check_card(%s, %s)",
        token,
        day,
    )
    if not found:
        return None
    serial, plate, first, last, with_trailer, second, voided, holds = found[0]
    span = Span(first, last)
    worth = rules.state(span, runs=holds, voided=voided, day=day)
    return Checked(f"{serial:0{DIGITS}d}", Plate(plate), span, with_trailer, second, worth)
