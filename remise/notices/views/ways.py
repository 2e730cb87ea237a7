"""For the insurer's people: how notices go to the register, from which day."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from remise.core import clock
from remise.notices import access, selectors
from remise.notices.actions.choosing import choose_way
from remise.notices.forms import WayForm
from remise.notices.register.chosen import register
from remise.notices.ways import settings_of, to_come
from remise.organisations.access import asks_proof_for, require_fresh_proof
from remise.organisations.requests import MemberRequest
from remise.ui.forms import carried_out


@asks_proof_for(gettext_lazy("choose how notices go to the register"))
@require_http_methods(["GET", "POST"])
def way(request: MemberRequest) -> HttpResponse:
    """What holds, what is to come, and what waits, before another way is chosen."""
    by = request.actor
    access.require_connect(by)
    require_fresh_proof(request)
    now = settings_of(by)
    begin = {"way": now.way, "insurer_code": now.insurer_code, "starts": clock.today(by)}
    form = WayForm(request.POST if request.method == "POST" else None, initial=begin)
    if request.method == "POST" and carried_out(form, lambda said: choose_way(by=by, **said)):
        messages.success(request, _("Laid down. From that day on notices go this way."))
        return redirect("notices:overview")
    context = {
        "form": form,
        "now": now,
        "to_come": to_come(by),
        "counts": selectors.counts(by),
        "unsent": selectors.unsent_batches(by),
        "has_address": register() is not None,
    }
    return render(request, "notices/way.html", context, status=422 if form.errors else 200)
