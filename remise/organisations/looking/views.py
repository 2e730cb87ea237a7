from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from remise.core.errors import NotVisible
from remise.organisations.access import require
from remise.organisations.looking import selectors
from remise.organisations.requests import MemberRequest
from remise.organisations.rights import OrganisationRight, is_staff


@require_GET
def looked(request: MemberRequest) -> HttpResponse:
    """Who from outside looked at what is this company's."""
    require(request, OrganisationRight.MANAGE_USERS)
    if is_staff(request.actor):
        raise NotVisible(_("Nobody is outside the insurer's own portal."))
    found = selectors.looks(
        request.actor,
        request.portal,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    return render(request, "organisations/looked.html", {"looks": found})
