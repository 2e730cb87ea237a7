"""Vehicles that a journey starts with: what the register says of them, and that they are on cover."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from remise.core import clock
from remise.core.actor import Actor
from remise.core.identifiers import CheckCode, Plate
from remise.core.scope import enter
from remise.fleet.actions import Registered, register_vehicle
from remise.fleet.rights import FleetRight
from remise.policies.models import Policy
from remise.vehicles.models import Vehicle
from tests import world
from tests.world import OWNER, Garage

CODE = "0413"
LETTERS = "GHJKLNPRSTXZ"


def today(of: Garage) -> date:
    return clock.today(of.actor())


def back(of: Garage, days: int) -> date:
    return today(of) - timedelta(days)


def fresh_plate() -> Plate:
    """Another one each time, of sidecode 9."""
    number = world.number()
    first, last = LETTERS[number // 1000 % 12], LETTERS[number // 12_000 % 12]
    return Plate(f"{first}T{number % 1000:03d}{last}")


def in_register(plate: Plate | None = None, **facts: Any) -> Vehicle:
    """What the public register says of this plate; a grey Volvo where nothing else is asked."""
    plate = plate or fresh_plate()
    said = {
        "kind": "Personenauto",
        "make": "VOLVO",
        "model": "EX30",
        "colour": "GRIJS",
        "fuel": "Elektriciteit",
        "catalogue_value": Decimal("41495.00"),
        "first_admitted_on": date(2025, 3, 4),
        "source": "RDW",
        "looked_up_at": timezone.now(),
    }
    return Vehicle.objects.using(OWNER).create(plate=plate.value, **said | facts)


def end_policy(of: Garage, *, back: int) -> None:
    """So many days ago, with its vehicles left on it."""
    Policy.objects.using(OWNER).filter(id=of.policy.id).update(ends=today(of) - timedelta(back))


@dataclass(frozen=True, slots=True)
class OnCover:
    plate: Plate
    item: int
    entry: int


def on_cover(
    of: Garage,
    plate: Plate | None = None,
    *,
    days: int = 0,
    by: Actor | None = None,
    branch: int | None = None,
    **details: str,
) -> OnCover:
    """Registered through the action, so many days ago."""
    by = by or of.actor(*FleetRight)
    plate = plate or fresh_plate()
    with enter(by.scope):
        done: Registered = register_vehicle(
            by=by,
            policy=of.policy,
            plate=plate,
            check_code=CheckCode(CODE) if plate.needs_check_code else None,
            starts=back(of, days),
            branch=branch or of.branch.id,
            details=details,
        )
    return OnCover(plate, done.item, done.entry.id)


def later(of: Garage, days: int) -> None:
    """The portal's clock so many days further."""
    of.portal.clock_offset += timedelta(days)
    of.portal.save(using=OWNER)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), clock.AMSTERDAM)
