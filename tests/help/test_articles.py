"""The articles are whole: every language, the same questions, and no link that leads nowhere."""

import re

import pytest
from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.html import escape

from remise.core import reading
from remise.help import articles
from remise.help.articles import Article, Unwritten
from remise.help.views import reading as pages
from tests.help.people import visitor
from tests.routes import routes
from tests.world import portal

LANGUAGES = [code for code, _name in settings.LANGUAGES]
EVERY = [(slug, language) for slug in articles.facts() for language in LANGUAGES]
each = pytest.mark.parametrize(("slug", "language"), EVERY)
WANTED = {
    *("green-card", "green-card-needed", "eherkenning", "authenticator-app", "premium", "driving-risks"),
    *("register-deregister", "back-dating", "missing-right", "cannot-sign-in", "invitation-expired"),
    *("sharing-login", "lost-phone", "api-key", "who-sees-my-data", "what-we-keep"),
}


def read(slug: str, language: str) -> Article:
    found = articles.article(slug, language)
    assert found is not None
    return found


def test_f207_every_article_is_there() -> None:
    assert set(articles.facts()) == WANTED


@each
def test_article_is_written_in_every_language(slug: str, language: str) -> None:
    found, dutch = read(slug, language), read(slug, "nl")
    assert found.title
    assert found.summary
    assert found.anchors() == dutch.anchors()  # a link from an error leads to the same question in each
    assert len(set(found.anchors())) == len(found.anchors())
    assert all(question.title and question.text for question in found.questions)
    if language != "nl":
        assert found.title != dutch.title
        assert [one.text for one in found.questions] != [one.text for one in dutch.questions]


@each
def test_links_of_an_article_lead_somewhere(slug: str, language: str) -> None:
    found = read(slug, language)
    anchors = {article.url: article.anchors() for article in articles.all_in(language)}
    for question in found.questions:
        for href in re.findall(r'href="([^"]*)"', question.html):
            path, _, anchor = href.partition("#")
            resolve(path)
            assert not anchor or anchor in anchors[path], href


@each
def test_article_holds_no_markup_of_its_own(slug: str, language: str) -> None:
    """Text, lists, links and code: nothing that runs, and nothing styled in place."""
    allowed = {"p", "a", "ul", "ol", "li", "strong", "em", "code"}
    for question in read(slug, language).questions:
        assert set(re.findall(r"<(\w+)", question.html)) <= allowed
        assert set(re.findall(r'\s(\w+)="', question.html)) <= {"href"}


@each
def test_words_of_an_article_are_in_its_style(slug: str, language: str) -> None:
    """Dutch says je, German Sie; sentences stay short (look.md: B1)."""
    found = read(slug, language)
    text = " ".join([found.summary, *(one.text for one in found.questions)])
    foreign = {"nl": r"\b(u|uw)\b", "de": r"\b(du|dein|deine|dich|dir)\b", "en": r"\b(successfully)\b"}[language]
    assert not re.search(foreign, text, re.IGNORECASE)
    sentences = re.split(r"(?<=[.!?:])\s+", text)
    longest = max(sentences, key=lambda sentence: len(sentence.split()))
    assert len(longest.split()) <= 45, longest


@pytest.mark.parametrize("slug", articles.facts())
def test_article_says_where_it_comes_from(slug: str) -> None:
    facts = articles.facts()[slug]
    assert facts.sources
    for source in facts.sources:
        assert len(str(source)) > 10
        assert [bool(source.text), bool(source.law), bool(source.kind)].count(True) == 1
        assert bool(source.law) is (source.as_of is not None)  # statutes change: the day of the text is said


@pytest.mark.parametrize("slug", articles.facts())
def test_refusals_and_pages_that_an_article_names_exist(slug: str) -> None:
    facts = articles.facts()[slug]
    assert set(facts.codes.values()) <= set(read(slug, "nl").anchors())
    assert set(facts.pages) <= {route.name for route in routes()}
    for code in facts.codes:
        assert reading.read_why(code) == f"/help/articles/{slug}#{facts.codes[code]}"


def test_unknown_code_has_nothing_to_read() -> None:
    assert reading.read_why("no_such_code") == ""
    assert reading.read_why("") == ""


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "javascript:alert(1)", "article:none", "green-card"]
)
def test_link_out_of_the_house_is_refused(target: str) -> None:
    with pytest.raises(Unwritten):
        articles.address(target)


def test_markup_in_a_file_is_shown_and_not_obeyed() -> None:
    parts = list(articles._parts(articles._READ.parse("# A\n\nB\n\n## C {#c}\n\n<script>x</script> *d*")))
    assert parts[1].html == "<p>&lt;script&gt;x&lt;/script&gt; <em>d</em></p>\n"


def test_every_page_of_help_opens_for_a_stranger_in_each_language() -> None:
    at = portal()
    for language in LANGUAGES:
        client = visitor(at, language=language)
        for article in articles.all_in(language):
            page = client.get(article.url).content.decode()
            assert str(escape(article.summary)) in page
            for question in article.questions:
                assert f'id="{question.anchor}"' in page
                assert f'href="#{question.anchor}"' in page
        whole = client.get("/help/questions").content.decode()
        for article in articles.all_in(language):
            assert f'id="{article.slug}"' in whole
            assert all(f'id="{article.slug}.{anchor}"' in whole for anchor in article.anchors())
    assert pages.article.login_required is False  # type: ignore[attr-defined]


def test_unknown_article_is_404() -> None:
    assert visitor(portal()).get("/help/articles/no-such").status_code == 404
    with pytest.raises(Resolver404):
        resolve("/help/articles/no/such")
