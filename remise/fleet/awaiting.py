"""The vehicles of which the register has still to be asked: who waits, and when it is their turn. For jobs only."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Min, QuerySet
from django.utils import timezone

from remise.core.actor import Actor
from remise.core.identifiers import Plate
from remise.core.models import Event, Item
from remise.fleet.models import Awaited
from remise.vehicles.register import client
from remise.vehicles.register.lookup import LookedUp, stored_all

LEASE = timedelta(minutes=2)  # who takes some and dies gives them back after this
FIRST_WAIT, LONGEST_WAIT = 30, 3600  # seconds until a silent register is asked again: ever longer, by chance a little
TOMORROW = timedelta(hours=20)  # a plate that the register does not know: once a day, whatever the hour
LAST_TRY = 28  # days; a new vehicle is published within a few


def is_awaited(plate: Plate, known: LookedUp) -> bool:
    """The register knows no trade plates; of what it answered today all is known."""
    return not (plate.is_trade or known.is_settled)


def await_answers(by: Actor, registered: Sequence[Event]) -> None:
    """Vehicles were registered: ask for those of which not all is known by now."""
    from remise.fleet.tasks import ask_register

    items = Item.objects.in_bulk([event.subject for event in registered if event.subject])
    plates = {item.key: Plate(item.key) for item in items.values()}
    known = stored_all(list(plates.values()))
    asked = [item for item in items.values() if is_awaited(plates[item.key], known[item.key])]
    if not asked:
        return
    Awaited.objects.bulk_create(
        [
            Awaited(item=item, portal=item.portal, organisation=item.organisation, plate=item.key, due=timezone.now())
            for item in asked
        ],
        ignore_conflicts=True,  # one that is waited for already
    )
    if client.is_reachable():
        ask_register.defer_after(1, by.in_portal)  # so that those of one file are asked together


def take(by: Actor) -> list[Awaited]:
    """Those whose turn it is, not to be taken by another meanwhile."""
    now = timezone.now()
    due = _of_portal(by).filter(due__lte=now).order_by("due", "id")
    taken = list(due.select_for_update(skip_locked=True)[: client.BATCH])
    Awaited.objects.filter(id__in=[one.id for one in taken]).update(due=now + LEASE)
    return taken


def wait_longer(by: Actor, taken: Sequence[Awaited], after: float) -> float:
    """The register was silent: all that are due wait, ever longer. Returns for how many seconds."""
    tries = max((one.tries for one in taken), default=0)
    chance = random.uniform(0.8, 1.2)  # noqa: S311  # spreads installations, no secret
    seconds: float = max(after, min(FIRST_WAIT * 2 ** min(tries, 10), LONGEST_WAIT)) * chance
    again = timezone.now() + timedelta(seconds=seconds)
    numbers = [one.id for one in taken]
    with connection.cursor() as cursor:
        cursor.execute("update fleet_awaited set tries = tries + 1, due = %s where id = any(%s)", [again, numbers])
    _of_portal(by).filter(due__lte=timezone.now()).update(due=again)
    return seconds


def ask_tomorrow(one: Awaited) -> None:
    """The register knows no such plate: once a day, until it may be taken for a mistake."""
    if one.tries >= LAST_TRY:
        one.delete()
        return
    one.tries, one.due = one.tries + 1, timezone.now() + TOMORROW
    one.save(update_fields=["tries", "due"])


def next_turn(by: Actor) -> int | None:
    """In how many seconds the next ones are due, within the hour; the others come by the daily look."""
    first: datetime | None = _of_portal(by).aggregate(first=Min("due"))["first"]
    left = (first - timezone.now()).total_seconds() if first else None
    return None if left is None or left > LONGEST_WAIT * 1.5 else max(1, round(left))


def find_missed(by: Actor) -> None:
    """Vehicles on cover without a make for which nobody waits: whatever went wrong, they are asked for too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into fleet_awaited (portal, organisation, item_id, plate, tries, due)"
            " select distinct v.portal, v.organisation, v.item_id, v.plate, 0, now() from fleet_registrationversion v"
            " where v.portal = %s and v.known_to is null and v.make = '' and v.check_code is not null"
            " and not exists (select from fleet_finding f where f.item_id = v.item_id and f.kind = 'unknown_plate'"
            " and f.settled_at is null) on conflict do nothing",
            [by.portal],
        )


def _of_portal(by: Actor) -> QuerySet[Awaited]:
    assert by.portal is not None
    return Awaited.objects.filter(portal=by.portal)
