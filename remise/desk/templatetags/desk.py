from datetime import datetime, timedelta

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from remise.core.clock import day_of
from remise.desk.kinds import kinds
from remise.desk.models import DeskRequest
from remise.desk.rules import Clock, Haste
from remise.ui.components.marks import state
from remise.ui.formats import day, hour, number, weekday

register = template.Library()

MINUTE, HOUR, DAY, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
TONES = {Haste.LATE: "bad", Haste.SOON: "warn", Haste.FINE: "info"}
OUTCOMES = {
    DeskRequest.State.ACCEPTED: "good",
    DeskRequest.State.REFUSED: "bad",
    DeskRequest.State.TAKEN: "info",
    DeskRequest.State.WAITING: "info",
}


@register.simple_tag
def due(request: DeskRequest, clock: Clock) -> SafeString:
    """The clock of an open request, in colour and in words; of a closed one, what became of it."""
    if not request.is_open:
        return request_state(request)
    if request.waits_for_customer:
        return state(_("Waits for the customer"), icon="clock")
    words = _late(clock) if clock.haste is Haste.LATE else _left(clock)
    return state(words, tone=TONES[clock.haste], icon="clock")


def _late(clock: Clock) -> str:
    """In what the desk has worked since: a night makes nothing later."""
    if days := clock.days_late:
        return ngettext("%(count)s day late", "%(count)s days late", days) % {"count": number(days)}
    if hours := clock.passed // HOUR:
        return ngettext("%(count)s hour late", "%(count)s hours late", hours) % {"count": hours}
    minutes = clock.passed // MINUTE
    return ngettext("%(count)s minute late", "%(count)s minutes late", minutes) % {"count": minutes}


def _left(clock: Clock) -> str:
    """What is left of the day, or the day and the hour."""
    due, today = day_of(clock.due), day_of(clock.now)
    if due == today and (hours := clock.left // HOUR):
        return ngettext("%(count)s hour left", "%(count)s hours left", hours) % {"count": hours}
    if due == today:
        minutes = clock.left // MINUTE
        return ngettext("%(count)s minute left", "%(count)s minutes left", minutes) % {"count": minutes}
    said = {"time": hour(clock.due)}
    if due == today + DAY:
        return _("due tomorrow %(time)s") % said
    if due < today + WEEK:
        return _("due %(weekday)s %(time)s") % (said | {"weekday": weekday(due)})
    return _("due %(day)s, %(time)s") % (said | {"day": day(due, "plain")})


@register.filter
def waits_too_long(request: DeskRequest, now: datetime) -> bool:
    return request.waits_too_long(now)


@register.simple_tag
def request_state(request: DeskRequest) -> SafeString:
    """As the customer reads it."""
    if request.waits_for_customer:
        return state(_("The desk asks something"), tone="warn")
    tone = OUTCOMES.get(DeskRequest.State(request.state), "")
    if request.state == DeskRequest.State.REFUSED and _by_system(request):
        tone = "warn"  # nobody was refused anything: there is something to do
    return state(state_words(request), tone=tone)


@register.simple_tag
def state_words(request: DeskRequest) -> str:
    """What became of it, in the words of its kind."""
    kind = kinds.get(request.kind)
    usual = request.get_state_display()
    return str(kind.called(request.state, usual) if kind else usual)


def _by_system(request: DeskRequest) -> bool:
    kind = kinds.get(request.kind)
    return kind is not None and kind.by_system
