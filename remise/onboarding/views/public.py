"""For who has no account: what can be asked, the form, and what happens next. Open to everybody, in the scope of
nobody, also for who is signed in."""

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from remise.accounts.places import caller_address, network_of
from remise.core.errors import BrokenRule
from remise.onboarding.actions.applying import apply
from remise.onboarding.forms import FORMS
from remise.onboarding.models import Application
from remise.onboarding.rules import ASKED
from remise.organisations.requests import as_member
from remise.portals import retention
from remise.ui.forms import add_refusal

SALT = "onboarding.sent"
SHOWN = 3600  # seconds for which the page with the reference opens; it stands in the mail


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The ways in."""
    if as_member(request).portal is None:
        raise Http404
    return render(request, "onboarding/home.html")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def form(request: HttpRequest, what: str) -> HttpResponse:
    if what not in FORMS or as_member(request).portal is None:
        raise Http404
    asked = FORMS[what](request.POST or None)
    if request.method == "POST" and asked.is_valid():
        member = as_member(request)
        try:
            sent = apply(
                by=member.actor,
                portal=member.portal,
                kind=what,
                said=asked.particulars,
                key=str(asked.cleaned_data["key"]),
                place=network_of(caller_address(request)),
            )
        except BrokenRule as error:
            add_refusal(asked, error)
        else:
            told = signing.dumps([sent.reference, sent.due.isoformat(), what], salt=SALT)
            return redirect(f"{reverse('onboarding:sent')}?{urlencode({'for': told})}")
    kept = retention.kept(as_member(request).actor, ASKED)
    context = {"form": asked, "what": what, "kind": Application.Kind(what), "days": kept.days}
    return render(request, "onboarding/form.html", context, status=422 if asked.errors else 200)


@login_not_required
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """What was received, and by when one hears. The address holds it, signed: nothing is looked up."""
    if as_member(request).portal is None:
        raise Http404
    try:
        reference, due, what = signing.loads(request.GET.get("for", ""), salt=SALT, max_age=SHOWN)
    except signing.BadSignature:
        return redirect("onboarding:home")
    context = {"reference": reference, "due": parse_datetime(due), "what": what}
    return render(request, "onboarding/sent.html", context)
