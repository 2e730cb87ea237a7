"""Finding an article by a word, its beginning, its stem, or a word with a typing mistake; in the reader's language.

An index in memory: some hundred questions, read once. The database would need a table that is filled from the files,
and knows no typing mistakes (docs/adr/0019).
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import log

import snowballstemmer
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from remise.help.articles import Article, Question, all_in

STEMMERS = {"nl": "dutch", "de": "german", "en": "english"}
WORD = re.compile(r"\w+")
LONGEST, MOST_WORDS = 100, 8  # of a question that is searched: the page is open to everybody
IN_TITLE, IN_HEADING, IN_TEXT = 6.0, 4.0, 1.0
SAME, BEGINS, HOLDS, ALMOST = 1.0, 0.8, 0.5, 0.4  # how well a word of the text answers the word that was typed
AROUND = 90  # characters of text on each side of what was found
FROM_HERE = 4  # letters from which a word may lie inside another (Karte in Versicherungskarte) or be mistyped


@dataclass(frozen=True, slots=True)
class Found:
    """An article, and the question in it that answers best."""

    article: Article
    question: Question | None
    title: SafeString
    snippet: SafeString
    score: float

    @property
    def url(self) -> str:
        return self.article.url + (f"#{self.question.anchor}" if self.question else "")


def search(asked: str, language: str) -> Sequence[Found]:
    """The articles in which every word that was asked occurs; where there is none, those with most of them."""
    words = _words(asked[:LONGEST])[:MOST_WORDS]
    if not words:
        return ()
    index = _index(language)
    hits = [index.answers(word) for word in words]
    scored: dict[int, tuple[int, float]] = {}
    for place in range(len(index.places)):
        scores = [hit.get(place, 0.0) for hit in hits]
        if any(scores):
            scored[place] = (sum(1 for score in scores if score), sum(scores))
    most = max((count for count, _score in scored.values()), default=0)
    best: dict[str, tuple[float, int]] = {}
    for place, (count, score) in scored.items():
        slug = index.places[place][0].slug
        if count == most and score > best.get(slug, (0.0, 0))[0]:
            best[slug] = (score, place)
    marked = set().union(*(index.matches(word) for word in words))
    found = [_found(index.places[place], score, marked) for score, place in best.values()]
    return sorted(found, key=lambda one: (-one.score, one.article.facts.order))


type Place = tuple[Article, Question | None]


class Index:
    """Which words stand where, and which words a typed one may mean."""

    def __init__(self, language: str) -> None:
        self._stem = snowballstemmer.stemmer(STEMMERS[language]).stemWord
        self.places: list[Place] = []
        self._weights: dict[str, dict[int, float]] = defaultdict(dict)
        for article in all_in(language):
            self._add((article, None), article.title, "", article.summary)
            for question in article.questions:
                self._add((article, question), article.title, question.title, question.text)
        self._stems = {word: self._stem(word) for word in self._weights}
        self._near: dict[str, set[str]] = defaultdict(set)
        for word in self._weights:
            for form in _without_a_letter(word):
                self._near[form].add(word)

    def answers(self, typed: str) -> Mapping[int, float]:
        """Where the word occurs, and how well; a rare word says more than a common one."""
        found: dict[int, float] = {}
        for word, fit in self._meant(typed).items():
            places = self._weights[word]
            rare = log(1 + len(self.places) / len(places))
            for place, weight in places.items():
                found[place] = max(found.get(place, 0.0), weight * fit * rare)
        return found

    def matches(self, typed: str) -> set[str]:
        return set(self._meant(typed))

    def _meant(self, typed: str) -> dict[str, float]:
        stem = self._stem(typed)
        found: dict[str, float] = {}
        for word, its_stem in self._stems.items():
            if word == typed or its_stem == stem:
                found[word] = SAME
            elif word.startswith(typed):
                found[word] = BEGINS
            elif len(typed) >= FROM_HERE and (typed in word or (len(stem) >= FROM_HERE and stem in word)):
                found[word] = HOLDS
        if not found and len(typed) >= FROM_HERE:
            found = {word: ALMOST for form in _without_a_letter(typed) for word in self._near.get(form, ())}
        return found or dict.fromkeys(self._parts(typed), ALMOST)

    def _parts(self, typed: str) -> set[str]:
        """Two words that were typed as one: "groenekaart"."""
        halves = [(typed[:place], typed[place:]) for place in range(FROM_HERE, len(typed) - FROM_HERE + 1)]
        return {word for pair in halves if all(half in self._weights for half in pair) for word in pair}

    def _add(self, place: Place, title: str, heading: str, text: str) -> None:
        number = len(self.places)
        self.places.append(place)
        for said, weight in ((title, IN_TITLE), (heading, IN_HEADING), (text, IN_TEXT)):
            for word in _words(said):
                held = self._weights[word]
                held[number] = max(held.get(number, 0.0), weight)


@cache
def _index(language: str) -> Index:
    return Index(language)


def plain(text: str) -> str:
    """Small letters without accents: ü is u, é is e, ß is ss."""
    parted = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parted if not unicodedata.combining(letter))


def _words(text: str) -> list[str]:
    return WORD.findall(plain(text))


def _without_a_letter(word: str) -> Iterator[str]:
    """The word, and each that is left when one letter is taken out: two words that share one of these differ by one
    letter more, less, other, or in another place."""
    yield word
    if len(word) >= FROM_HERE:
        for place in range(len(word)):
            yield word[:place] + word[place + 1 :]


def _found(place: Place, score: float, marked: set[str]) -> Found:
    article, question = place
    text = question.text if question else article.summary
    title = f"{article.title} \N{EN DASH} {question.title}" if question else article.title
    return Found(article, question, _highlighted(title, marked), _highlighted(_around(text, marked), marked), score)


def _around(text: str, marked: set[str]) -> str:
    """The text near the first word that was found, cut between words."""
    first = next((found.start() for found in WORD.finditer(text) if plain(found[0]) in marked), 0)
    begin = text.rfind(" ", 0, max(0, first - AROUND)) + 1 if first > AROUND else 0
    end = text.find(" ", first + AROUND)
    cut = text[begin:] if end < 0 else text[begin:end]
    dots = "\N{HORIZONTAL ELLIPSIS}"
    return f"{dots if begin else ''}{cut}{dots if end >= 0 else ''}"


def _highlighted(text: str, marked: set[str]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in _marks(text, marked)))


def _marks(text: str, marked: set[str]) -> Iterator[str]:
    at = 0
    for found in WORD.finditer(text):
        if plain(found[0]) in marked:
            yield text[at : found.start()]
            yield format_html("<mark>{}</mark>", found[0])
            at = found.end()
    yield text[at:]
