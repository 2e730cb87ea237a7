from django import template
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from remise.desk.kinds import kinds
from remise.desk.models import DeskRequest
from remise.desk.rules import Haste
from remise.ui.components.marks import state
from remise.ui.formats import clock_time, day

register = template.Library()

TONES = {Haste.LATE: "bad", Haste.SOON: "warn", Haste.FINE: "info"}
OUTCOMES = {
    DeskRequest.State.ACCEPTED: "good",
    DeskRequest.State.REFUSED: "bad",
    DeskRequest.State.TAKEN: "info",
    DeskRequest.State.WAITING: "info",
}


@register.simple_tag
def due(request: DeskRequest, haste: Haste) -> SafeString:
    """The clock of an open request, in colour and in words; of a closed one, what became of it."""
    if not request.is_open:
        return request_state(request)
    if request.waits_for_customer:
        return state(_("Waits for the customer"), icon="clock")
    when = f"{day(localtime(request.due_at), 'plain')}, {clock_time(request.due_at)}"
    words = {
        Haste.LATE: _("Too late: was due %(moment)s"),
        Haste.SOON: _("Due soon: %(moment)s"),
        Haste.FINE: _("Due %(moment)s"),
    }[haste]
    return state(words % {"moment": when}, tone=TONES[haste], icon="clock")


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
