"""Who left the company, and the forgetting of a name."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from remise.core.errors import BrokenRule
from remise.organisations import actions
from remise.organisations.access import require
from remise.organisations.models import Membership
from remise.organisations.requests import MemberRequest
from remise.organisations.rights import OrganisationRight


@require_GET
def former(request: MemberRequest) -> HttpResponse:
    """One line a person: who administered apart left both."""
    require(request, OrganisationRight.MANAGE_USERS)
    gone = Membership.objects.filter(
        organisation=request.actor.company, state=Membership.State.ENDED, erased_at__isnull=True
    )
    found = gone.filter(as_administrator=False).order_by("display_name", "id")
    return render(request, "organisations/former.html", {"people": found})


@require_POST
def erase(request: MemberRequest, membership: int) -> HttpResponse:
    try:
        actions.erase_colleague(by=request.actor, membership=membership)
    except BrokenRule as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The name is forgotten. Where it stood, it says “a former colleague”."))
    return redirect("organisations:former")
