"""What may become of a request, and the only place that writes it. Each is called inside the caller's transaction,
with the request locked, and says what happened in an event: numbers and words of ours, never what people wrote."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.errors import BrokenRule
from remise.core.scope import ActorKind
from remise.desk.models import DeskMessage, DeskNote, DeskRequest
from remise.organisations.names import names_of

State = DeskRequest.State


class IllegalMove(BrokenRule):
    code = "illegal_move"


def move(request: DeskRequest, to: DeskRequest.State, *, by: Actor) -> None:
    """Change the state, or raise IllegalMove with the plain reason; the caller saves."""
    if to not in DeskRequest.MOVES[request.state]:
        raise IllegalMove(why_not(request, by))
    request.state = to


def why_not(request: DeskRequest, by: Actor) -> str:
    if request.state == State.WITHDRAWN:
        return _("The customer has withdrawn this request.") if _is_staff(by) else _("This was withdrawn already.")
    if request.state == State.SETTLED:
        return _("This has settled itself meanwhile: there is nothing left to decide.")
    if request.state == State.TAKEN:
        return _("%(name)s is at it already.") % {"name": desk_name(request.assignee, by)}
    if request.state == State.WAITING:
        return _("Take the request first, so that nobody else decides at the same time.")
    return _("This was decided already: %(outcome)s, by %(name)s.") % {
        "outcome": request.get_state_display().lower(),
        "name": desk_name(request.decided_by, by),
    }


def desk_name(account: int | None, by: Actor) -> str:
    """Somebody of the desk, for a colleague by name; a customer deals with the desk and not with a person."""
    if not _is_staff(by) or account is None:
        return _("the insurer's desk")
    return _("you") if account == by.account else names_of(by, [account])[account]


def _is_staff(by: Actor) -> bool:
    return by.kind is ActorKind.STAFF


def taken(request: DeskRequest, *, by: Actor) -> None:
    move(request, State.TAKEN, by=by)
    request.assignee = by.account
    request.save(update_fields=["state", "assignee"])
    record("request.taken", by, request)


def handed(request: DeskRequest, to: int, *, by: Actor) -> None:
    """One of the desk has it from now on, whoever had it. To the customer the desk is at it, and that is told only
    where it was not: which colleague it is is no matter of a customer's."""
    before = request.assignee
    if request.state == State.TAKEN:
        kind = "request.assigned"
    else:
        kind = "request.taken"
        move(request, State.TAKEN, by=by)
    request.assignee = to
    request.save(update_fields=["state", "assignee"])
    record(kind, by, request, before={"assignee": before}, after={"assignee": to})


def noted(
    request: DeskRequest, text: str, *, by: Actor, given_to: int | None = None, taken_from: int | None = None
) -> DeskNote:
    """For colleagues alone. Of a handover they are told, but for who did it."""
    assert by.account is not None
    return DeskNote.objects.create(
        portal=request.portal,
        organisation=request.organisation,
        request=request,
        account=by.account,
        at=clock.now(by),
        text=text,
        given_to=given_to,
        taken_from=taken_from,
        is_new=given_to not in {None, by.account},
        is_lost=taken_from not in {None, by.account},
    )


def given_back(request: DeskRequest, *, by: Actor) -> None:
    before = request.assignee
    move(request, State.WAITING, by=by)
    request.assignee = None
    request.save(update_fields=["state", "assignee"])
    record("request.given_back", by, request, before={"assignee": before})


def decided(request: DeskRequest, state: DeskRequest.State, *, by: Actor, reason: str, entry: int | None) -> None:
    move(request, state, by=by)
    request.decided_by, request.decided_at = by.account, clock.now(by)
    request.reason, request.entry = reason, entry
    request.data_sha, request.customer_asked = "", False
    request.internal = request.internal and state == State.ACCEPTED  # what may stand as it is concerns nobody else
    request.unread = not request.internal
    request.save()
    record(f"request.{state}", by, request, after={"kind": request.kind, "entry": entry})


def withdrawn(request: DeskRequest, *, by: Actor) -> None:
    _over(request, State.WITHDRAWN, by=by)


def settled(request: DeskRequest, *, by: Actor) -> None:
    """What it was about is over."""
    _over(request, State.SETTLED, by=by)


def _over(request: DeskRequest, state: DeskRequest.State, *, by: Actor) -> None:
    """Nobody decided, and nobody need."""
    move(request, state, by=by)
    request.assignee, request.decided_at, request.data_sha = None, clock.now(by), ""
    request.unread = request.customer_asked = False
    # By the customer too, who may write these and no others (the wall).
    changed = ["state", "assignee", "decided_at", "data_sha", "unread", "customer_asked"]
    request.save(update_fields=changed)
    record(f"request.{state}", by, request)


def said(request: DeskRequest, text: str, *, by: Actor) -> DeskMessage:
    """A line from one side; the other side is told that there is one."""
    if not request.is_open:
        raise IllegalMove(why_not(request, by))
    assert by.account is not None
    from_desk = _is_staff(by)
    request.internal = False
    message = DeskMessage.objects.create(
        portal=request.portal,
        organisation=request.organisation,
        request=request,
        from_desk=from_desk,
        account=by.account,
        at=clock.now(by),
        text=text,
    )
    request.unread, request.customer_asked = from_desk, not from_desk
    # A customer may write the two, and not the third (the wall).
    request.save(update_fields=["unread", "customer_asked", *(["internal"] if from_desk else [])])
    record("request.asked" if from_desk else "request.answered", by, request, after={"message": message.id})
    return message


def forgotten(request: DeskRequest, *, by: Actor) -> None:
    """Let go of what people typed and wrote; that it was asked, and what became of it, stays."""
    request.messages.exclude(text="").update(text="")
    request.notes.exclude(text="").update(text="")
    request.data, request.about, request.reason, request.forgotten_at = {}, "", "", clock.now(by)
    request.save(update_fields=["data", "about", "reason", "forgotten_at"])
    record("request.forgotten", by, request)


def record(
    kind: str,
    by: Actor,
    request: DeskRequest,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """What is the desk's own happens at the insurer, and in no company."""
    subject, at = ("request", request.id), None if request.internal else request.organisation
    events.record(kind, by=by, organisation=at, subject=subject, before=before, after=after)
