"""Whom a person acts for in this request: the own company or, for who works at an office, a client of it.

The room that knows mandates lies above this one and says here how to find out (`provide`). Each request asks it anew,
in the scope of the account, before a company's scope is taken.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpResponse

from remise.core.actor import Actor
from remise.organisations.requests import Client, MemberRequest
from remise.organisations.selectors import OwnMembership

type View = Callable[..., object]


@dataclass(frozen=True, slots=True)
class Standing:
    """As whom a request is made. `refuse` answers it where the client chosen before can be acted for no more."""

    actor: Actor
    client: Client | None = None
    refuse: Callable[[MemberRequest], HttpResponse] | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """Somebody of an office, for what a job goes on with: the office, its name and what may be done now."""

    office: int
    own: OwnMembership


type Find = Callable[[MemberRequest, Actor, View], Standing]
type FindLater = Callable[[int, int], Later | None]

_find: Find = lambda _request, member, _view: Standing(member)  # noqa: E731
_find_later: FindLater = lambda _organisation, _account: None  # noqa: E731


def provide(find: Find, find_later: FindLater) -> None:
    """Called from a room's `AppConfig.ready`."""
    global _find, _find_later
    _find, _find_later = find, find_later


def standing_of(request: MemberRequest, member: Actor, view: View) -> Standing:
    """`member` is who works for the company that is chosen."""
    return _find(request, member, view)


def standing_later(organisation: int, account: int) -> Later | None:
    """For the system: whether somebody who does not work for this company acts for it now."""
    return _find_later(organisation, account)
