from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from remise.notices.models import Notice
from remise.notices.rules import Haste
from remise.notices.selectors import Line
from remise.ui.components.marks import state

register = template.Library()

TONES = {Haste.LATE: "bad", Haste.SOON: "warn", Haste.FINE: "info"}
STATES = {
    Notice.State.SENT: "info",
    Notice.State.ACCEPTED: "good",
    Notice.State.REJECTED: "bad",
}


@register.simple_tag
def notice_state(notice: Notice) -> SafeString:
    return state(notice.get_state_display(), tone=STATES.get(Notice.State(notice.state), ""))


@register.simple_tag
def clock(line: Line) -> SafeString:
    """Until when it is in time, in colour and in words; nothing once it was filed."""
    left = line.days_left
    if left is None:
        return SafeString()
    if left < 0:
        words = ngettext("%(days)s day too late", "%(days)s days too late", line.days_late) % {"days": line.days_late}
    elif left == 0:
        words = _("Today is the last day")
    else:
        words = ngettext("%(days)s day left", "%(days)s days left", left) % {"days": left}
    return state(words, tone=TONES[line.haste], icon="clock")


@register.filter
def of_state(states: dict[str, int], name: str) -> int:
    return states.get(name, 0)
