"""Every "no" as a page of help: who you are now, what is missing, who can give it, and one button. Programs that ask
for JSON get the same as a problem document (RFC 9457)."""

from collections.abc import Sequence
from functools import partial
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found
from django_htmx.http import HttpResponseClientRedirect

from remise.core import events
from remise.core.actor import can
from remise.core.errors import NotVisible
from remise.core.middleware import lasting
from remise.core.rights import Decision
from remise.core.scope import ActorKind
from remise.organisations import selectors
from remise.organisations.asking import selectors as asking
from remise.organisations.models import Branch
from remise.organisations.requests import FOR_COMPANY, MemberRequest, own_page, wants_json
from remise.organisations.rights import OrganisationRight, is_staff, label_of, may_hold
from remise.organisations.selectors import Helper
from remise.ui.context import answer_for
from remise.ui.decisions import Refusal
from remise.ui.shell import Link


def forbidden(request: MemberRequest, decision: Decision) -> HttpResponse:
    """403: the decision explained. Written down as well: an attempt stays known."""
    note(request, decision)
    refusal = _refusal(request, decision)
    if wants_json(request):
        response: HttpResponse = _problem(
            403, decision.code, str(refusal.title), str(refusal.text), missing=decision.right
        )
    elif request.htmx:
        # A part of a page cannot explain; its own address, asked plainly, can.
        address = request.get_full_path() if request.method == "GET" else request.htmx.current_url_abs_path
        response = HttpResponseClientRedirect(own_page(request, address or ""), status=403)
    else:
        response = render(request, "403.html", {"decision": refusal}, status=403)
    return _marked(response, decision.code)


def note(request: MemberRequest, decision: Decision) -> None:
    """An attempt of a member or of the desk, or of a program in a member's name."""
    if request.actor.kind in (ActorKind.MEMBER, ActorKind.STAFF):
        said = {"code": decision.code, "right": decision.right, "branch": decision.branch}
        lasting(request, request.actor.scope, partial(events.record, "access.refused", by=request.actor, after=said))


def not_visible(request: HttpRequest, exception: NotVisible) -> HttpResponse:
    """404, whether it exists for somebody else or not at all."""
    if wants_json(request):
        return _marked(_problem(404, exception.code, _("There is nothing here")), exception.code)
    return page_not_found(request, exception)


def sign_in() -> HttpResponse:
    """401 for a program; a person is taken to the sign-in page."""
    return _marked(_problem(401, "sign_in_required", _("Sign in first.")), "sign_in_required")


def second_factor(request: MemberRequest, way_out: str) -> HttpResponse:
    """One factor opens nothing of a company: on to the authenticator, then back."""
    code = "second_factor_missing"
    if wants_json(request):
        return _marked(_problem(403, code, _("Confirm with your authenticator app first.")), code)
    if request.htmx:
        return HttpResponseClientRedirect(way_out)
    return HttpResponseRedirect(way_out)


def other_company(request: MemberRequest) -> HttpResponse:
    """409: the page was made for another company than the one acted for now. Nothing was done."""
    code = "other_company"
    if wants_json(request):
        return _marked(_problem(409, code, _("You work for another company now.")), code)
    meant = request.POST.get(FOR_COMPANY)
    before = next((own for own in request.memberships if str(own.organisation) == meant), None)
    return _marked(render(request, "organisations/other_company.html", {"before": before}, status=409), code)


def without_company(request: MemberRequest) -> HttpResponse:
    """Signed in with both factors, but working for no company at this insurer."""
    code = "company_missing"
    if wants_json(request):
        return _marked(_problem(403, code, _("Your account is not linked to a company here.")), code)
    return _marked(render(request, "organisations/no_company.html", status=403), code)


def _problem(status: int, code: str, title: str, detail: str = "", **more: object) -> JsonResponse:
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code}
    said = {name: value for name, value in (body | more).items() if value not in {"", None}}
    return JsonResponse(said, status=status, content_type="application/problem+json")


def _marked(response: HttpResponse, code: str) -> HttpResponse:
    response["X-Reason-Code"] = code
    patch_vary_headers(response, ["Accept", "HX-Request"])
    return response


def _refusal(request: MemberRequest, decision: Decision) -> Refusal:
    if decision.right is None or request.actor.organisation is None:
        return Refusal(
            title=_("You cannot open this page"), text=str(decision.message), who=_who(request), code=decision.code
        )
    if not may_hold(decision.right, staff=is_staff(request.actor)):
        return _of_others(request)
    places = selectors.branches(request.actor.organisation)
    helpers = selectors.helpers(request.actor.organisation)
    button, is_post = _button(request, decision, places, helpers)
    desk = request.portal
    can_write = any(helper.address for helper in helpers)
    return Refusal(
        title=_("You need one more right for this"),
        text=_("Your sign-in is in order. Only a right is missing, and that can be given at once."),
        who=_who(request, places),
        missing=_missing(decision, places),
        granters=[helper.name for helper in helpers] or [desk.desk_name],
        desk="" if can_write else f"{desk.desk_name}: {desk.desk_phone}, {desk.desk_hours}",
        button=button,
        post=is_post,
        others=[*_letters(request, decision, places, helpers), *_ways_on(request)],
        code=decision.code,
    )


