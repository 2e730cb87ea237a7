"""Giving a right that decides for the company, or any right to oneself, asks for fresh proof, as mandates and keys
do: nobody at a screen left open makes an administrator. Other rights stay one click. A click is given once more
afterwards; a form that was filled in goes on by itself (`access.require_fresh_proof`)."""

from collections.abc import Iterable

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from remise.core.rights import CompanyRight
from remise.organisations.access import needs_fresh_proof, require
from remise.organisations.models import Membership
from remise.organisations.requests import MemberRequest
from remise.organisations.rights import OrganisationRight, catalogue


def proof_first(request: MemberRequest, rights: Iterable[str], *, to: int | None, back: str) -> HttpResponse | None:
    """Where these rights, given to this membership, ask for a proof that is not fresh: the way there and `back` to
    the page. The click is not kept, so that nothing is carried out twice: it is given once more. None where it may
    go on."""
    require(request, OrganisationRight.MANAGE_USERS)
    if not (decides(rights) or _is_oneself(request, to)) or not needs_fresh_proof(request):
        return None
    messages.info(request, _("Nothing was changed yet. Prove that it is you, then click once more."))
    methods = get_adapter(request).get_reauthentication_methods(request.user)
    way = f"{methods[0]['url']}?{urlencode({'next': back})}"
    return HttpResponseClientRedirect(way) if request.htmx else redirect(way)


def decides(rights: Iterable[str]) -> bool:
    """Is one of these held for the company as a whole?"""
    found = (catalogue.get(right) for right in rights)
    return any(entry is not None and isinstance(entry.right, CompanyRight) for entry in found)


def _is_oneself(request: MemberRequest, to: int | None) -> bool:
    """In either of the two memberships that one may have."""
    by = request.actor
    if to is None or by.account is None:
        return False
    return Membership.objects.filter(id=to, organisation=by.company, account=by.account).exists()
