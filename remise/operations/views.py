"""The operator's page, and what its buttons do."""

from collections.abc import Callable
from dataclasses import fields

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from remise.core.actor import can
from remise.operations import actions, selectors, words
from remise.operations.actions import DoneAlreadyError
from remise.operations.retention import FAILED
from remise.operations.rights import OperationsRight
from remise.operations.rules import Trouble
from remise.operations.selectors import Overview, Places
from remise.organisations.requests import MemberRequest
from remise.portals.retention import kept
from remise.ui.formats import number

PLACES = tuple(field.name for field in fields(Places))


@require_GET
def page(request: MemberRequest) -> HttpResponse:
    """The whole page; while something waits or runs, htmx asks again and again for the parts without buttons, and
    for all of it when there is something new to press."""
    asked = {name: request.GET[name] for name in PLACES if request.GET.get(name)}
    found = selectors.overview(request.actor, Places(**asked))
    context = {
        "now": found,
        "needs": _needs(found),
        "again": urlencode(asked | {"needs": _needs(found)}),
        "troubles": words.sentences(found.state, found.troubles),
        "is_bad": found.troubles not in {(), (Trouble.SLOW,)},
        "longest": words.lasting(found.state.longest),
        "may_manage": bool(can(request.actor, OperationsRight.MANAGE)),
        "kept_days": kept(request.actor, FAILED).days,
    }
    if request.htmx:
        answer = render(request, "operations/page.html#parts", context | {"is_part": True})
        if request.GET.get("needs") != context["needs"]:
            answer["HX-Refresh"] = "true"
    else:
        answer = render(request, "operations/page.html", context)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def _needs(found: Overview) -> str:
    """Tells whether what is not well, and the lists with buttons, are still those of the page that asks."""
    failed, letters = found.failed.rows, found.letters.rows
    newest = [str(one.failed.job) for one in failed[:1]] + [f"m{one.mail}" for one in letters[:1]]
    return "-".join([str(found.state.failed), str(found.state.not_delivered), *newest, *found.troubles])


@require_POST
def retry(request: MemberRequest, job: int) -> HttpResponse:
    said = _("It is tried again now. Once it is done it is gone from this page.")
    return _act(request, lambda: actions.retry_job(by=request.actor, job=job), said)


@require_POST
def retry_all(request: MemberRequest) -> HttpResponse:
    count = actions.retry_all(by=request.actor)
    said = ngettext("%(count)s job is tried again now.", "%(count)s jobs are tried again now.", count)
    messages.success(request, said % {"count": number(count)} if count else _("There was nothing to try again."))
    return redirect("operations:page")


@require_POST
def let_job_go(request: MemberRequest, job: int) -> HttpResponse:
    said = _("It is let go and will not be done.")
    return _act(request, lambda: actions.let_job_go(by=request.actor, job=job), said)


@require_POST
def send_again(request: MemberRequest, mail: int) -> HttpResponse:
    said = _("The mail is on its way again. If it comes back, it appears here.")
    return _act(request, lambda: actions.send_again(by=request.actor, mail=mail), said)


@require_POST
def let_mail_go(request: MemberRequest, mail: int) -> HttpResponse:
    said = _("The mail is let go: nobody gets it.")
    return _act(request, lambda: actions.let_mail_go(by=request.actor, mail=mail), said)


def _act(request: MemberRequest, act: Callable[[], None], said: str) -> HttpResponse:
    try:
        act()
    except DoneAlreadyError as error:
        messages.info(request, str(error.message))
    else:
        messages.success(request, said)
    return redirect("operations:page")
