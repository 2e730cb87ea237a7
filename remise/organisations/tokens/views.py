from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from remise.core.errors import BrokenRule
from remise.organisations.access import asks_proof_for, require, require_fresh_proof
from remise.organisations.requests import MemberRequest
from remise.organisations.rights import ConnectionRight
from remise.organisations.selectors import workplaces
from remise.organisations.tokens import selectors
from remise.organisations.tokens.actions import make_token, revoke_token
from remise.organisations.tokens.forms import MakeForm
from remise.ui.forms import add_refusal


@require_GET
def overview(request: MemberRequest) -> HttpResponse:
    """Which programs work here with a key, and what each may do."""
    require(request, ConnectionRight.MANAGE_TOKENS)
    working, ended = selectors.connections(request.actor)
    return render(request, "organisations/tokens.html", {"working": working, "ended": ended})


@asks_proof_for(gettext_lazy("make a key for a program"))
@require_http_methods(["GET", "POST"])
def make(request: MemberRequest) -> HttpResponse:
    """The form; and once, where it was sent, the key itself. It is on this page only."""
    require(request, ConnectionRight.MANAGE_TOKENS)
    require_fresh_proof(request)
    by = request.actor
    rights, branches = selectors.offered(by), workplaces(by)
    form = MakeForm(request.POST or None, rights=rights, branches=branches)
    if request.method == "POST" and form.is_valid():
        try:
            made = make_token(
                by=by,
                name=form.cleaned_data["name"],
                rights=form.cleaned_data["rights"],
                branches=form.chosen_branches,
                lifetime=form.chosen_lifetime,
                addresses=form.cleaned_data["addresses"],
            )
        except BrokenRule as error:
            add_refusal(form, error)
        else:
            context = {"made": made, "connection": selectors.connection(by, made.token.id)}
            example = request.build_absolute_uri(reverse("api:me"))
            return render(request, "organisations/token_made.html", context | {"example": example})
    context = {"form": form, "rights": rights}
    return render(request, "organisations/token_make.html", context, status=422 if form.errors else 200)


@require_POST
def revoke(request: MemberRequest, token: int) -> HttpResponse:
    revoke_token(by=request.actor, token=token)
    return redirect("tokens:list")
