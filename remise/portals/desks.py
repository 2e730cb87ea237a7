"""Whom to call: the insurer's desk, and who is there for signing in."""

from collections.abc import Callable
from dataclasses import dataclass

from remise.portals.models import Portal


@dataclass(frozen=True, slots=True)
class Desk:
    """`hours` in the reader's language."""

    name: str
    phone: str
    hours: str


# Rooms above this one know more contacts than the portal's own desk; they say here who is there for signing in.
contact_at_sign_in: Callable[[Portal], Desk | None] = lambda _portal: None  # noqa: E731


def own_desk(portal: Portal) -> Desk:
    return Desk(portal.desk_name, portal.desk_phone, portal.desk_hours)


def sign_in_desk(portal: Portal) -> Desk:
    """One number for who does not get in, wherever it is told: at the door, in its mails, in the help."""
    return contact_at_sign_in(portal) or own_desk(portal)
