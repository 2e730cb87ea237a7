"""What is not well, in a sentence each."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from remise.operations.rules import State, Trouble
from remise.ui.formats import number


def sentences(state: State, troubles: Sequence[Trouble]) -> list[str]:
    said = {
        Trouble.NO_WORKER: lambda: _("Nothing is being done: no worker is running"),
        Trouble.GAVE_UP: lambda: gave_up(state.failed),
        Trouble.NOT_DELIVERED: lambda: not_delivered(state.not_delivered),
        Trouble.SLOW: lambda: _("Work has been waiting for %(time)s") % {"time": lasting(state.longest)},
    }
    return [said[trouble]() for trouble in troubles]


def gave_up(count: int) -> str:
    return ngettext("%(count)s job gave up", "%(count)s jobs gave up", count) % {"count": number(count)}


def not_delivered(count: int) -> str:
    words = ngettext("%(count)s mail was not delivered", "%(count)s mails were not delivered", count)
    return words % {"count": number(count)}


def lasting(time: timedelta | None) -> str:
    """As one says it: "4 minutes"; a dash for nothing."""
    if time is None:
        return "\N{EN DASH}"
    if time < timedelta(minutes=1):
        return _("< 1 minute")
    now = timezone.now()
    return timesince(now - time, now, depth=1)


def ago(moment: datetime) -> str:
    """In real time, as queues are kept: "4 minutes ago"."""
    time = timezone.now() - moment
    return _("just now") if time < timedelta(minutes=1) else _("%(time)s ago") % {"time": lasting(time)}