def _ways_on(request: MemberRequest) -> list[Link]:
    return [
        Link(_("What may I do?"), reverse("access:mine")),
        *_who_can_help(request),
        Link(_("Back to home"), "/"),
    ]


def _who_can_help(request: MemberRequest) -> list[Link]:
    address = answer_for("who_can_help_url", request)
    return [Link(_("Who can help me?"), address)] if isinstance(address, str) else []


def _letters(
    request: MemberRequest, decision: Decision, places: list[Branch], helpers: Sequence[Helper]
) -> list[Link]:
    """Who would rather write."""
    helper = next((helper for helper in helpers if helper.address), None)
    if helper is None or can(request.actor, OrganisationRight.MANAGE_USERS):
        return []
    to = _letter(request, decision, places, helper.address, can_give=True)
    return [Link(_("Ask %(name)s by e-mail") % {"name": helper.name}, to, "mail")]


def _of_others(request: MemberRequest) -> Refusal:
    """Nobody can give a right of the other side of the desk."""
    if is_staff(request.actor):
        text = _("This page is for the insurer's customers. You work at the insurer.")
    else:
        text = _("This page is for the people of the insurer.")
    back = Link(_("Back to home"), "/", "home")
    return Refusal(title=_("You cannot open this page"), text=text, who=_who(request), button=back)


def _who(request: MemberRequest, places: list[Branch] | None = None) -> str:
    """The active account, company and branch: half of all refusals are a wrong one of these."""
    own = request.membership
    person = f"{own.name} ({request.user})" if own else str(request.user)
    company = own.company if own else ""
    branch = selectors.place_name(request.actor, places or [])
    return " · ".join(part for part in (person, company, branch) if part)


def _missing(decision: Decision, places: list[Branch]) -> str:
    label = str(label_of(decision.right or ""))
    branch = next((place.name for place in places if place.id == decision.branch), "")
    return _("%(right)s, in %(branch)s") % {"right": label, "branch": branch} if branch else label


def _button(
    request: MemberRequest, decision: Decision, places: list[Branch], helpers: Sequence[Helper]
) -> tuple[Link, bool]:
    """The nearest way out: the branch where the right is held, giving it to oneself, or asking who can give it."""
    actor = request.actor
    held = [place for place in places if (decision.right, place.id) in actor.grants]
    if held and actor.branch is not None and request.method == "GET":
        query = urlencode({"to": f"{actor.organisation}:{held[0].id}", "next": request.get_full_path()})
        words = _("Go on in %(branch)s") % {"branch": held[0].name}
        return Link(words, f"{reverse('organisations:switch')}?{query}", "switch-horizontal"), True
    if can(actor, OrganisationRight.MANAGE_USERS) and actor.membership is not None:
        return Link(
            _("Give yourself this right"), reverse("organisations:person", args=[actor.membership]), "key"
        ), False
    helper = next((helper for helper in helpers if helper.address), None)
    if helper is not None and actor.membership is not None and decision.right is not None:
        if asking.open_request(actor, decision.right, decision.branch) is not None:
            return Link(_("You asked for it. See how it stands"), reverse("access:mine"), "clock"), False
        query = urlencode({"right": decision.right, "branch": decision.branch or ""})
        words = _("Ask %(name)s for this right") % {"name": helper.name}
        return Link(words, f"{reverse('access:ask')}?{query}", "key"), True
    desk = request.portal
    to = _letter(request, decision, places, desk.desk_email, can_give=False)
    return Link(_("Mail %(desk)s") % {"desk": desk.desk_name}, to, "mail"), False


def _letter(request: MemberRequest, decision: Decision, places: list[Branch], address: str, *, can_give: bool) -> str:
    """All that who helps must know: which company, which right, on which page."""
    own = request.membership
    said = {
        "company": own.company if own else "",
        "right": _missing(decision, places),
        "portal": request.portal.name,
        "page": request.build_absolute_uri(request.path),  # without what was searched for
        "link": request.build_absolute_uri(reverse("organisations:person", args=[request.actor.membership])),
    }
    subject = _("Can you give me a right in %(portal)s?") % said
    parts = [_("I work for %(company)s and need this right: %(right)s.") % said, _("I need it here: %(page)s") % said]
    if can_give:
        parts.append(_("You can give it here: %(link)s") % said)
    else:
        parts.append(_("In our company nobody who can give it can be reached from this page."))
    body = "\r\n\r\n".join(parts)  # as RFC 6068 writes the end of a line
    return f"mailto:{quote(address, safe='@')}?subject={quote(subject)}&body={quote(body)}"
