import contextlib
from io import BytesIO
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from remise.core import clock, events
from remise.core.errors import BrokenRule, NotVisible
from remise.core.forms import whole_number
from remise.core.scope import ActorKind
from remise.core.spreadsheet import write_csv
from remise.organisations import actions, apart, cells, export, preview, selectors, ways
from remise.organisations.access import asks_proof_for, ends_preview, require, require_fresh_proof, without_company
from remise.organisations.asking.selectors import count_wanted
from remise.organisations.forms import AdministerForm, Asked, ChangeForm, RoleForm, SwitchForm
from remise.organisations.invitations.selectors import waiting
from remise.organisations.locked_out import selectors as locked_out
from remise.organisations.models import Branch, Membership
from remise.organisations.proof_first import proof_first
from remise.organisations.requests import MemberRequest, safe_next, work_at
from remise.organisations.rights import (
    OrganisationRight,
    catalogue,
    entries_of,
    groups,
    is_staff,
    offered,
    with_needs,
)
from remise.organisations.selectors import Colleague, OwnMembership

SEARCH_FROM = 12  # colleagues from which a search box helps
CHANGES = 50  # on one page of the history
WITH_COLLEAGUES = (ActorKind.MEMBER, ActorKind.STAFF)
CUT_FROM = 9  # rights from which they do not all fit beside the menu
WIDE_FROM = 7  # rights from which the matrix scrolls by itself, its names standing still


@require_GET
def people(request: MemberRequest) -> HttpResponse:
    """Who may do what: everyone who works here, all rights, in all branches or in one."""
    organisation = _managed(request)
    search = request.GET.get("q", "").strip()
    found = selectors.matrix(organisation, search=search)
    branch = _branch(found.branches, request.GET.get("branch", ""))
    rights = offered(request.actor, in_branch=branch is not None)
    context = {
        "groups": list(groups(rights)),
        "rights": rights,
        "change_url": reverse("organisations:change"),
        "is_wide": len(rights) > WIDE_FROM,
        "is_cut": len(rights) > CUT_FROM,
        "rows": [(colleague, list(cells.row(request.actor, colleague, branch))) for colleague in found.people],
        "branches": found.branches,
        "branch": branch,
        "search": search,
        "searchable": bool(search) or len(found.people) >= SEARCH_FROM,
        "changes": selectors.changes(organisation, found.branches),
        "waiting": waiting(organisation),
        "asked": count_wanted(organisation),
        "is_insurer": is_staff(request.actor),
    }
    return render(request, "organisations/people.html", context)


@require_GET
def changes(request: MemberRequest) -> HttpResponse:
    """Every change of a right, the newest first."""
    organisation = _managed(request)
    found = selectors.changes(
        organisation,
        selectors.branches(organisation),
        older_than=whole_number(request.GET.get("after", "")),
        limit=CHANGES + 1,
    )
    older = str(found[CHANGES - 1].id) if len(found) > CHANGES else None
    context = {"changes": found[:CHANGES], "older": older, "is_all": True}
    return render(request, "organisations/changes.html", context)


@require_GET
def person(request: MemberRequest, membership: int) -> HttpResponse:
    """One colleague: each right with who gave it, and what goes together."""
    return _person_page(request, membership, "organisations/person.html")


@require_POST
def change(request: MemberRequest) -> HttpResponse:
    """A click on one cell. htmx gets that cell back, on the page of one colleague all cells; a plain form goes back
    to its page."""
    form = ChangeForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    asked: Asked = form.cleaned_data["change"]
    back = f"{safe_next(request, reverse('organisations:people'))}#p-{asked.membership}"
    if asked.grants and (first := proof_first(request, [asked.right], to=asked.membership, back=back)):
        return first
    problem = ""
    try:
        _carry_out(request, asked)
    except BrokenRule as error:
        problem = str(error.message)
    if request.htmx:
        return _after_change(request, asked, problem)
    if problem:
        messages.error(request, problem)
    return redirect(back)


@require_POST
def give_role(request: MemberRequest, membership: int) -> HttpResponse:
    places = selectors.branches(_managed(request))
    form = RoleForm(request.POST, roles=selectors.roles_here(request.actor), branches=places)
    if not form.is_valid():
        return HttpResponseBadRequest()
    given = entries_of(request.actor, form.cleaned_data["role"])
    if first := proof_first(request, given, to=membership, back=reverse("organisations:person", args=[membership])):
        return first
    actions.grant_role(
        by=request.actor,
        membership=membership,
        role=form.cleaned_data["role"],
        branch=form.cleaned_data["branch"],
    )
    return redirect("organisations:person", membership)


@require_POST
def end(request: MemberRequest, membership: int) -> HttpResponse:
    try:
        gone = actions.end_membership(by=request.actor, membership=membership)
    except BrokenRule as error:
        messages.error(request, str(error.message))
        return redirect("organisations:person", membership)
    messages.success(request, _("%(name)s no longer works here.") % {"name": gone.display_name})
    return redirect("organisations:people")


