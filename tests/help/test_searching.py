"""Found by a word, its beginning, its stem, a word with a mistake; in the reader's language only."""

import re

import pytest
from django.utils.html import strip_tags
from hypothesis import given
from hypothesis import strategies as some

from remise.help import articles, searching
from remise.help.searching import search
from tests.help.people import visitor
from tests.world import portal


def slugs(asked: str, language: str = "nl") -> list[str]:
    return [hit.article.slug for hit in search(asked, language)]


@pytest.mark.parametrize(
    ("asked", "language", "first"),
    [
        ("groene kaart", "nl", "green-card"),
        ("groenekaart", "nl", "green-card"),  # typed as one word
        ("kaarten", "nl", "green-card"),  # its stem
        ("meldc", "nl", "register-deregister"),  # its beginning
        ("meldcdoe", "nl", "register-deregister"),  # two letters changed places
        ("eherkening", "nl", "eherkenning"),  # a letter less
        ("29 dagen", "nl", "back-dating"),
        ("Grüne Karte", "de", "green-card"),
        ("GRUNE", "de", "green-card"),  # no dots, in capitals
        ("Passwort vergessen", "de", "cannot-sign-in"),
        ("Lohnsumme", "de", "premium"),
        ("recovery code", "en", "lost-phone"),
        ("registering", "en", "register-deregister"),
        ("who sees", "en", "who-sees-my-data"),
    ],
)
def test_right_article_is_found_first(asked: str, language: str, first: str) -> None:
    assert slugs(asked, language)[:1] == [first]


@pytest.mark.parametrize("slug", articles.facts())
@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_f207_article_is_found_by_its_title(slug: str, language: str) -> None:
    found = articles.article(slug, language)
    assert found is not None
    assert slugs(found.title, language)[0] == slug


@pytest.mark.parametrize("asked", ["", "   ", "xyzzy", "%", "'", "\N{SUPERSCRIPT TWO}", "a b"])
def test_what_is_nowhere_finds_nothing_or_little(asked: str) -> None:
    assert len(slugs(asked)) <= len(articles.facts())
    if asked.strip() in {"", "xyzzy", "%", "'"}:
        assert slugs(asked) == []


def test_other_language_is_not_searched() -> None:
    assert slugs("Wiederherstellung Kennzeichen", "en") == []


def test_found_words_are_marked() -> None:
    (hit, *_rest) = search("meldcode", "nl")
    assert "<mark>meldcode</mark>" in hit.title
    assert "<mark>meldcode</mark>" in hit.snippet
    assert hit.url.endswith("#check-code")


@given(asked=some.text(max_size=300), language=some.sampled_from(["nl", "de", "en"]))
def test_whatever_is_typed_breaks_nothing_and_marks_only(asked: str, language: str) -> None:
    for hit in search(asked, language):
        for shown in (hit.title, hit.snippet):
            assert set(re.findall(r"<(/?\w+)", shown)) <= {"mark", "/mark"}
        text = hit.question.text if hit.question else hit.article.summary
        plain = strip_tags(hit.snippet).strip("\N{HORIZONTAL ELLIPSIS}")
        assert searching.plain(plain.replace("&#x27;", "'").replace("&quot;", '"')) in searching.plain(text)


@given(word=some.sampled_from(["kenteken", "beheerder", "wachtwoord", "herstelcode"]), data=some.data())
def test_one_letter_wrong_still_finds(word: str, data: some.DataObject) -> None:
    place = data.draw(some.integers(0, len(word) - 1))
    letter = data.draw(some.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    typed = data.draw(
        some.sampled_from([word[:place] + word[place + 1 :], word[:place] + letter + word[place + 1 :]])
    )
    assert slugs(typed) != []


def test_page_shows_what_was_found_and_who_helps_where_nothing_was() -> None:
    at = portal()
    page = visitor(at, language="nl").get("/help/search", {"q": "meldcode"}).content.decode()
    assert "/help/articles/register-deregister#check-code" in page
    empty = visitor(at, language="nl").get("/help/search", {"q": "xyzzy"}).content.decode()
    assert at.desk_phone in empty
    part = visitor(at).get("/help/search", {"q": "card"}, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "HX-Request" in part["Vary"]


def test_markup_in_a_question_is_shown_as_it_was_typed() -> None:
    page = visitor(portal()).get("/help/search", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page
