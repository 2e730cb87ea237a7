"""What the register answered. Safe to take twice: the first answer to a notice stands, and one to a time before it
was sent again is not taken for this time's."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import structlog
from django.db import connection, transaction

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.events import Happened
from remise.core.keeping import settle
from remise.core.models import Item
from remise.notices.access import require_handle
from remise.notices.actions.batching import note_sent
from remise.notices.actions.following import settle_after_answers
from remise.notices.models import Batch, Notice, RegisterSettings
from remise.notices.register import as_file
from remise.notices.register.as_file import AnswerFile
from remise.notices.register.protocol import Answers, Verdict

log = structlog.get_logger("remise.notices")
State = Notice.State

SETTLE = """
update notices_notice n set state = said.state, answered_at = %s, sent_at = coalesce(n.sent_at, %s),
  code = said.code, words = said.words, reference = said.reference
from unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[])
  as said (id, state, code, words, reference) where n.id = said.id
"""


@transaction.atomic
def take_answers(by: Actor, answers: Answers) -> int:
    """What a connection told, and the mark behind it. How many notices are settled by it."""
    settings = RegisterSettings.objects.select_for_update(no_key=True).get(portal=by.in_portal)
    taken = _take(by, answers.verdicts)
    settle(settings, {"answers_after": answers.after or settings.answers_after, "answers_fault": ""})
    return taken


@transaction.atomic
def note_silence(by: Actor, *, why: str) -> None:
    """Its answers could not be fetched: the desk reads it until they can."""
    settings = RegisterSettings.objects.select_for_update(no_key=True).get(portal=by.in_portal)
    settle(settings, {"answers_fault": why[:60]})


@transaction.atomic
def take_answer_file(*, by: Actor, batch: Batch, content: bytes) -> tuple[int, AnswerFile]:
    """What the desk got back for a file that it uploaded. Whoever answers has it: it counts as uploaded."""
    require_handle(by)
    # First of all, as who notes that it was sent holds it: nobody waits in a circle.
    batch = Batch.objects.select_for_update(no_key=True).get(id=batch.id, portal=by.in_portal)
    read = as_file.read(content, number=batch.number, size=batch.size)
    if not read.lines:
        return 0, read
    tickets = {notice.line: notice.ticket for notice in Notice.objects.filter(portal=batch.portal, batch=batch)}
    verdicts = [
        Verdict(tickets[line.line], line.accepted, line.code, line.words)
        for line in read.lines
        if line.line in tickets
    ]
    taken = _take(by, verdicts)
    note_sent(by, batch=batch.id, reference="")
    return taken, read


def _take(by: Actor, verdicts: Sequence[Verdict]) -> int:
    said: dict[str, Verdict] = {}
    for verdict in verdicts:
        said.setdefault(verdict.ticket, verdict)
    numbers = [int(ticket.partition("-")[0]) for ticket in said if _is_ticket(ticket)]
    found = Notice.objects.filter(portal=by.in_portal, id__in=numbers)
    _hold_vehicles(found)
    held = found.order_by("id").select_for_update(no_key=True)
    settled = [notice for notice in held if notice.ticket in said and _is_news(notice, said[notice.ticket])]
    if not settled:
        return 0
    _write(by, settled, said)
    _record(by, settled, said)
    settle_after_answers(by, [notice for notice in settled if not said[notice.ticket].accepted])
    return len(settled)


def _is_ticket(text: str) -> bool:
    number, _mark, attempt = text.partition("-")
    return all(part.isascii() and part.isdigit() and len(part) <= 18 for part in (number, attempt))


def _is_news(notice: Notice, verdict: Verdict) -> bool:
    if notice.state in Notice.UNDER_WAY:
        return True
    was_accepted = notice.state == State.ACCEPTED
    if was_accepted != verdict.accepted and notice.state in (State.ACCEPTED, State.REJECTED):
        log.warning("register says otherwise now", notice=notice.id, state=notice.state)
    return False


def _hold_vehicles(notices: Iterable[Notice]) -> None:
    """First the vehicles, as a change of their cover holds them, then the notices: nobody waits in a circle."""
    items = {notice.item_id for notice in notices if notice.item_id is not None}
    list(Item.objects.filter(id__in=items).order_by("id").select_for_update(no_key=True).values_list("id"))


def _write(by: Actor, settled: Sequence[Notice], said: Mapping[str, Verdict]) -> None:
    verdicts = [said[notice.ticket] for notice in settled]
    with connection.cursor() as cursor:
        cursor.execute(
            SETTLE,
            [
                now := clock.now(by),
                now,
                [notice.id for notice in settled],
                [State.ACCEPTED if verdict.accepted else State.REJECTED for verdict in verdicts],
                [verdict.code for verdict in verdicts],
                [verdict.words for verdict in verdicts],
                [verdict.reference for verdict in verdicts],
            ],
        )


def _record(by: Actor, settled: Sequence[Notice], said: Mapping[str, Verdict]) -> None:
    """For each company what became of its notices; the words of the register stay with the notice."""
    told: dict[tuple[int, bool], list[Happened]] = defaultdict(list)
    for notice in settled:
        verdict = said[notice.ticket]
        after = {"item": notice.item_id, "policy": notice.policy, "kind": notice.kind, "code": verdict.code}
        told[notice.organisation, verdict.accepted].append(Happened(("notice", notice.id), after=after))
    for (organisation, accepted), happened in told.items():
        kind = "notice.accepted" if accepted else "notice.rejected"
        events.record_all(kind, by=by, organisation=organisation, happened=happened)
