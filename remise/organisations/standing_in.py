"""Whom a person acts for in this request: the own company or, for who works at an office, a client of it.

The room that knows mandates lies above this one and says here how to find out (`provide`). Each request asks it anew,
in the scope of the account, before a company's scope is taken.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpResponse

from remise.core.actor import Actor
from remise.organisations.requests import Client, MemberRequest
from remise.organisations.selectors import OwnMembership, membership_in

type View = Callable[..., object]


@dataclass(frozen=True, slots=True)
class Standing:
    """As whom a request is made. `refuse` answers it where the client chosen before can be acted for no more."""

    actor: Actor
    client: Client | None = None
    refuse: Callable[[MemberRequest], HttpResponse] | None = None


type Find = Callable[[MemberRequest, Actor, View], Standing]
type FindLater = Callable[[int, int, int], OwnMembership | None]

_find: Find = lambda _request, member, _view: Standing(member)  # noqa: E731
_find_later: FindLater = lambda _organisation, _account, _office: None  # noqa: E731


def provide(find: Find, find_later: FindLater) -> None:
    """Called from a room's `AppConfig.ready`."""
    global _find, _find_later
    _find, _find_later = find, find_later


def standing_of(request: MemberRequest, member: Actor, view: View) -> Standing:
    """`member` is who works for the company that is chosen."""
    return _find(request, member, view)


def own_later(organisation: int, account: int, *, office: int | None) -> OwnMembership | None:
    """For the system, which goes on with what somebody began: as whom, with the rights of this moment; None where
    that is over. What was begun from an `office` is asked of that office alone, whichever else acts for the company,
    and whatever the person may do there besides."""
    return membership_in(organisation, account) if office is None else _find_later(organisation, account, office)
