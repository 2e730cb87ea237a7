"""Batches: which notices go together, and what becomes of a batch. The register is spoken to by jobs, between these
steps; each of them is a transaction of its own."""

import random
from datetime import timedelta
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import F, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.errors import BrokenRule, NotVisible
from remise.notices.access import require_handle
from remise.notices.models import Batch, Notice, RegisterSettings
from remise.notices.register import as_file
from remise.notices.register.protocol import Outgoing, Told
from remise.notices.rules import Kind
from remise.notices.ways import settings_of

State = Notice.State
Way = RegisterSettings.Way
TOGETHER = 500  # in one call
IN_A_FILE = 10_000
LEASE = timedelta(minutes=2)  # a call is given up long before: who sends and dies gives the batch back after this
FIRST_WAIT, LONGEST_WAIT = 30, 3600  # seconds until a silent register is tried again: ever longer, by chance a little

# A notice waits for the one before it about the same vehicle or stock until the register has accepted that: one that
# was refused holds up what builds upon it. What is due first goes first.
READY = """
select n.id from notices_notice n
where n.portal = %s and n.state = 'pending'
  and not exists (select from notices_notice e where e.item_id = n.item_id and e.place < n.place
                  and e.state in ('pending', 'going', 'sent', 'rejected'))
  and (n.item_id is not null or not exists (
    select from notices_notice e where e.policy = n.policy and e.item_id is null and e.place < n.place
    and e.state in ('pending', 'going', 'sent', 'rejected')))
order by n.due_on, n.id limit %s for no key update of n skip locked
"""
FILL = """
update notices_notice n set state = 'going', batch_id = %s, line = chosen.line, attempts = n.attempts + 1
from unnest(%s::bigint[]) with ordinality as chosen (id, line) where n.id = chosen.id
"""


@transaction.atomic
def take_batch(by: Actor) -> Batch | None:
    """For the job that sends: a batch whose turn it is, or a new one of what waits. Nobody else takes it until the
    lease is over. What was begun by a connection goes on by it although notices go by file since: the register may
    have it already."""
    way = settings_of(by).way
    if way == Way.NONE:
        return None
    now = timezone.now()
    unsent = Batch.objects.filter(portal=by.in_portal, way=Way.HTTP, sent_at=None, due__lte=now)
    batch = unsent.order_by("due").select_for_update(skip_locked=True).first()
    if batch is None:
        return _make(by, Way.HTTP, TOGETHER, due=now + LEASE) if way == Way.HTTP else None
    batch.due = now + LEASE
    batch.save(update_fields=["due"])
    return batch


@transaction.atomic
def make_file(*, by: Actor) -> Batch:
    """For the desk: all that waits, up to so many, as a file to upload. What is in it is fixed."""
    require_handle(by)
    if settings_of(by).way != Way.FILE:
        raise BrokenRule(_("Notices do not go by file here."), code="not_by_file")
    batch = _make(by, Way.FILE, IN_A_FILE)
    if batch is None:
        raise BrokenRule(_("Nothing waits to be sent."), code="nothing_waits")
    told = outgoing(by, batch)
    batch.content = as_file.written(told.insurer_code, told.number, told.notices)
    batch.save(update_fields=["content"])
    return batch


def _make(by: Actor, way: Way, most: int, **more: object) -> Batch | None:
    # One at a time makes a batch in a portal: its number is the next one.
    settings = RegisterSettings.objects.select_for_update(no_key=True).get(portal=by.in_portal)
    with connection.cursor() as cursor:
        cursor.execute(READY, [by.in_portal, most])
        chosen = [number for (number,) in cursor.fetchall()]
        if not chosen:
            return None
        batch = Batch.objects.create(
            portal=by.in_portal,
            number=settings.next_batch,
            key=uuid4(),
            way=way,
            size=len(chosen),
            made_at=clock.now(by),
            **more,
        )
        cursor.execute(FILL, [batch.id, chosen])
    settings.next_batch = F("next_batch") + 1
    settings.save(update_fields=["next_batch"])
    _record("notice_batch.made", by, batch)
    return batch


def outgoing(by: Actor, batch: Batch) -> Outgoing:
    """What stands in it, in its order."""
    notices = Notice.objects.filter(portal=batch.portal, batch=batch).order_by("line")
    return Outgoing(batch.key, batch.number, settings_of(by).insurer_code, [_told(notice) for notice in notices])


def _told(notice: Notice) -> Told:
    return Told(
        notice.ticket,
        Kind(notice.kind),
        notice.plate,
        notice.check_code,
        notice.kvk,
        notice.insurer,
        notice.policy_number,
        notice.starts,
        notice.ends,
    )


@transaction.atomic
def note_sent(by: Actor, *, batch: int, reference: str) -> None:
    """The register has it. Safe to do twice, and after the first answers came."""
    held = Batch.objects.select_for_update(no_key=True).get(id=batch, portal=by.in_portal)
    if held.sent_at is not None:
        return
    held.sent_at, held.reference, held.due, held.fault = clock.now(by), reference, None, ""
    held.save(update_fields=["sent_at", "reference", "due", "fault"])
    going = Notice.objects.filter(portal=by.in_portal, batch=held, state=State.GOING).order_by("id")
    numbers = list(going.select_for_update(no_key=True).values_list("id", flat=True))
    Notice.objects.filter(id__in=numbers).update(state=State.SENT, sent_at=held.sent_at)
    _record("notice_batch.sent", by, held)


@transaction.atomic
def put_off(by: Actor, *, batch: int, why: str, after: float) -> None:
    """The register was silent or busy: the batch waits, ever longer."""
    held = Batch.objects.select_for_update(no_key=True).get(id=batch, portal=by.in_portal)
    if held.sent_at is not None:
        return
    chance = random.uniform(0.8, 1.2)  # noqa: S311  # spreads installations, no secret
    seconds = max(after, min(FIRST_WAIT * 2 ** min(held.tries, 10), LONGEST_WAIT)) * chance
    held.tries, held.fault = held.tries + 1, why[:60]
    held.due = timezone.now() + timedelta(seconds=seconds)
    held.save(update_fields=["tries", "fault", "due"])


@transaction.atomic
def mark_uploaded(*, by: Actor, batch: int) -> Batch:
    """The desk handed the file to the register: from today it counts as filed."""
    require_handle(by)
    held = Batch.objects.filter(portal=by.in_portal, id=batch, way=Way.FILE).first()
    if held is None:
        raise NotVisible(_("There is no such batch."))
    note_sent(by, batch=held.id, reference="")
    return held


def next_turn(by: Actor) -> float | None:
    """In how many seconds a batch is due once more; None where none waits, or nothing goes out."""
    if settings_of(by).way == Way.NONE:
        return None
    waiting = Batch.objects.filter(portal=by.in_portal, way=Way.HTTP, sent_at=None)
    first = waiting.aggregate(first=Min("due"))["first"]
    return None if first is None else max(1.0, (first - timezone.now()).total_seconds())


def _record(kind: str, by: Actor, batch: Batch) -> None:
    said = {"number": batch.number, "notices": batch.size, "way": batch.way}
    events.record(kind, by=by, subject=("notice_batch", batch.id), after=said)
