"""Asking the desk, and what the desk does with it. Two who move the same request at once meet at its lock: one moves
it, the other gets the plain reason."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from remise.core import clock, events
from remise.core.actor import Actor, can
from remise.core.errors import BrokenRule, Forbidden, NotVisible
from remise.core.events import Happened
from remise.core.scope import ActorKind
from remise.desk import moves, rules
from remise.desk.answers.rules import require_filled
from remise.desk.data import read, stored
from remise.desk.kinds import Decision, Place, kinds
from remise.desk.models import DeskMessage, DeskRequest
from remise.desk.rights import DeskRight
from remise.desk.selectors import decide_on, may_ask
from remise.portals.calendar import desk_week

LONGEST = 2000  # of what is written, in characters


@transaction.atomic
def open_request(*, by: Actor, kind: str, data: object) -> DeskRequest:
    """Ask the desk. Safe to send again: while the same question of the same company is open, it leads to the request
    that there is (its `sent_before` says so)."""
    asked = kinds[kind]
    if by.portal is None or by.organisation is None or by.kind is ActorKind.STAFF:
        raise NotVisible(_("The desk is asked by its customers."))
    place = asked.place(by, data)
    decision = may_ask(by, asked, place.branch)
    if not decision:
        raise Forbidden(decision)
    now = clock.now(by)
    written = stored(data)
    request = DeskRequest(
        portal=by.in_portal,
        organisation=by.organisation,
        kind=kind,
        subject_kind=place.subject[0],
        subject=place.subject[1],
        branch=place.branch,
        data=written,
        about=asked.about(data),
        data_sha=_sha(place.subject, written),
        account=by.account,
        office=by.office,
        by_system=by.by_system,
        opened_at=now,
        due_at=rules.due_at(now, rules.hours_of(asked.due, clock.today(by)), desk_week(by.in_portal)),
    )
    earlier = _insert(request)
    if earlier is not None:
        earlier.sent_before = True
        return earlier
    if not asked.by_system:
        _require_room(by.organisation)
    after = {"kind": kind, place.subject[0]: place.subject[1]}
    moves.record("request.opened", by, request, after=after)
    return request


@dataclass(frozen=True, slots=True)
class Raised:
    """Something about a company that the desk looks at, and nobody asked."""

    organisation: int
    place: Place
    data: object


@transaction.atomic
def raise_internal(*, by: Actor, kind: str, cases: Sequence[Raised]) -> list[int]:
    """Lay these before the desk, and before no customer; their numbers, in this order. In as many statements for one
    as for a thousand. Who calls it makes sure that each is raised once."""
    asked = kinds[kind]
    assert asked.is_internal
    assert by.kind is ActorKind.SYSTEM
    now = clock.now(by)
    due_at = rules.due_at(now, rules.hours_of(asked.due, clock.today(by)), desk_week(by.in_portal))
    made = DeskRequest.objects.bulk_create(
        DeskRequest(
            portal=by.in_portal,
            organisation=one.organisation,
            kind=kind,
            subject_kind=one.place.subject[0],
            subject=one.place.subject[1],
            branch=one.place.branch,
            data=stored(one.data),
            about=asked.about(one.data),
            data_sha=_sha(one.place.subject, stored(one.data)),
            by_system=by.by_system,
            opened_at=now,
            due_at=due_at,
            internal=True,
        )
        for one in cases
    )
    happened = [Happened(("request", one.id), after={"kind": kind, one.subject_kind: one.subject}) for one in made]
    events.record_all("request.opened", by=by, organisation=None, happened=happened)
    return [one.id for one in made]


@transaction.atomic
def take(*, by: Actor, request: int) -> DeskRequest:
    """Be the one who handles it."""
    held = at_desk(by, request)
    if held.assignee != by.account or not held.is_open:
        moves.taken(held, by=by)
    return held


@transaction.atomic
def give_back(*, by: Actor, request: int) -> DeskRequest:
    """Back to the queue: one's own, or that of a colleague who is ill."""
    held = at_desk(by, request)
    moves.given_back(held, by=by)
    return held


@transaction.atomic
def accept(*, by: Actor, request: int, reason: str, answer: dict[str, Any] | None = None) -> DeskRequest:
    """Do what was asked, as the deciding employee. Where that is refused nothing happened: the request stays open."""
    held = _to_decide(by, request)
    words = _words(reason)
    kind = kinds[held.kind]
    data: Any = read(kind.schema, held.data)
    entry = kind.accept(by, Decision(held.organisation, data, answer or {}))
    moves.decided(held, DeskRequest.State.ACCEPTED, by=by, reason=words, entry=entry)
    return held


