"""Whose mandate began or ended by the calendar, seen at once when a portal's clock is moved."""

from remise.core.actor import Actor
from remise.core.doors import rows
from remise.core.models import Event


def settle(_by: Actor, _event: Event) -> None:
    """By the job that follows the event: as the system, in the portal whose clock it is."""
    rows("select reach_settle_portal()")
