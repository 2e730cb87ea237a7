"""Every "no" as a page of help: who you are now, what is missing, who can give it, and one button. Programs that ask
for JSON get the same as a problem document (RFC 9457)."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found
from django_htmx.http import HttpResponseClientRedirect

from remise.accounts.access import page_of
from remise.core import events
from remise.core.errors import NotVisible
from remise.core.middleware import lasting
from remise.core.rights import Decision
from remise.core.scope import ActorKind
from remise.organisations import preview, ways
from remise.organisations.explaining import numberless, previewing, refusal
from remise.organisations.models import Branch
from remise.organisations.requests import FOR_COMPANY, MemberRequest, company_name, own_page, wants_json
from remise.ui.decisions import Refusal


def forbidden(request: MemberRequest, decision: Decision) -> HttpResponse:
    """403: the decision explained. Written down as well: an attempt stays known."""
    note(request, decision)
    return _explained(request, refusal(request, decision), decision)


def only_looking(request: MemberRequest) -> HttpResponse:
    """403: whoever looks as a colleague changes nothing."""
    code = preview.CODE
    if wants_json(request):
        return marked(_problem(403, code, _("You are only looking now.")), code)
    if request.htmx:
        messages.warning(request, _("You are only looking now. Nothing was changed."))
        return marked(HttpResponseClientRedirect(own_page(request, request.htmx.current_url_abs_path or "")), code)
    return marked(render(request, "403.html", {"decision": previewing(request)}, status=403), code)


def note(request: MemberRequest, decision: Decision) -> None:
    """An attempt of a member or of the desk, or of a program in a member's name."""
    if request.actor.kind in (ActorKind.MEMBER, ActorKind.STAFF) and request.preview is None:
        said = {"code": decision.code, "right": decision.right, "branch": decision.branch}
        lasting(request, request.actor.scope, partial(events.record, "access.refused", by=request.actor, after=said))


def not_visible(request: HttpRequest, exception: NotVisible) -> HttpResponse:
    """404, whether it exists for somebody else or not at all."""
    if wants_json(request):
        return marked(_problem(404, exception.code, _("There is nothing here")), exception.code)
    return page_not_found(request, exception)


def sign_in() -> HttpResponse:
    """401 for a program; a person is taken to the sign-in page."""
    return marked(_problem(401, "sign_in_required", _("Sign in first.")), "sign_in_required")


def second_factor(request: MemberRequest, way_out: str) -> HttpResponse:
    """One factor opens nothing of a company: on to the authenticator, then back."""
    code = "second_factor_missing"
    if wants_json(request):
        return marked(_problem(403, code, _("Confirm with your authenticator app first.")), code)
    if request.htmx:
        return HttpResponseClientRedirect(way_out)
    return HttpResponseRedirect(way_out)


def renew_password(request: MemberRequest) -> HttpResponse:
    """The password of a former portal is renewed before anything else, and then one goes on."""
    return _password_first(request, "account_change_password")


def prove_mailbox(request: MemberRequest) -> HttpResponse:
    """Whose password another insurer brought chooses one behind a mailed link before anything is opened here."""
    return _password_first(request, "account_reset_password")


def _password_first(request: MemberRequest, page: str) -> HttpResponse:
    code = "password_renewal"
    if wants_json(request):
        return marked(_problem(403, code, _("Choose a new password first.")), code)
    way = f"{reverse(page)}?{urlencode({'next': page_of(request)})}"
    return HttpResponseClientRedirect(way) if request.htmx else HttpResponseRedirect(way)


def other_company(request: MemberRequest) -> HttpResponse:
    """409: the page was made for another company than the one acted for now. Nothing was done."""
    code = "other_company"
    if wants_json(request):
        return marked(_problem(409, code, _("You work for another company now.")), code)
    meant = request.POST.get(FOR_COMPANY)
    before = next((own for own in request.memberships if str(own.organisation) == meant), None)
    context = {"before": before, "now": company_name(request), "is_client": meant and "@" in meant}
    if request.htmx:  # said beside what was clicked (ui/shell.js)
        context["reload"] = own_page(request, request.htmx.current_url_abs_path or "")
        part = render(request, "organisations/other_company.html#said", context, status=409)
        part["X-Said"] = "1"
        return marked(part, code)
    return marked(render(request, "organisations/other_company.html", context, status=409), code)


def mandate_over(request: MemberRequest, code: str) -> HttpResponse:
    """403 for a program or a part of a page: the client that was chosen can be acted for no more."""
    if wants_json(request):
        return marked(_problem(403, code, _("You act for this company no more.")), code)
    return marked(
        HttpResponseClientRedirect(own_page(request, request.htmx.current_url_abs_path or ""), status=403), code
    )


def without_company(request: MemberRequest) -> HttpResponse:
    """Signed in with both factors, but working for no company at this insurer."""
    code = "company_missing"
    if wants_json(request):
        return marked(_problem(403, code, _("Your account is not linked to a company here.")), code)
    offered = ways.way(ways.WITHOUT_COMPANY, request)
    return marked(
        render(request, "organisations/no_company.html", {"way": offered[0] if offered else None}, status=403), code
    )


def without_number(request: MemberRequest, place: Branch) -> HttpResponse:
    """403: the insurer has still to link the branch worked in."""
    explained = numberless(request, place)
    decision = Decision(allowed=False, code=explained.code, message=explained.title, branch=place.id)
    note(request, decision)
    return _explained(request, explained, decision)


def _explained(request: MemberRequest, explained: Refusal, decision: Decision) -> HttpResponse:
    code = decision.code
    if wants_json(request):
        return marked(_problem(403, code, str(explained.title), str(explained.text), missing=decision.right), code)
    if request.htmx:
        # A part of a page cannot explain; its own address, asked plainly, can.
        address = request.get_full_path() if request.method == "GET" else request.htmx.current_url_abs_path
        return marked(HttpResponseClientRedirect(own_page(request, address or ""), status=403), code)
    return marked(render(request, "403.html", {"decision": explained}, status=403), code)


def _problem(status: int, code: str, title: str, detail: str = "", **more: object) -> JsonResponse:
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code}
    said = {name: value for name, value in (body | more).items() if value not in {"", None}}
    return JsonResponse(said, status=status, content_type="application/problem+json")


def marked(response: HttpResponse, code: str) -> HttpResponse:
    response["X-Reason-Code"] = code
    patch_vary_headers(response, ["Accept", "HX-Request"])
    return response
