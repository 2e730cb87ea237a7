"""Asking the register for many plates: in batches, one after the other, with the rest that it asks for. The next one
is under way while the one before is stored. Between transactions: nothing is locked while the register thinks."""

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import batched

from django.conf import settings

from remise.core.actor import Actor
from remise.core.ahead import ahead
from remise.core.identifiers import IdentifierError, Plate
from remise.core.scope import enter
from remise.vehicles.register.client import Answer, ask_facts
from remise.vehicles.register.keeping import store

PATIENCE = 30.0  # seconds for one answer: nobody looks on


def fetch(by: Actor, plates: Sequence[str], *, tell: Callable[[int], None]) -> None:
    """Store what the register says of these; `tell` gets how many were asked so far. Raises NotAnsweredError where it
    falls silent: what was answered until then is kept."""
    with ahead(_answers(plates), most=2) as answers:
        asked = 0
        for many, answer in answers:
            asked += many
            with enter(by.scope):
                store(answer)
            tell(asked)


def _answers(plates: Sequence[str]) -> Iterator[tuple[int, Answer]]:
    for number, part in enumerate(batched(plates, settings.RDW_BATCH)):
        if number and settings.RDW_PAUSE:
            time.sleep(settings.RDW_PAUSE)
        if known := [plate for text in part if (plate := _plate(text))]:
            yield len(part), ask_facts(known, seconds=PATIENCE)


def _plate(text: str) -> Plate | None:
    """What was registered has the shape of a plate; whatever has not is nothing to ask for."""
    try:
        return Plate.parse(text)
    except IdentifierError:
        return None
