"""Two clocks. Business time is what the trade counts in and what the demo's time machine moves forward;
one-time codes, sessions, limits and queues use real time and never call this module."""

from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from django.utils import timezone

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


class Clocked(Protocol):
    """A portal, or an actor in it."""

    @property
    def clock_offset(self) -> timedelta: ...


def now(portal: Clocked) -> datetime:
    return timezone.now() + portal.clock_offset


def today(portal: Clocked) -> date:
    """The calendar date in Amsterdam: legal days are counted there, whatever the server's zone."""
    return day_of(now(portal))


def day_of(moment: datetime) -> date:
    """The calendar date in Amsterdam, for a moment by either clock."""
    return moment.astimezone(AMSTERDAM).date()
