from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from remise.core.actor import can
from remise.core.errors import BrokenRule, Forbidden, NotVisible
from remise.core.scope import ActorKind
from remise.mandates.rights import IntermediaryRight
from remise.mandates.selectors import intermediaries
from remise.organisations.requests import MemberRequest
from remise.policies.actions import assign_intermediary
from remise.policies.forms import AssignForm
from remise.ui.forms import add_refusal


@require_http_methods(["GET", "POST"])
def assign(request: MemberRequest) -> HttpResponse:
    """For the insurer's people: which intermediary looks after a policy from now on."""
    by = request.actor
    if by.kind is not ActorKind.STAFF:
        raise NotVisible(_("There is no such page."))
    decision = can(by, IntermediaryRight.MANAGE)
    if not decision:
        raise Forbidden(decision)
    form = AssignForm(request.POST or None, intermediaries=intermediaries(by))
    if request.method == "POST" and form.is_valid():
        try:
            known = assign_intermediary(by=by, **form.cleaned_data)
        except BrokenRule as error:
            add_refusal(form, error)
        else:
            messages.success(
                request, _("Policy %(number)s is assigned. It holds from now on.") % {"number": known.number}
            )
            return redirect("policies:assign")
    return render(request, "policies/assign.html", {"form": form}, status=422 if form.errors else 200)
