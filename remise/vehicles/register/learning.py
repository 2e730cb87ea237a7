"""Learning what the register says of many plates before they are judged, as a look-up does of one while it is typed.
It never raises, and takes no longer than the seconds given: what is not known by then is asked by a job later."""

import time
from collections.abc import Collection, Sequence
from itertools import batched

from django.conf import settings
from django.core.cache import cache

from remise.core.actor import Actor
from remise.core.identifiers import Plate
from remise.core.scope import Within
from remise.vehicles.chassis import Source, known_of, note
from remise.vehicles.register import client, paid
from remise.vehicles.register.client import NotAnsweredError
from remise.vehicles.register.keeping import store
from remise.vehicles.register.lookup import RESTING, LookedUp, rest, stored_all
from remise.vehicles.register.paid import ChassisRegister


def learn(by: Actor, plates: Collection[Plate], *, seconds: float, within: Within) -> None:
    """Ask for those of which nothing is known of today."""
    deadline = time.monotonic() + seconds
    asked = sorted({plate for plate in plates if not plate.is_trade})
    if not asked:
        return
    if client.is_reachable():
        _ask(asked, deadline, within)
    if register := paid.paid_register():
        _ask_paid(by, register, asked, deadline, within)


def _ask(plates: Sequence[Plate], deadline: float, within: Within) -> None:
    with within():
        known = stored_all(plates)
    for part in batched((plate for plate in plates if not known[plate.value].is_fresh), settings.RDW_BATCH):
        left = deadline - time.monotonic()
        if left <= 0 or cache.get(RESTING):
            return
        try:
            answer = client.ask_facts(part, seconds=left)
        except NotAnsweredError as silent:
            rest(silent)
            return
        with within():
            store(answer)


def _ask_paid(by: Actor, register: ChassisRegister, plates: Sequence[Plate], deadline: float, within: Within) -> None:
    """Each question costs money: of those that exist, and whose number this company does not know."""
    with within():
        known, stored = known_of(by.company, plates), stored_all(plates)
    unknown = [plate for plate in plates if plate not in known and _may_exist(stored[plate.value])]
    for part in batched(paid.not_asked_today(by, unknown), client.BATCH):
        left = deadline - time.monotonic()
        told = paid.asked(register, part, seconds=left) if left >= paid.LEAST else None
        if told is None:
            return
        with within():
            for plate, vin in told.items():
                note(by.company, plate, vin, Source.REGISTER)
        paid.knows_none(by, set(part) - told.keys())


def _may_exist(known: LookedUp) -> bool:
    return known.found is not None or not known.is_fresh
