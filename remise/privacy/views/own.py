"""What is kept about me: told, corrected, forgotten."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from remise.accounts.models import Person
from remise.accounts.views import CLEAR_SITE_DATA
from remise.core.errors import BrokenRule
from remise.core.limits import TooOften
from remise.core.scope import ActorKind
from remise.organisations.access import without_company
from remise.organisations.requests import MemberRequest
from remise.portals.retention import categories
from remise.privacy import exporting
from remise.privacy.actions.closing import Hindered, close_account, hindrances
from remise.privacy.actions.correcting import Particulars, correct_particulars, rename_oneself
from remise.privacy.forms import CloseForm, DetailsForm
from remise.privacy.oneself import oneself, own_account
from remise.ui.forms import add_refusal

WITH_MENU = (ActorKind.MEMBER, ActorKind.STAFF)


@without_company
@require_GET
def data(request: MemberRequest) -> HttpResponse:
    """The three things one can do about what is kept."""
    own = Person.objects.filter(account=request.user.pk).first()
    return render(request, "privacy/data.html", {"base": _base(request), "own": own})


@without_company
@require_GET
@reauthentication_required  # type: ignore[untyped-decorator]  # the library brings no types
def file(request: MemberRequest) -> HttpResponse:
    """All of it, in one click."""
    with oneself(request) as by:
        try:
            content = exporting.export(by=by, account=own_account(by), portal=request.portal)
        except TooOften as error:
            content, problem = b"", str(error.message)
    if not content:
        messages.error(request, problem)
        return redirect("privacy:data")
    answer = HttpResponse(content, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{exporting.file_name(by)}"'
    return answer


@without_company
@require_http_methods(["GET", "POST"])
def details(request: MemberRequest) -> HttpResponse:
    own = request.membership if request.client is None else None  # a client's people do not name this one
    company = own.company if own else ""
    person = Person.objects.filter(account=request.user.pk).first()
    names = ("given_name", "infix", "surname", "phone")
    known = {name: getattr(person, name, "") for name in names} | {"display_name": own.name if own else ""}
    form = DetailsForm(request.POST if request.method == "POST" else None, initial=known, company=company)
    if request.method == "POST" and form.is_valid() and _correct(request, form):
        messages.success(request, _("Your details are changed."))
        return redirect("privacy:data")
    context = {"base": _base(request), "form": form}
    return render(request, "privacy/details.html", context, status=422 if form.errors else 200)


def _correct(request: MemberRequest, form: DetailsForm) -> bool:
    """Two rows, of which the first is the person's and the second the company's."""
    said = {name: form.cleaned_data[name] for name in ("given_name", "infix", "surname", "phone")}
    try:
        if "display_name" in form.cleaned_data:
            rename_oneself(by=request.actor, name=form.cleaned_data["display_name"])
    except BrokenRule as error:
        add_refusal(form, error)
    with oneself(request) as by:
        try:
            correct_particulars(by=by, said=Particulars(**said))
        except BrokenRule as error:
            add_refusal(form, error)
    return not form.errors


@without_company
@require_http_methods(["GET", "POST"])
@reauthentication_required  # type: ignore[untyped-decorator]
def close(request: MemberRequest) -> HttpResponse:
    """What goes, what stays and why; and what stands in the way, with the way out."""
    form = CloseForm(request.POST if request.method == "POST" else None)
    done = False
    with oneself(request) as by:
        account = own_account(by)
        in_the_way = hindrances(account)
        if request.method == "POST" and form.is_valid() and not in_the_way:
            try:
                close_account(by=by, account=account)
                done = True
            except Hindered as error:  # since the page was opened
                in_the_way = list(error.hindrances)
    if done:
        logout(request)
        answer = redirect("privacy:closed")
        answer.headers["Clear-Site-Data"] = CLEAR_SITE_DATA
        return answer
    context = {"base": _base(request), "form": form, "in_the_way": in_the_way, "kept": list(categories)}
    return render(request, "privacy/close.html", context, status=422 if form.errors else 200)


@login_not_required
@require_GET
def closed(request: MemberRequest) -> HttpResponse:
    """After it: nobody is signed in any more."""
    return render(request, "privacy/closed.html")


def _base(request: MemberRequest) -> str:
    """With the frame for a member; a person without a company has no menu yet."""
    return "ui/shell.html" if request.actor.kind in WITH_MENU else "ui/door.html"
