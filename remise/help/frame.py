"""What this room puts in the frame: the way to help from every page, and what is written about the page."""

from collections.abc import Callable, Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from remise.core import reading
from remise.core.reading import About, Reason
from remise.core.registry import MenuEntry
from remise.help import articles
from remise.help.articles import Facts
from remise.help.rights import HelpRight
from remise.portals.requests import portal_of
from remise.ui.shell import Link

MENU = MenuEntry("help:home", _("Help"), "help-circle", order=98, namespace="help")
REMARKS = MenuEntry("remarks:list", _("What readers say"), "message-circle", (HelpRight.VIEW,), 55, "remarks")
MOST_ARTICLES = 3  # at the foot of a page


def address_of(page: str) -> Callable[[HttpRequest], str]:
    """Help is an insurer's: the installation's own pages have none."""
    return lambda request: reverse(page) if portal_of(request) else ""


def about(request: HttpRequest) -> Sequence[Link]:
    """What is written about this page."""
    here = request.resolver_match if portal_of(request) else None
    found = reading.about(here.view_name) if here else []
    return [Link(one.title(), one.url()) for one in found[:MOST_ARTICLES]]


def register_articles() -> None:
    """Rooms below show them by the code of a refusal and by the name of a page."""
    for facts in articles.facts().values():
        reading.reasons.add(*(_reason(facts.slug, code, anchor) for code, anchor in facts.codes.items()))
        for page in facts.pages:
            reading.add_about(page, _about(facts))


def _reason(slug: str, code: str, anchor: str) -> Reason:
    return Reason(code, lambda: f"{reverse('help:article', args=[slug])}#{anchor}")


def _about(facts: Facts) -> About:
    def title() -> str:
        found = articles.article(facts.slug)
        return found.title if found else ""

    return About(title, lambda: reverse("help:article", args=[facts.slug]))
