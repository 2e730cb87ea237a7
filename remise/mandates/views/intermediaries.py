"""For the insurer's people: its intermediaries, their tier, and whom their customers call."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from remise.core.actor import Actor, can
from remise.core.errors import BrokenRule, Forbidden, NotVisible
from remise.core.scope import ActorKind
from remise.mandates import selectors
from remise.mandates.actions.intermediaries import set_intermediary
from remise.mandates.forms import IntermediaryForm
from remise.mandates.models import Intermediary, Tier
from remise.mandates.rights import IntermediaryRight
from remise.organisations.requests import MemberRequest
from remise.ui.forms import add_refusal


@require_GET
def overview(request: MemberRequest) -> HttpResponse:
    _require(request.actor)
    return render(
        request, "mandates/intermediaries.html", {"intermediaries": selectors.intermediaries(request.actor)}
    )


@require_http_methods(["GET", "POST"])
def edit(request: MemberRequest, intermediary: int) -> HttpResponse:
    _require(request.actor)
    here = Intermediary.objects.filter(portal=request.actor.in_portal).select_related("office", "tier")
    found = here.filter(id=intermediary).first()
    if found is None:
        raise NotVisible(_("This intermediary does not exist."))
    name = found.office.name
    tiers = list(Tier.objects.filter(portal=request.actor.in_portal).order_by("-rank"))
    now = {"tier": found.tier_id, "contact": found.contact, "phone": found.phone, "email": found.email}
    form = IntermediaryForm(request.POST or None, initial=now, tiers=tiers)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            set_intermediary(
                by=request.actor,
                intermediary=intermediary,
                tier=said["tier"],
                contact=said["contact"],
                phone=said["phone"],
                email=said["email"],
            )
        except BrokenRule as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("%(name)s is changed. It holds from now on.") % {"name": name})
            return redirect("intermediaries:overview")
    context = {"form": form, "name": name, "number": found.number, "tiers": tiers}
    return render(request, "mandates/intermediary.html", context, status=422 if form.errors else 200)


def _require(by: Actor) -> None:
    if by.kind is not ActorKind.STAFF:
        raise NotVisible(_("There is no such page."))
    decision = can(by, IntermediaryRight.MANAGE)
    if not decision:
        raise Forbidden(decision)
