"""A paid register that tells chassis numbers, by an adapter of others (docs/adr/0012).

Each question costs money, so it is asked where nothing is known and for each plate once a day; and the adapter is not
trusted with anybody's time: the answer is awaited in a thread, and a silent register is left alone for a while."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from functools import cache
from threading import BoundedSemaphore, Thread
from typing import Protocol

import structlog
from django.conf import settings
from django.core.cache import cache as shared
from django.utils.module_loading import import_string

from remise.core.actor import Actor
from remise.core.identifiers import Plate, Vin
from remise.core.observe import fault
from remise.vehicles.chassis import Source, is_known, note

log = structlog.get_logger("remise.register")

DAY = 24 * 3600
REST = 60.0  # seconds in which a silent one is not asked while somebody waits
RESTING = "chassis:resting"
LEAST = 0.2  # seconds: with less left it would only be called silent
_THREADS = BoundedSemaphore(8)  # those that an adapter never gives back are not missed by pages, only by it


class ChassisRegister(Protocol):
    """`CHASSIS_REGISTER` names the class. May raise whatever it likes; a plate that it leaves out is not known."""

    def vins(self, plates: Sequence[Plate], *, seconds: float) -> Mapping[Plate, Vin]: ...


def paid_register() -> ChassisRegister | None:
    return _made(settings.CHASSIS_REGISTER) if settings.CHASSIS_REGISTER else None


@cache
def _made(path: str) -> ChassisRegister:
    made: ChassisRegister = import_string(path)()
    return made


def is_worth_asking(by: Actor, plate: Plate) -> bool:
    """There is one that answers, this company's number is not known, and the register did not say today that it knows
    none."""
    if paid_register() is None or plate.is_trade or is_known(by.company, plate):
        return False
    return bool(not_asked_today(by, [plate]))


def not_asked_today(by: Actor, plates: Iterable[Plate]) -> list[Plate]:
    """Those of which it did not say today that it knows none; nobody's while it is left alone."""
    keys = {_unknown(by, plate): plate for plate in plates}
    told = shared.get_many([RESTING, *keys])
    return [] if RESTING in told else [plate for key, plate in keys.items() if key not in told]


def knows_none(by: Actor, plates: Iterable[Plate]) -> None:
    """It said so, and is not asked again today."""
    shared.set_many(dict.fromkeys((_unknown(by, plate) for plate in plates), 1), timeout=DAY)


def look_up(by: Actor, plate: Plate, *, seconds: float) -> None:
    """Ask for one that is worth it, and keep what is told for the company acted for. Never raises."""
    register, asking = paid_register(), f"chassis:asking:{by.company}:{plate.value}"
    if register is None or seconds < LEAST or not shared.add(asking, 1, timeout=seconds + 1):
        return
    told = asked(register, [plate], seconds=seconds)
    if told is None:
        shared.delete(asking)
    elif vin := told.get(plate):
        note(by.company, plate, vin, Source.REGISTER)  # seen by others when it is committed: until then we still ask
    else:
        knows_none(by, [plate])


def asked(register: ChassisRegister, plates: Sequence[Plate], *, seconds: float) -> Mapping[Plate, Vin] | None:
    """What it tells; None where it does not answer in time, whatever goes wrong there."""
    try:
        return _awaited(register, plates, seconds)
    except Exception as error:  # an adapter of others
        log.warning("chassis register did not answer", rest=REST, **fault(error))
        shared.set(RESTING, 1, timeout=REST)
        return None


def _awaited(register: ChassisRegister, plates: Sequence[Plate], seconds: float) -> Mapping[Plate, Vin]:
    """In a thread that does not keep the process from ending."""
    if not _THREADS.acquire(blocking=False):
        raise TimeoutError("all threads wait for it already")
    answer: Future[dict[Plate, Vin]] = Future()

    def ask() -> None:
        try:
            answer.set_result(dict(register.vins(plates, seconds=seconds)))
        except BaseException as error:  # whatever it is, somebody waits for it
            answer.set_exception(error)
        finally:
            _THREADS.release()

    Thread(target=ask, name="chassis-register", daemon=True).start()
    return answer.result(timeout=seconds)


def _unknown(by: Actor, plate: Plate) -> str:
    return f"chassis:unknown:{by.in_portal}:{plate.value}"
