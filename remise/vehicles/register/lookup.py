"""Looking a plate up while somebody types it: what is stored where it is of today, else the register, for a moment.

It never raises and never holds anyone up: without an answer the page shows what is known, and a job asks later. Who
finds the register silent tells the others (a word in the shared cache), so that only one in a while waits for it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from remise.core.actor import Actor
from remise.core.identifiers import Plate
from remise.core.limits import Limit, TooOften
from remise.vehicles.models import Vehicle
from remise.vehicles.register import client, paid
from remise.vehicles.register.client import NotAnsweredError
from remise.vehicles.register.keeping import keep

log = structlog.get_logger("remise.register")

FRESH = timedelta(days=1)  # the register publishes once a day
REST, LONGEST_REST = 30.0, 600.0  # seconds in which a silent register is not asked while somebody waits
RESTING = "register:resting"
# A person types some ten a minute; a script that walks through plates is served from what is stored.
BY_ACCOUNT = Limit("register.look_up", times=60, seconds=600)


@dataclass(frozen=True, slots=True)
class LookedUp:
    """`vehicle`: what the register says or said; None where it never answered. `is_fresh`: it did within a day."""

    vehicle: Vehicle | None
    is_fresh: bool

    @property
    def found(self) -> Vehicle | None:
        """The vehicle where the register knows it."""
        return self.vehicle if self.vehicle and self.vehicle.found else None

    @property
    def is_settled(self) -> bool:
        """Nothing is left to ask: known, of today, and its value is sure."""
        return self.is_fresh and self.found is not None and not self.found.value_doubt


class _Turn:
    """Of an account's look-ups one is counted, however many registers are asked for it."""

    def __init__(self, by: Actor) -> None:
        self._by, self._is_taken = by, False

    def take(self) -> bool:
        try:
            if not self._is_taken:
                BY_ACCOUNT.take(self._by.account)
        except TooOften:
            log.warning("asks the register very often", account=self._by.account)
            return False
        self._is_taken = True
        return True


def look_up(by: Actor, plate: Plate) -> LookedUp:
    deadline, turn = time.monotonic() + settings.RDW_SECONDS, _Turn(by)
    known = stored(plate)
    if not known.is_fresh and client.is_reachable() and not plate.is_trade:
        known = _asked(turn, plate, deadline) or known
    # A plate that does not exist has no number: the paid register is not asked for it.
    exists = known.vehicle is None or known.vehicle.found or not known.is_fresh
    if exists and paid.is_worth_asking(by, plate) and turn.take():
        paid.look_up(by, plate, seconds=deadline - time.monotonic())
    return known


def stored(plate: Plate) -> LookedUp:
    """Without asking."""
    return stored_all([plate])[plate.value]


def stored_all(plates: Sequence[Plate]) -> dict[str, LookedUp]:
    """Plate -> what is stored of it; of many in one statement."""
    fresh_since = timezone.now() - FRESH
    asked = Vehicle.objects.filter(plate__any_of={plate.value for plate in plates})
    found = {vehicle.plate: vehicle for vehicle in asked}
    return {
        plate.value: LookedUp(vehicle, vehicle is not None and vehicle.looked_up_at > fresh_since)
        for plate in plates
        for vehicle in [found.get(plate.value)]
    }


def _asked(turn: _Turn, plate: Plate, deadline: float) -> LookedUp | None:
    if cache.get(RESTING):
        return None
    asking = f"register:asking:{plate.value}"
    if not cache.add(asking, 1, timeout=settings.RDW_SECONDS + 1):
        return _of_the_other(plate, deadline)
    try:
        if not turn.take():
            return None
        answer = client.ask([plate], seconds=max(0.1, deadline - time.monotonic()))
    except NotAnsweredError as silent:
        rest(silent)
        return None
    finally:
        cache.delete(asking)
    return LookedUp(keep(answer).get(plate.value), is_fresh=True)


def _of_the_other(plate: Plate, deadline: float) -> LookedUp | None:
    """Somebody asks for this plate at the moment: what they bring is good for all."""
    while time.monotonic() < deadline:
        time.sleep(0.05)
        found = stored(plate)
        if found.is_fresh:
            return found
    return None


def rest(silent: NotAnsweredError) -> float:
    """Leave the register alone for a while; returns for how many seconds."""
    seconds = min(max(silent.after, REST), LONGEST_REST)
    cache.set(RESTING, 1, timeout=seconds)
    log.warning("register did not answer", why=str(silent), rest=seconds)
    return seconds
