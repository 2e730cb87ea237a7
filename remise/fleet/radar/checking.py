"""A check from beginning to end: which companies wait, who is at it, the register asked, the vehicles compared.

Whoever works on a portal's checks holds a word in the shared cache and renews it: never two at once, and a killed one
is followed after two minutes. All that is done is stored as it is done, so that whoever comes next goes on."""

from collections.abc import Sequence
from datetime import timedelta

from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet

from remise.core import clock
from remise.core.actor import Actor
from remise.core.scope import enter
from remise.fleet.models import RadarCheck
from remise.fleet.radar.comparing import compare_company, fresh_since
from remise.fleet.radar.facts import ended_since, plates_to_ask
from remise.fleet.radar.fetching import fetch
from remise.vehicles.register import client
from remise.vehicles.register.client import NotAnsweredError
from remise.vehicles.register.lookup import RESTING, rest

KEPT = timedelta(days=100)
LEASE = 120  # seconds without a word, after which another may go on
SHORTEST_WAIT = 15  # seconds until a silent register is asked again, at least
MOST_TRIES = 6  # after which what is known is compared


def begin_all(by: Actor) -> None:
    """A check for each company of the portal that has vehicles on cover, where none is open."""
    today = clock.today(by)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into fleet_radarcheck"
            " (portal, organisation, began_at, pressed, vehicles, compared, asked, to_ask, found, tries)"
            " select %(portal)s, v.organisation, %(now)s, false, 0, 0, 0, 0, 0, 0 from fleet_registrationversion v"
            " join policies_policy o on o.id = v.policy and (o.ends is null or o.ends > %(since)s)"
            " where v.portal = %(portal)s and v.known_to is null and (v.ends is null or v.ends > %(since)s)"
            " group by v.organisation on conflict do nothing",
            {"portal": by.portal, "now": clock.now(by), "since": ended_since(today)},
        )


def forget_old(by: Actor) -> None:
    """What the page draws is a month; a season is kept."""
    before = clock.now(by) - KEPT
    RadarCheck.objects.filter(portal=by.in_portal, ended_at__lt=before).delete()


def work_off(by: Actor) -> int | None:
    """All open checks of the portal. Returns in how many seconds to come again, where something is left."""
    if not cache.add(_lease(by), 1, timeout=LEASE):
        return LEASE
    try:
        return _work_off(by)
    finally:
        cache.delete(_lease(by))


def _work_off(by: Actor) -> int | None:
    while checks := _open(by):
        pressed = [check for check in checks if check.pressed]
        # Who looks on comes first and sees how far it is; by night all companies' plates are asked together.
        batch = pressed[:1] or checks
        wait = _ask(by, batch)
        if wait is not None:
            return wait
        for check in batch:
            _compare(by, check)
    return None


def _open(by: Actor) -> list[RadarCheck]:
    with enter(by.scope):
        return list(RadarCheck.objects.filter(portal=by.in_portal, ended_at=None).order_by("began_at", "id"))


def _ask(by: Actor, checks: Sequence[RadarCheck]) -> int | None:
    """None when there is nothing more to ask, or it was asked often enough."""
    if not client.is_reachable():
        return None
    numbers = [check.id for check in checks]
    with enter(by.scope):
        plates = list(plates_to_ask(by.in_portal, numbers, today=clock.today(by), fresh=fresh_since()))
        _open_checks(numbers).update(to_ask=len(plates), asked=0)

    def tell(asked: int) -> None:
        cache.touch(_lease(by), LEASE)
        with enter(by.scope):
            _open_checks(numbers).update(asked=asked)

    try:
        if not cache.get(RESTING):
            fetch(by, plates, tell=tell)
            return None
        seconds = SHORTEST_WAIT
    except NotAnsweredError as silent:
        seconds = max(SHORTEST_WAIT, round(rest(silent)))
    tries = checks[0].tries + 1
    with enter(by.scope):
        _open_checks(numbers).update(tries=tries)
    return seconds if tries < MOST_TRIES else None


def _compare(by: Actor, check: RadarCheck) -> None:
    cache.touch(_lease(by), LEASE)
    here = by.acting_for(check.organisation)
    with enter(by.scope):
        compared = compare_company(by=here)
        _open_checks([check.id]).update(
            ended_at=clock.now(by), vehicles=compared.vehicles, compared=compared.compared, found=compared.found
        )


def _open_checks(numbers: Sequence[int]) -> QuerySet[RadarCheck]:
    return RadarCheck.objects.filter(id__in=numbers, ended_at=None)


def _lease(by: Actor) -> str:
    return f"radar:{by.portal}"
