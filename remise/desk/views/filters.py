"""The filters of the queue as the page draws them: words, counts and where each leads."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from remise.core.words import Text
from remise.desk.kinds import kinds
from remise.desk.queue import Counts, QueueQuery
from remise.desk.rules import Age

WORDS: Mapping[str, Mapping[str, Promise | str]] = {
    "age": {
        Age.TODAY: _("Today"),
        Age.FEW: _("1–2 days"),
        Age.MORE: _("3–5 days"),
        Age.OLDER: _("Longer"),
    },
    "due": {"late": _("Too late"), "today": _("Due today"), "week": _("Due this week")},
    "who": {"nobody": _("Nobody's"), "me": _("Mine"), "colleague": _("A colleague's")},
    "waits": {"customer": _("Waits for the customer")},
}
EMPTY: Mapping[tuple[str, str], tuple[Text, Text]] = {
    ("due", "late"): (_("Nothing is too late"), _("Each open request is still within its time.")),
    ("due", "today"): (
        _("Nothing more is due today"),
        _("What must be answered today stands here."),
    ),
    ("due", "week"): (_("Nothing more is due this week"), _("What must be answered this week stands here.")),
    ("who", "me"): (_("Nothing is yours now"), _("Take a request and it stands here until it is decided.")),
    ("who", "nobody"): (_("Somebody is at each request"), _("A new request stands here until somebody takes it.")),
    ("who", "colleague"): (
        _("No colleague is at anything"),
        _("What colleagues took stands here."),
    ),
    ("waits", "customer"): (
        _("No customer has to answer"),
        _("Ask something, and the request stands here until the answer comes."),
    ),
    ("age", Age.TODAY): (_("Nothing came in today"), _("A new request appears by itself in this list.")),
    **{
        ("age", age): (_("Nothing has waited so long"), _("What is open stands here by how long it has waited."))
        for age in (Age.FEW, Age.MORE, Age.OLDER)
    },
}
DONE = (_("Nothing closed yet"), _("What was accepted, refused or withdrawn stands here."))
OPEN = (
    _("Nothing waits for you"),
    _("Customers ask here what they cannot do online. A new request appears by itself in this list."),
)
SEVERAL = (_("Nothing is all of this"), _("Take a filter away to see more."))


@dataclass(frozen=True, slots=True)
class Choice:
    label: Text
    url: str
    count: int | None = None
    is_chosen: bool = False
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Of the bar: a link as wide as its share, in hundredths."""

    choice: Choice
    name: str
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class KindLine:
    choice: Choice
    late: int


def address(query: QueueQuery) -> str:
    """What stands behind the question mark; nothing where nothing is chosen."""
    return urlencode(query.address)


def page(query: QueueQuery) -> str:
    asked = address(query)
    return f"{reverse('desk:queue')}?{asked}" if asked else reverse("desk:queue")


def ages(query: QueueQuery, counts: Counts) -> list[Choice]:
    return [_choice(query, counts, "age", value) for value in WORDS["age"]]


def bar(query: QueueQuery, counts: Counts) -> list[Part]:
    """How long things have waited, drawn; nothing where nothing waits."""
    found = counts.facets["age"]
    total = sum(found.values())
    parts: list[Part] = []
    x = 0.0
    for value, choice in zip(found, ages(query, counts), strict=True):
        if share := found[value] and 100 * found[value] / total:
            parts.append(Part(choice, value.partition("-")[0], f"{x:.2f}", f"{share:.2f}"))
            x += share
    return parts


def chips(query: QueueQuery, counts: Counts) -> list[Choice]:
    """What can be chosen besides, in its order: nothing that would show an empty list, unless it is chosen."""
    found = [_choice(query, counts, facet, value) for facet in ("due", "who", "waits") for value in WORDS[facet]]
    closed = replace(query, show="" if query.is_done else "done", age="", due="", waits="")
    shown = [one for one in found if one.count or one.is_chosen]
    return [*shown, Choice(_("Closed"), page(closed), is_chosen=query.is_done)]


def typed(query: QueueQuery) -> list[Choice]:
    """What was typed or chosen elsewhere, to be taken off again."""
    found: list[Choice] = []
    if query.kind:
        found.append(Choice(kinds[query.kind].label, page(replace(query, kind="")), is_chosen=True))
    if query.company:
        found.append(Choice(query.company, page(replace(query, company="")), is_chosen=True))
    if query.about:
        found.append(Choice(query.about, page(replace(query, about="")), is_chosen=True))
    return found


def chosen(query: QueueQuery, counts: Counts) -> list[Choice]:
    """All that the list is narrowed to."""
    facets = [_choice(query, counts, facet, value) for facet in WORDS if (value := getattr(query, facet))]
    closed = [Choice(_("Closed"), page(replace(query, show="")), is_chosen=True)] if query.is_done else []
    return [*closed, *(one for one in facets if one.is_chosen), *typed(query)]


def by_kind(query: QueueQuery, counts: Counts) -> list[KindLine]:
    """Those of which there is something."""
    return [
        KindLine(
            Choice(
                kind.label, page(_with(query, "kind", kind.name)), counts.kinds[kind.name], kind.name == query.kind
            ),
            counts.late_of_kinds[kind.name],
        )
        for kind in kinds
        if kind.name in counts.kinds
    ]


def empty(query: QueueQuery) -> tuple[Text, Text]:
    """What an empty list says: what stands in it, or that the filters leave nothing."""
    chosen = {name: value for name, value in query.address.items() if name != "show"}
    if len(chosen) > 1:
        return SEVERAL
    if query.is_done:
        return SEVERAL if chosen else DONE
    if not chosen:
        return OPEN
    return EMPTY.get(next(iter(chosen.items())), SEVERAL)


def _choice(query: QueueQuery, counts: Counts, facet: str, value: str) -> Choice:
    is_chosen = not query.is_done and getattr(query, facet) == value
    url = page(_with(query, facet, "" if is_chosen else value))
    tone = "bad" if (facet, value) == ("due", "late") and counts.facets[facet][value] else ""
    return Choice(WORDS[facet][value], url, counts.facets[facet][value], is_chosen, tone)


def _with(query: QueueQuery, name: str, value: str) -> QueueQuery:
    """Of what is open: the counts are of those."""
    return replace(query, show="", **{name: value})
