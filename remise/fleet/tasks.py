"""Asking the register for what a page did not wait for."""

from collections.abc import Mapping, Sequence

import structlog
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from remise.core.actor import Actor
from remise.core.identifiers import Plate, Vin
from remise.core.jobs import Lane, daily, job, stepwise
from remise.core.scope import enter
from remise.fleet import awaiting
from remise.fleet.actions import complete_registration
from remise.fleet.models import Awaited
from remise.fleet.parties import retention
from remise.fleet.radar import checking
from remise.fleet.rights import FleetRight
from remise.fleet.twice import retention as covers
from remise.fleet.twice.keeping import hold_together
from remise.vehicles import chassis
from remise.vehicles.models import Vehicle
from remise.vehicles.register import client, paid
from remise.vehicles.register.client import NotAnsweredError
from remise.vehicles.register.keeping import keep

log = structlog.get_logger("remise.register")

PATIENCE = 20.0  # seconds for a hundred vehicles: nobody looks on
MOST = 50  # batches in one job; another one goes on


@stepwise(
    "fleet.ask_register",
    label=_("Ask the vehicle register what is missing"),
    rights=[FleetRight.REGISTER],
    lane=Lane.LONG,
)
def ask_register(by: Actor) -> None:
    """Ask for the vehicles of this portal that wait, a hundred at a time, and fill in what comes. Each step is a
    transaction of its own and safe to do twice; the register is asked between them."""
    if not client.is_reachable():
        return
    for _batch in range(MOST):
        with enter(by.scope):
            taken = awaiting.take(by)
        if not taken or not _answered(by, taken):
            break
    _come_back(by)


@daily("fleet.look_again", label=_("Ask the vehicle register once more"))
def look_again(by: Actor) -> None:
    """Once a day: those that the register did not know yet, and whatever was missed."""
    assert by.portal is not None
    with enter(by.scope):
        awaiting.find_missed(by)
        ask_register.defer(by.portal)


def _answered(by: Actor, taken: Sequence[Awaited]) -> bool:
    plates = [Plate(one.plate) for one in taken]
    asked = list(dict.fromkeys(plates))  # two policies may have one vehicle
    try:
        answer = client.ask(asked, seconds=PATIENCE)
    except NotAnsweredError as silent:
        with enter(by.scope):
            seconds = awaiting.wait_longer(by, taken, silent.after)
        log.warning("register did not answer", why=str(silent), vehicles=len(taken), again_in=round(seconds))
        return False
    register = paid.paid_register()
    vins = (paid.asked(register, asked, seconds=PATIENCE) if register else None) or {}
    with enter(by.scope):
        known = keep(answer)
    for one in taken:
        _fill_in(by, one, known.get(one.plate), vins)
    return True


def _fill_in(by: Actor, one: Awaited, vehicle: Vehicle | None, vins: Mapping[Plate, Vin]) -> None:
    with enter(by.scope):
        if vehicle is None:  # lost among nonsense: its turn comes again
            awaiting.wait_longer(by, [one], 0)
            return
        here = by.acting_for(one.organisation)
        if vin := vins.get(Plate(one.plate)):
            chassis.note(here.company, Plate(one.plate), vin, chassis.Source.REGISTER)
        complete_registration(by=here, item=one.item_id, vehicle=vehicle)
        if vehicle.found:
            one.delete()
        else:
            awaiting.ask_tomorrow(one)


def _come_back(by: Actor) -> None:
    """When the next ones are due. One job at a time says so: each of a thousand would bring another."""
    assert by.portal is not None
    with enter(by.scope):
        seconds = awaiting.next_turn(by)
        if seconds is not None and cache.add(f"register:again:{by.portal}", 1, timeout=seconds):
            ask_register.defer_after(seconds, by.portal)


@stepwise("fleet.radar", label=_("Hold the vehicles on cover against the register"), lane=Lane.LONG)
def work_off_radar(by: Actor) -> None:
    """Safe to do twice, and beside another: one at a time works on a portal."""
    seconds = checking.work_off(by)
    if seconds is not None and cache.add(f"radar:again:{by.portal}", 1, timeout=seconds):
        with enter(by.scope):
            work_off_radar.defer_after(seconds, by.in_portal)


@daily("fleet.radar_tonight", label=_("Hold all vehicles on cover against the register"))
def radar_tonight(by: Actor) -> None:
    with enter(by.scope):
        checking.forget_old(by)
        checking.begin_all(by)
        work_off_radar.defer(by.in_portal)


@job("fleet.look_at_covers", label=_("Look whether vehicles are covered twice"))
def look_at_covers(by: Actor, plates: list[str]) -> None:
    """Another insurer's cover came, went or is compared no more: that insurer knows already."""
    hold_together(by=by, plates=plates, tell=False)


@job("fleet.compare_covers", label=_("Look whether any vehicles are covered twice"), lane=Lane.LONG)
def compare_covers(by: Actor) -> None:
    hold_together(by=by)


@daily("fleet.covers_tonight", label=_("Look each night whether vehicles are covered twice"))
def covers_tonight(by: Actor) -> None:
    """What begins and ends by the calendar, and whatever was missed."""
    with enter(by.scope):
        hold_together(by=by)


@daily("fleet.forget_parties", label=_("Let go of drivers and lessees whom no vehicle has had for long"))
def forget_parties(by: Actor) -> None:
    retention.forget_unused(by)


@daily("fleet.forget_covers", label=_("Let go of what was covered twice long ago"))
def forget_covers(by: Actor) -> None:
    covers.forget_old(by)
