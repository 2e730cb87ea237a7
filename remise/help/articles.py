"""The articles: reviewed files of the house, in every language of the program, drawn once.

Each has a folder: `article.toml` says what is the same in all languages (topic, the refusals it explains, the pages
it belongs to, sources, when it was reviewed), `nl.md` and the others what is read. A file begins with its title and
one paragraph that sums it up; each question after it is a heading with its anchor: `## Why? {#why}`. Links are
written as `article:<slug>#<anchor>` and `page:<name of an address>`, and a test follows each of them (docs/adr/0019).
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from remise.help.capacities import Topic
from remise.ui import formats

FOLDER = Path(__file__).parent / "articles"
ANCHOR = re.compile(r"\s*\{#([a-z][a-z0-9-]*)\}\s*$")


class Unwritten(ValueError):
    """A file of ours is not as it must be."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from: a law as its text stood on a day, a standard or register by its name, or what the
    reader has at hand."""

    text: str = ""
    law: str = ""
    as_of: date | None = None
    kind: str = ""

    def __str__(self) -> str:
        if self.kind:
            return str(_AT_HAND[self.kind])
        if self.as_of:
            return _("%(law)s (text of %(day)s)") % {"law": self.law, "day": formats.day(self.as_of)}
        return self.text


_AT_HAND = {"portal": gettext_lazy("How this portal works"), "terms": gettext_lazy("The terms of your policy")}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is the same in all languages."""

    slug: str
    order: int
    topic: Topic
    reviewed: date
    pages: tuple[str, ...]
    codes: Mapping[str, str]  # of a refusal -> the anchor of the question that explains it
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Question:
    anchor: str
    title: str
    html: SafeString
    text: str  # without markup: what is searched


@dataclass(frozen=True, slots=True)
class Article:
    facts: Facts
    language: str
    title: str
    summary: str
    questions: tuple[Question, ...]

    @property
    def slug(self) -> str:
        return self.facts.slug

    @property
    def url(self) -> str:
        return reverse("help:article", args=[self.slug])

    def anchors(self) -> list[str]:
        return [question.anchor for question in self.questions]


@cache
def facts() -> Mapping[str, Facts]:
    """All articles by slug, in their order."""
    found = (_facts(path.parent) for path in FOLDER.glob("*/article.toml"))
    return {each.slug: each for each in sorted(found, key=lambda each: (each.order, each.slug))}


def all_in(language: str = "") -> Sequence[Article]:
    """In the reader's language."""
    return _all(language or _reader())


def article(slug: str, language: str = "") -> Article | None:
    return _article(slug, language or _reader()) if slug in facts() else None


def languages() -> list[str]:
    return [code for code, _label in settings.LANGUAGES]


def _reader() -> str:
    language = (get_language() or "").partition("-")[0]
    return language if language in languages() else settings.LANGUAGE_CODE


@cache
def _all(language: str) -> Sequence[Article]:
    return tuple(_article(slug, language) for slug in facts())


def _facts(folder: Path) -> Facts:
    told = tomllib.loads((folder / "article.toml").read_text())
    return Facts(
        slug=folder.name,
        order=told["order"],
        topic=Topic(told["topic"]),
        reviewed=told["reviewed"],
        pages=tuple(told["pages"]),
        codes=told["codes"],
        sources=tuple(Source(**source) for source in told["sources"]),
    )


# Markup is off, so that a file can hold text, lists and links and nothing else; `javascript:` is no link to it.
_READ = MarkdownIt("commonmark", {"html": False})


@cache
def _article(slug: str, language: str) -> Article:
    path = FOLDER / slug / f"{language}.md"
    parts = list(_parts(_READ.parse(path.read_text())))
    if not parts or parts[0].heading != "h1" or any(part.heading != "h2" or not part.anchor for part in parts[1:]):
        raise Unwritten(f"{path}: a title, a summary, and questions with an anchor each")
    head, questions = parts[0], parts[1:]
    return Article(
        facts()[slug],
        language,
        head.title,
        head.text,
        tuple(Question(part.anchor, part.title, part.html, part.text) for part in questions),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """A heading and what stands under it."""

    heading: str
    title: str
    anchor: str
    body: list[Token]

    @property
    def html(self) -> SafeString:
        # The reader escapes whatever looks like markup.
        return SafeString(_READ.renderer.render(self.body, _READ.options, {}))

    @property
    def text(self) -> str:
        return " ".join(_plain(token) for token in self.body if token.type == "inline")


def _parts(tokens: Sequence[Token]) -> Iterator[_Part]:
    found: _Part | None = None
    places = iter(tokens)
    for token in places:
        if token.type == "heading_open":
            if found:
                yield found
            words = ANCHOR.split(next(places).content)
            next(places)  # where the heading closes
            found = _Part(token.tag, words[0].strip(), words[1] if len(words) > 1 else "", [])
        elif found:
            for child in token.children or ():
                if child.type == "link_open":
                    child.attrs["href"] = address(str(child.attrs["href"]))
            found.body.append(token)
    if found:
        yield found


def address(target: str) -> str:
    """Where a link of an article leads. Links lead to articles and pages of the house: what is elsewhere changes
    without us, and nobody reviews it."""
    kind, _, rest = target.partition(":")
    if kind == "article":
        slug, _, anchor = rest.partition("#")
        if slug not in facts():
            raise Unwritten(f"no article {slug}")
        return reverse("help:article", args=[slug]) + (f"#{anchor}" if anchor else "")
    if kind == "page":
        return reverse(rest)
    raise Unwritten(f"{target} is neither article: nor page:")


def _plain(token: Token) -> str:
    return "".join(" " if child.type == "softbreak" else child.content for child in token.children or ())