@transaction.atomic
def refuse(*, by: Actor, request: int, reason: str) -> DeskRequest:
    held = _to_decide(by, request)
    moves.decided(held, DeskRequest.State.REFUSED, by=by, reason=_words(reason), entry=None)
    return held


@transaction.atomic
def say(*, by: Actor, request: int, text: str) -> DeskMessage:
    """A line to the other side."""
    is_staff = by.kind is ActorKind.STAFF
    held = at_desk(by, request) if is_staff else _own(by, request)
    words = text.strip()[:LONGEST]
    if not words:
        raise BrokenRule(_("Write what you want to say."), code="missing", field="text")
    if is_staff:
        require_filled(words, field="text")
    return moves.said(held, words, by=by)


@transaction.atomic
def withdraw(*, by: Actor, request: int) -> DeskRequest:
    """The customer no longer asks it."""
    held = _own(by, request)
    if kinds[held.kind].by_system:
        message = _("Your company did not ask this: the desk closes it, or it closes when it is put right.")
        raise BrokenRule(message, code="not_asked")
    moves.withdrawn(held, by=by)
    return held


@transaction.atomic
def settle(*, by: Actor, request: int) -> None:
    """What it was about is over. For the system; safe to do twice, and too late when the desk was faster."""
    held = DeskRequest.objects.select_for_update(no_key=True).filter(id=request, portal=by.in_portal).first()
    if held is not None and held.is_open:
        moves.settled(held, by=by)


@transaction.atomic
def mark_read(*, by: Actor, request: DeskRequest) -> None:
    """The customer has seen what the desk said."""
    DeskRequest.objects.filter(id=request.id, organisation=by.company, unread=True).update(unread=False)


def at_desk(by: Actor, number: int) -> DeskRequest:
    """Locked; only for who handles requests."""
    require_handling(by)
    return _locked(DeskRequest.objects.filter(id=number, portal=by.in_portal).first())


def require_handling(by: Actor) -> None:
    if by.kind is not ActorKind.STAFF:
        raise NotVisible(_("This does not exist."))
    decision = can(by, DeskRight.DECIDE)
    if not decision:
        raise Forbidden(decision)


def _to_decide(by: Actor, number: int) -> DeskRequest:
    """One's own; asked before anything is done, so that who comes second reads why and not what broke."""
    held = at_desk(by, number)
    if held.state != DeskRequest.State.TAKEN or held.assignee != by.account:
        raise moves.IllegalMove(moves.why_not(held, by))
    return held


def _own(by: Actor, number: int) -> DeskRequest:
    """Locked; only for who may see it at the company that asked."""
    found = DeskRequest.objects.filter(id=number, organisation=by.company).first()
    if found is not None and by.kind is ActorKind.MEMBER:
        decision = decide_on(by, found)
        if not decision:
            raise Forbidden(decision)
    return _locked(found)


def _locked(found: DeskRequest | None) -> DeskRequest:
    if found is None or found.kind not in kinds:
        raise NotVisible(_("This does not exist."))
    return DeskRequest.objects.select_for_update(no_key=True).get(id=found.id)


def _words(reason: str) -> str:
    words = reason.strip()[:LONGEST]
    if not words:
        raise BrokenRule(_("Give the reason: the customer reads it."), code="reason_missing", field="reason")
    require_filled(words, field="reason")
    return words


def _insert(request: DeskRequest) -> DeskRequest | None:
    """Two who ask the same at once meet at the constraint; returns the request that was there before."""
    same = DeskRequest.objects.filter(organisation=request.organisation, kind=request.kind, data_sha=request.data_sha)
    earlier = same.first()
    if earlier is not None:
        return earlier
    try:
        with transaction.atomic():
            request.save()
    except IntegrityError as error:
        if "desk_request_one_open" not in str(error):
            raise
        return same.get()
    return None


def _require_room(organisation: int) -> None:
    """Of what the company asked itself, the new one included. Two at once may both be the last one: it keeps a queue
    readable, and promises nothing."""
    asked = [kind.name for kind in kinds if not kind.by_system]
    # What is open has its sum: by that index it is counted.
    waiting = DeskRequest.objects.filter(organisation=organisation, kind__in=asked).exclude(data_sha="")
    if waiting.count() > rules.OPEN_AT_ONCE:
        message = _(
            "Your company has %(most)s requests open at the insurer's desk, and that is the most. Wait for an answer,"
            " or withdraw what you no longer need."
        )
        raise BrokenRule(message % {"most": rules.OPEN_AT_ONCE}, code="too_many_open")


def _sha(subject: tuple[str, int], written: dict[str, Any]) -> str:
    canonical = json.dumps([subject, written], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
