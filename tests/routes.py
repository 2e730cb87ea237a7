"""Every address that the installation answers, read from the URL conf: what holds for all pages is tested over these,
so that a new page is met without being told of."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.http import HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from remise.accounts import access

REMISE = Path(__file__).resolve().parents[1] / "remise"


@dataclass(frozen=True, slots=True)
class Route:
    """A page by its name in the URL conf, with the names of the numbers and words in its address."""

    name: str
    parameters: frozenset[str]
    numbers: frozenset[str]
    view: Callable[..., HttpResponseBase]

    @property
    def is_public(self) -> bool:
        """Opens without sign-in."""
        return not getattr(self.view, "login_required", True)

    @property
    def is_operation(self) -> bool:
        return getattr(self.view, "is_operation", False)

    @property
    def is_personal(self) -> bool:
        """About the person and not about a company."""
        about_the_person = self.view.__module__.startswith(("allauth.", "remise.accounts."))
        return about_the_person or not getattr(self.view, "needs_company", True)

    @property
    def is_of_the_desk(self) -> bool:
        """For the insurer's own people; not there for customers."""
        return self.view.__module__ in {
            "remise.desk.views.answers",
            "remise.desk.views.queue",
            "remise.help.views.remarks",
            "remise.onboarding.views.queue",
            "remise.mandates.views.intermediaries",
            "remise.fleet.views.agreements",
            "remise.green_cards.posting.views",
            "remise.notices.views.queue",
            "remise.notices.views.batches",
            "remise.notices.views.ways",
            "remise.policies.views",
            "remise.operations.views",
            "remise.organisations.locked_out.desk_views",
            "remise.organisations.missed.views",
            "remise.privacy.views.staff",
            "remise.search.views.customers",
        }

    @property
    def opens_with_one_factor(self) -> bool:
        return self.is_public or self.name in access.ONE_FACTOR_ENOUGH

    def path(self, known: Mapping[str, object]) -> str:
        return reverse(self.name, kwargs={name: known[name] for name in self.parameters})

    def __str__(self) -> str:
        return self.name


def routes() -> list[Route]:
    """The pages."""
    return [route for route in _all() if not route.is_operation]


def operations() -> list[Route]:
    """What programs call: they come with a key instead of a session."""
    return [route for route in _all() if route.is_operation]


def _all() -> list[Route]:
    found = sorted(_walk(get_resolver()), key=str)
    names = [route.name for route in found]
    assert len(names) == len(set(names)), "two pages with one name: one of them would not be walked"
    return found


def _walk(resolver: URLResolver, namespace: str = "") -> Iterator[Route]:
    inner = f"{namespace}{resolver.namespace}:" if resolver.namespace else namespace
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _walk(entry, inner)
        else:
            yield _route(entry, inner)


def _route(entry: URLPattern, namespace: str) -> Route:
    assert entry.name, f"{entry.pattern} has no name"
    converters: Mapping[str, Any] = entry.pattern.converters
    words = frozenset(getattr(entry.pattern, "regex").groupindex)  # noqa: B009  # both kinds of pattern have one
    numbers = frozenset(name for name, kind in converters.items() if type(kind).__name__ == "IntConverter")
    return Route(f"{namespace}{entry.name}", words, numbers, entry.callback)


def sent_names() -> list[str]:
    """Whatever a view reads from an address or a form without a form that declares it, as far as the sources say."""
    reads = re.compile(r'\.get(?:list)?\(\s*"(\w+)"|"(\w+)" in (?:asked|request\.GET)')
    texts = [file.read_text() for file in REMISE.glob("**/*.py")]
    views = [text for text in texts if "request.GET" in text or "request.POST" in text]
    return sorted({first or second for text in views for first, second in reads.findall(text)})


def asked_by_htmx() -> set[str]:
    """The pages that templates ask for a part of."""
    asks = re.compile(r"hx-(?:get|post|put|delete)=\"\{% url '([\w:]+)'")
    return {name for file in REMISE.glob("*/templates/**/*.html") for name in asks.findall(file.read_text())}
