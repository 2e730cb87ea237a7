"""Who may handle requests, what colleagues noted, and what is new to whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F, QuerySet

from remise.core.actor import Actor
from remise.desk.models import DeskNote, DeskRequest
from remise.desk.queue import lines_at_desk
from remise.desk.rights import DeskRight
from remise.desk.selectors import Line
from remise.organisations.models import Membership
from remise.organisations.names import names_in, shown

MOST = 5


@dataclass(frozen=True, slots=True)
class Handler:
    membership: int
    account: int
    name: str


@dataclass(frozen=True, slots=True)
class Noted:
    note: DeskNote
    who: str
    given_to: str
    taken_from: str


@dataclass(frozen=True, slots=True)
class News:
    """A request that was given to, or taken from, who looks: by whom and why."""

    line: Line
    who: str
    why: str
    is_new: bool  # else it is lost


def handlers(by: Actor) -> dict[int, Handler]:
    """By membership: who of the insurer may handle requests now, oneself included, by name."""
    people = Membership.objects.holding(DeskRight.DECIDE, by.company)
    rows = people.order_by("display_name", "id").values_list("id", "account", "display_name")
    once = {account: Handler(membership, account, shown(name)) for membership, account, name in reversed(rows)}
    return {one.membership: one for one in reversed(once.values())}


def notes_of(by: Actor, request: DeskRequest) -> list[Noted]:
    """The oldest first."""
    notes = list(DeskNote.objects.filter(portal=by.in_portal, request=request.id).order_by("id"))
    named = [account for one in notes for account in (one.account, one.given_to, one.taken_from)]
    names = names_in(by.organisation, named)
    return [
        Noted(one, names[one.account], names.get(one.given_to or 0, ""), names.get(one.taken_from or 0, ""))
        for one in notes
    ]


def new_among(by: Actor, requests: Iterable[int]) -> set[int]:
    """Those of these that a colleague gave to who looks, and that were not opened since."""
    unseen = DeskNote.objects.filter(
        portal=by.in_portal, is_new=True, given_to=by.shown_as, request__in=list(requests)
    )
    return set(unseen.filter(request__assignee=by.shown_as).values_list("request", flat=True))


def news(by: Actor) -> list[News]:
    """The newest of what was given to who looks and is theirs still, and of what was taken from them."""
    lost = DeskNote.objects.filter(portal=by.in_portal, is_lost=True, taken_from=by.shown_as)
    found = [*_newest(_new(by)), *_newest(lost)]
    if not found:
        return []
    names = names_in(by.organisation, [one.account for one in found])
    asked = DeskRequest.objects.filter(portal=by.in_portal, id__in=[one.request_id for one in found])
    lines = {line.request.id: line for line in lines_at_desk(by, asked)}
    return [
        News(lines[one.request_id], names[one.account], one.text, one.is_new and one.given_to == by.shown_as)
        for one in found
        if one.request_id in lines
    ]


def _new(by: Actor) -> QuerySet[DeskNote]:
    unseen = DeskNote.objects.filter(portal=by.in_portal, is_new=True, given_to=by.shown_as)
    return unseen.filter(request__state=DeskRequest.State.TAKEN, request__assignee=F("given_to"))


def _newest(notes: QuerySet[DeskNote]) -> Sequence[DeskNote]:
    return list(notes.order_by("-id")[:MOST])
