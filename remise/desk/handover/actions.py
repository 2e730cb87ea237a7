"""Handing requests to each other, and noting what the customer does not read. Of two who hand over the same request
at once one does; the other reads who has it by now."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from remise.core.actor import Actor
from remise.core.errors import BrokenRule, NotVisible
from remise.core.scope import ActorKind
from remise.desk import moves
from remise.desk.actions import LONGEST, at_desk
from remise.desk.handover.selectors import handlers
from remise.desk.models import DeskNote, DeskRequest
from remise.desk.moves import IllegalMove


@dataclass(frozen=True, slots=True)
class Picked:
    """A request, and who had it when it was picked (None: nobody)."""

    request: int
    had: int | None


@transaction.atomic
def hand_over(*, by: Actor, request: int, to: int, had: int | None, why: str = "") -> DeskRequest:
    """To a colleague (a membership), or to oneself. Whoever it is taken from reads why. `had` is who had it on the
    page from which this is done: whoever was faster has it."""
    held = at_desk(by, request)
    if not held.is_open or held.assignee != had:
        raise IllegalMove(_overtaken(held, by))
    colleague = handlers(by).get(to)
    if colleague is None:
        raise BrokenRule(_("Choose a colleague who may handle requests."), code="handler_unknown", field="to")
    if colleague.account == had:
        message = _("Choose somebody else: %(name)s has it.") % {"name": colleague.name}
        raise BrokenRule(message, code="has_it", field="to")
    words = why.strip()[:LONGEST]
    if had not in {None, by.account} and not words:
        message = _("Say why: %(name)s reads it.") % {"name": moves.desk_name(had, by)}
        raise BrokenRule(message, code="reason_missing", field="why")
    moves.handed(held, colleague.account, by=by)
    moves.noted(held, words, by=by, given_to=colleague.account, taken_from=had)
    return held


def _overtaken(held: DeskRequest, by: Actor) -> str:
    if held.is_open and held.assignee is None:
        return _("It is back in the queue meanwhile.")
    if held.is_open and held.assignee == by.account:
        return _("It is yours meanwhile.")
    return moves.why_not(held, by)


def hand_over_many(
    *, by: Actor, picked: Sequence[Picked], to: int, why: str = ""
) -> tuple[list[DeskRequest], list[str]]:
    """Each by itself: what was handed over, and why the others were not. In one order, so that two who hand over the
    same ones do not wait for each other in a circle."""
    numbers = {one.request for one in picked}
    if DeskRequest.objects.filter(portal=by.in_portal, id__in=numbers).count() != len(numbers):
        raise NotVisible(_("There is no such request."))
    done: list[DeskRequest] = []
    refused: list[str] = []
    for one in sorted(picked, key=lambda each: each.request):
        try:
            done.append(hand_over(by=by, request=one.request, to=to, had=one.had, why=why))
        except BrokenRule as error:
            refused.append(str(error.message))
    return done, refused


@transaction.atomic
def note(*, by: Actor, request: int, text: str) -> DeskNote:
    """For colleagues; also of what was decided, as long as its words are kept."""
    held = at_desk(by, request)
    words = text.strip()[:LONGEST]
    if not words:
        raise BrokenRule(_("Write what your colleagues should know."), code="missing", field="note")
    if held.forgotten_at is not None:
        raise BrokenRule(_("The words of this request are no longer kept."), code="forgotten", field="note")
    written = moves.noted(held, words, by=by)
    moves.record("request.noted", by, held, after={"note": written.id})
    return written


@transaction.atomic
def mark_seen(*, by: Actor, request: DeskRequest) -> None:
    """Who it was given to, or taken from, opened it."""
    if by.kind is not ActorKind.STAFF:
        raise NotVisible(_("This does not exist."))
    about = DeskNote.objects.filter(portal=by.in_portal, request=request.id)
    about.filter(is_new=True, given_to=by.account).update(is_new=False)
    about.filter(is_lost=True, taken_from=by.account).update(is_lost=False)
