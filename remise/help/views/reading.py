"""Articles: by topic, one by one, all questions on one page, and found by a word."""

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from remise.core.errors import NotVisible
from remise.help import articles, searching, selectors
from remise.help.capacities import Topic, capacity_of
from remise.help.forms import RemarkForm
from remise.help.readers import frame, of_article
from remise.organisations.access import for_everyone
from remise.organisations.requests import MemberRequest


@for_everyone
@require_safe
def home(request: MemberRequest) -> HttpResponse:
    """Where somebody looks who does not know where to look: a word, a topic, or a person."""
    by_topic = groupby(
        sorted(articles.all_in(), key=lambda one: Topic.values.index(one.facts.topic)),
        key=lambda one: one.facts.topic.label,
    )
    context = {
        "topics": [(topic, list(found)) for topic, found in by_topic],
        "one": selectors.best(request.portal, request.actor, capacity=capacity_of(request) or ""),
    }
    return render(request, "help/home.html", frame(request) | context)


@for_everyone
@require_safe
def questions(request: MemberRequest) -> HttpResponse:
    """Every question with its answer on one page: to look through, and to print."""
    return render(request, "help/questions.html", frame(request) | {"articles": articles.all_in()})


@for_everyone
@require_safe
def article(request: MemberRequest, slug: str) -> HttpResponse:
    found = articles.article(slug)
    if found is None:
        raise NotVisible(_("There is nothing here"))
    return render(request, "help/article.html", of_article(request, found) | {"form": RemarkForm()})


@for_everyone
@require_safe
def search(request: MemberRequest) -> HttpResponse:
    """As one types; without scripts by the button."""
    asked = request.GET.get("q", "").strip()[: searching.LONGEST]
    language = (get_language() or "en").partition("-")[0]
    context = {
        "asked": asked,
        "found": searching.search(asked, language),
        "one": selectors.best(request.portal, request.actor, capacity=capacity_of(request) or ""),
    }
    template = "help/search.html#found" if request.htmx else "help/search.html"
    answer = render(request, template, frame(request) | context)
    patch_vary_headers(answer, ["HX-Request"])
    return answer
