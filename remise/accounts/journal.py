"""What happened to an account, written down without a company: it is the person's and not an employer's."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from django.http import HttpRequest

from remise.accounts.models import Account
from remise.core import events
from remise.core.actor import Actor
from remise.core.middleware import lasting
from remise.core.scope import ActorKind, Scope, switch
from remise.portals.requests import portal_of


def note_lasting(request: HttpRequest, kind: str, account: Account) -> None:
    """A refused attempt: it stays written down when the request ends in an error."""
    portal = portal_of(request)
    doors = Scope(ActorKind.PUBLIC, portal.id if portal else None)
    lasting(request, doors, partial(note, request, kind, account))


def note(request: HttpRequest, kind: str, account: Account) -> None:
    """Write the event in the account's own scope, which may add one and read none."""
    portal = portal_of(request)
    with as_account(request, account):
        person = Actor(
            kind=ActorKind.ACCOUNT,
            portal=portal.id if portal else None,
            account=account.pk,
            clock_offset=portal.clock_offset if portal else timedelta(0),
        )
        events.record(kind, by=person, subject=("account", account.pk))


@contextmanager
def as_account(request: HttpRequest, account: Account) -> Iterator[None]:
    """In the account's own scope for a moment, then back in the scope before."""
    portal = portal_of(request)
    number = portal.id if portal else None
    acting: Actor | None = getattr(request, "actor", None)
    switch(Scope(ActorKind.ACCOUNT, number, account.pk))
    yield
    switch(acting.scope if acting else Scope(ActorKind.PUBLIC, number))


@contextmanager
def at_the_door(request: HttpRequest) -> Iterator[None]:
    """As somebody who is not signed in, who meets every account by its address; then back in the scope before."""
    portal = portal_of(request)
    switch(Scope(ActorKind.PUBLIC, portal.id if portal else None))
    yield
    switch(request.actor.scope)  # type: ignore[attr-defined]