@require_GET
def people_export(request: MemberRequest) -> HttpResponse:
    found = selectors.matrix(_managed(request))
    file = BytesIO()
    write_csv(file, export.header(request.actor), export.rows(request.actor, found))
    events.record("people.exported", by=request.actor, after={"people": len(found.people)})
    answer = HttpResponse(file.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"{_('who-may-do-what')}-{clock.today(request.actor).isoformat()}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@without_company
@require_GET
def choose(request: MemberRequest) -> HttpResponse:
    """For who works for more than one company."""
    onward = ways.way(ways.WITHOUT_COMPANY, request)
    context = {"next": safe_next(request), "base": _base(request), "onward": onward[0] if onward else None}
    return render(request, "organisations/choose.html", context)


@ends_preview
@require_POST
def preview_begin(request: MemberRequest, membership: int) -> HttpResponse:
    """See the portal as this colleague does."""
    preview.begin(by=request.actor, membership=membership, session=request.session)
    return redirect("home")


@ends_preview
@require_POST
def preview_end(request: MemberRequest) -> HttpResponse:
    membership = preview.end(request.session)
    return redirect("organisations:person", membership) if membership else redirect("home")


@asks_proof_for(gettext_lazy("administer apart from everyday work, or no longer"))
@require_POST
def administer(request: MemberRequest) -> HttpResponse:
    """Keep deciding about others apart from everyday work, or bring the two together again."""
    require(request, OrganisationRight.MANAGE_USERS)
    require_fresh_proof(request)
    form = AdministerForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    try:
        if form.cleaned_data["apart"]:
            now = apart.administer_apart(by=request.actor)
            words = _("You are here as administrator now. At the top of each page you go back to everyday work.")
        else:
            now = apart.administer_together(by=request.actor)
            words = _("You administer in everyday work again.")
    except BrokenRule as error:
        messages.error(request, str(error.message))
    else:
        work_at(request.session, membership=now.id, branch=None)
        messages.success(request, words)
    return redirect("organisations:people")


@ends_preview
@without_company
@require_POST
def switch(request: MemberRequest) -> HttpResponse:
    """To another company, to a branch of this one, or to administering and back. Only where one works oneself."""
    form = SwitchForm({"to": request.POST.get("to") or request.GET.get("to")})
    if not form.is_valid():
        return HttpResponseBadRequest()
    membership, branch = form.cleaned_data["to"]
    own = next((own for own in request.memberships if own.id == membership), None)
    if own is None:
        raise NotVisible(_("You do not work for this company."))
    if branch is not None and branch not in _branches_of(request, own):
        raise NotVisible(_("You do not work in this branch."))
    preview.end(request.session)
    work_at(request.session, membership=own.id, branch=branch)
    wanted = safe_next(request)
    is_other = request.actor.organisation not in {None, own.organisation}
    return redirect(_list_of(wanted) if is_other else wanted)


def _list_of(address: str) -> str:
    """The nearest page above this one that is not about one thing: that of a company is not there for another."""
    path = urlsplit(address).path.rstrip("/")
    while path:
        for page in (path, f"{path}/"):
            with contextlib.suppress(Resolver404):
                if not resolve(page).kwargs:
                    return page
        path = path.rpartition("/")[0]
    return "/"


def _branches_of(request: MemberRequest, own: OwnMembership) -> set[int]:
    """Those of the membership acted in; of another one, only after going there."""
    if own.id != request.actor.membership:
        return set()
    return {place.id for place in selectors.workplaces(request.actor)}


def _managed(request: MemberRequest) -> int:
    """The company, for who manages its users."""
    require(request, OrganisationRight.MANAGE_USERS)
    if request.actor.organisation is None:
        raise NotVisible(_("There is nothing here"))
    return request.actor.organisation


def _carry_out(request: MemberRequest, asked: Asked) -> None:
    act = actions.give_right if asked.grants else actions.revoke_right
    act(by=request.actor, membership=asked.membership, right=asked.right, branch=asked.branch)


def _after_change(request: MemberRequest, asked: Asked, problem: str) -> HttpResponse:
    """422 where it was refused: htmx swaps it in all the same, with the reason beside the cell."""
    status = 422 if problem else 200
    if request.POST.get("page") == "person":
        return _person_page(request, asked.membership, "organisations/person.html#changed", problem, status)
    organisation = request.actor.organisation or 0
    found = selectors.matrix(organisation, member=asked.membership)
    branch = next((place for place in found.branches if place.id == asked.branch), None)
    wanted = with_needs(asked.right) if asked.grants and not problem else [asked.right]
    cell, *besides = [cells.cell(found.people[0], catalogue[right], branch) for right in reversed(wanted)]
    context = {
        "cell": cell,
        "besides": besides,
        "change_url": reverse("organisations:change"),
        "problem": problem,
        "changes": selectors.changes(organisation, found.branches),
    }
    return render(request, "organisations/people.html#changed", context, status=status)


def _person_page(
    request: MemberRequest, membership: int, template: str, problem: str = "", status: int = 200
) -> HttpResponse:
    organisation = _managed(request)
    found = selectors.matrix(organisation, member=membership)
    if not found.people:
        raise NotVisible(_("This colleague does not exist."))
    colleague: Colleague = found.people[0]
    context = {
        "colleague": colleague,
        "groups": [
            (group.label, [cells.sheet(colleague, entry, found.branches) for entry in group.entries])
            for group in groups(offered(request.actor))
        ],
        "branches": found.branches,
        "roles": selectors.roles_here(request.actor),
        "locked_out": locked_out.state_of(colleague.id),
        "helper": locked_out.helper_for(Membership.objects.get(id=colleague.id)),
        "is_self": colleague.id == request.actor.membership,
        "address": selectors.address_of_colleague(colleague.id),
        "is_twice": selectors.is_twice(request.actor),
        "changes": selectors.changes(organisation, found.branches, member=colleague.id),
        "problem": problem,
    }
    return render(request, template, context, status=status)


def _branch(branches: list[Branch], wanted: str) -> Branch | None:
    if not wanted:
        return None
    found = next((branch for branch in branches if str(branch.id) == wanted), None)
    if found is None:
        raise NotVisible(_("This branch does not exist."))
    return found


def _base(request: MemberRequest) -> str:
    """With the frame for a member; a person without a company has no menu yet."""
    return "ui/shell.html" if request.actor.kind in WITH_COLLEAGUES else "ui/door.html"
