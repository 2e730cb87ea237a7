"""What is not well, in a sentence each."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from remise.core.words import Text
from remise.operations.rules import State, Trouble
from remise.ui.formats import number

_DATABASE = gettext_lazy("The database could not be reached, or was too busy.")
_NO_ANSWER = gettext_lazy("Another system could not be reached, or did not answer in time.")
_GONE = gettext_lazy("What it was about is not there any more.")
_FILE = gettext_lazy("A file could not be read or written.")
# By the kind of the error, which is all that is kept of it: its words may name a customer (docs/adr/0007).
WHY: Mapping[str, Text] = {
    "OperationalError": _DATABASE,
    "InterfaceError": _DATABASE,
    "ConnectionError": _NO_ANSWER,
    "ConnectionRefusedError": _NO_ANSWER,
    "ConnectionResetError": _NO_ANSWER,
    "TimeoutError": _NO_ANSWER,
    "gaierror": _NO_ANSWER,
    "NotAnsweredError": _NO_ANSWER,
    "DoesNotExist": _GONE,
    "NotVisible": _GONE,
    "DamagedFileError": _FILE,
    "OSError": _FILE,
    "FileNotFoundError": _FILE,
    "PermissionError": _FILE,
    "Forbidden": gettext_lazy("A right is missing for it."),
    "BrokenRule": gettext_lazy("A rule does not allow it."),
    "MemoryError": gettext_lazy("There was not enough memory for it."),
    "WorkerLost": gettext_lazy("The worker ended in the middle of it, time and again: often for lack of memory."),
}


def why(error: str) -> Text:
    """Why a job gave up, in a sentence; empty where nothing is known."""
    if not error:
        return ""
    return WHY.get(error.partition(":")[0], _("Something unexpected went wrong."))


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
