"""The templates of the desk: which there are, and writing, changing and retiring them."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from remise.core.actor import can
from remise.core.errors import BrokenRule
from remise.desk import queue
from remise.desk.answers import actions, selectors
from remise.desk.forms import TemplateForm
from remise.desk.models import AnswerTemplate
from remise.desk.rights import DeskRight
from remise.organisations.requests import MemberRequest
from remise.portals.languages import spoken
from remise.ui.forms import carried_out


@require_GET
def overview(request: MemberRequest) -> HttpResponse:
    """Who answers may look; who writes them finds the buttons."""
    by = request.actor
    queue.require_desk(by)
    context = {
        "templates": selectors.templates(by),
        "retired": selectors.retired(by),
        "may_write": bool(can(by, DeskRight.WRITE_TEMPLATES)),
    }
    return render(request, "desk/answers.html", context)


@require_http_methods(["GET", "POST"])
def write(request: MemberRequest) -> HttpResponse:
    actions.require(request.actor)
    form = TemplateForm(languages=spoken(request.portal))
    if request.method == "POST":
        form = TemplateForm(request.POST, languages=spoken(request.portal))
        if carried_out(form, lambda said: actions.write_template(by=request.actor, **said)):
            messages.success(request, _("%(title)s is offered from now on.") % {"title": form.cleaned_data["title"]})
            return redirect("desk:answers")
    return _page(request, form)


@require_http_methods(["GET", "POST"])
def change(request: MemberRequest, template: int) -> HttpResponse:
    """What was sent before keeps its words."""
    by = request.actor
    actions.require(by)
    found = selectors.template_of(by, template)
    now = {name: getattr(found, name) for name in ("use", "kind", "language", "title", "text")}
    form = TemplateForm(initial=now, languages=spoken(request.portal))
    if request.method == "POST":
        form = TemplateForm(request.POST, languages=spoken(request.portal))
        act = partial(actions.write_template, by=by, replaces=template)
        if carried_out(form, lambda said: act(**said)):
            messages.success(request, _("%(title)s is changed from now on.") % {"title": form.cleaned_data["title"]})
            return redirect("desk:answers")
    return _page(request, form, found)


@require_POST
def retire(request: MemberRequest, template: int) -> HttpResponse:
    actions.require(request.actor)
    found = selectors.template_of(request.actor, template)
    try:
        actions.retire_template(by=request.actor, template=template)
    except BrokenRule as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("%(title)s is offered no more.") % {"title": found.title})
    return redirect("desk:answers")


def _page(request: MemberRequest, form: TemplateForm, found: AnswerTemplate | None = None) -> HttpResponse:
    context = {"form": form, "template": found}
    return render(request, "desk/answer.html", context, status=422 if form.errors else 200)
