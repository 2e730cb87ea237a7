"""Whether an article helped, and what was missing in it."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from remise.accounts.places import caller_address, network_of
from remise.core.errors import BrokenRule, NotVisible
from remise.core.limits import Rate
from remise.help import actions, articles
from remise.help.articles import Article
from remise.help.forms import RemarkForm
from remise.help.readers import of_article, reader_from_now
from remise.organisations.access import for_everyone
from remise.organisations.requests import MemberRequest
from remise.ui.forms import add_refusal

# By the place it comes from: a session costs nothing, and a showroom has one address.
OFTEN = Rate("help-feedback", times=60, seconds=int(timedelta(minutes=10).total_seconds()))


@for_everyone
@require_POST
def vote(request: MemberRequest, slug: str) -> HttpResponse:
    found = _article(slug)
    said = request.POST.get("helpful")
    if said not in {"yes", "no"}:
        return HttpResponseBadRequest()
    try:
        OFTEN.take(network_of(caller_address(request)))
        actions.vote(
            by=request.actor,
            article=slug,
            reader=reader_from_now(request),
            helpful=said == "yes",
            language=_language(),
        )
    except BrokenRule as refusal:
        messages.error(request, str(refusal.message))
    return redirect(f"{found.url}#helpful")


@for_everyone
@require_POST
def remark(request: MemberRequest, slug: str) -> HttpResponse:
    found = _article(slug)
    form = RemarkForm(request.POST)
    if form.is_valid():
        try:
            OFTEN.take(network_of(caller_address(request)))
            actions.remark(
                by=request.actor,
                article=slug,
                reader=reader_from_now(request),
                text=form.cleaned_data["text"],
                language=_language(),
            )
        except BrokenRule as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Thank you. We will correct it."))
            return redirect(found.url)
    return render(request, "help/article.html", of_article(request, found) | {"form": form}, status=422)


def _article(slug: str) -> Article:
    found = articles.article(slug)
    if found is None:
        raise NotVisible(_("There is nothing here"))
    return found


def _language() -> str:
    return (get_language() or "en").partition("-")[0]
