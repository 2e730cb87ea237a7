from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from remise.core import clock
from remise.core.actor import Actor, can
from remise.core.errors import BrokenRule, Forbidden, NotVisible
from remise.core.rights import Right
from remise.core.scope import ActorKind
from remise.desk.rights import DeskRight
from remise.mandates.rights import IntermediaryRight
from remise.mandates.selectors import intermediaries
from remise.organisations.requests import MemberRequest
from remise.policies.actions import assign_intermediary
from remise.policies.forms import AssignForm
from remise.policies.models import Product
from remise.policies.showing import examples_shown, versions_shown
from remise.ui.forms import add_refusal


@require_http_methods(["GET", "POST"])
def assign(request: MemberRequest) -> HttpResponse:
    """For the insurer's people: which intermediary looks after a policy from now on."""
    by = request.actor
    _require_staff(by, IntermediaryRight.MANAGE)
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


@require_GET
def products(request: MemberRequest) -> HttpResponse:
    """For the insurer's people: what is sold here, each with the version that holds now."""
    by = request.actor
    _require_staff(by, DeskRight.VIEW)
    today = clock.today(by)
    sold = Product.objects.filter(portal=by.in_portal).prefetch_related("versions")
    by_name = sorted(sold, key=lambda product: product.name.casefold())  # in the language of who reads
    shown = [(product, versions_shown(product, today=today)) for product in by_name]
    return render(request, "policies/products.html", {"products": shown})


@require_GET
def product(request: MemberRequest, product: str) -> HttpResponse:
    """One product: its rules as dated data, and its examples with what comes of them by those rules."""
    by = request.actor
    _require_staff(by, DeskRight.VIEW)
    found = Product.objects.filter(portal=by.in_portal, code=product).first()
    if found is None:
        raise NotVisible(_("There is no such product."))
    today = clock.today(by)
    context = {
        "product": found,
        "versions": versions_shown(found, today=today),
        "examples": examples_shown(found),
    }
    return render(request, "policies/product.html", context)


def _require_staff(by: Actor, right: Right) -> None:
    if by.kind is not ActorKind.STAFF:
        raise NotVisible(_("There is no such page."))
    decision = can(by, right)
    if not decision:
        raise Forbidden(decision)
