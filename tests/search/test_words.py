"""However a name is written, it is one: capitals, accents, infixes and what stands between do not count."""

import unicodedata

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from remise.core.scope import ActorKind, Scope, enter
from remise.core.search.kinds import names
from remise.core.search.words import INFIXES, keys_of, name_key, words_of

WORD = st.text("abcdefghijklmnoprstuwxyz", min_size=2, max_size=9).filter(lambda word: word not in INFIXES)
NAME = st.lists(WORD, min_size=1, max_size=4)
BETWEEN = st.sampled_from([" ", "  ", "-", ", ", " \u2013 ", "\u00a0", " / ", " & "])
# Letters of several alphabets, what stands between, and whatever else there is.
ANY = st.text(
    st.one_of(
        st.sampled_from("aZ éÉßẞØøŁæŒÞıİǅĳﬁ½².'’`´-–/&\u0301\u00ad\u200dΩωЖж"),
        st.characters(max_codepoint=0x2FFF, exclude_categories=["Cs", "Cn"], exclude_characters="\x00"),
    ),
    max_size=24,
)


def _accented(letter: str, accent: str) -> str:
    return unicodedata.normalize("NFC", letter + accent)


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("J.P. van der Bérg-Smit", ["jp berg smit", "berg smit", "smit"]),
        ("Garage De Brug B.V.", ["garage brug bv", "brug bv", "bv"]),
        ("Siobhán O'Brien", ["siobhan obrien", "obrien"]),
        ("Jürgen von Weiß", ["jurgen weiss", "weiss"]),
        ("De Van", ["de van", "van"]),  # nothing but infixes
        ("Bjørn Ødegård", ["bjorn odegard", "odegard"]),
        ("", []),
    ],
)
def test_name_is_found_from_each_of_its_words(name: str, keys: list[str]) -> None:
    assert keys_of(name) == keys


@given(name=NAME, data=st.data())
def test_any_way_of_writing_a_name_is_that_name(name: list[str], data: st.DataObject) -> None:
    """In capitals or not, with accents or not, with infixes in front of a word or not, and with anything between."""
    written = []
    for word in name:
        accent = data.draw(st.sampled_from(["", "\u0301", "\u0308", "\u030c"]))
        place = data.draw(st.integers(0, len(word) - 1))
        word = word[:place] + _accented(word[place], accent) + word[place + 1 :]  # noqa: PLW2901
        infix = data.draw(st.sampled_from(["", "van der ", "De ", "v.d. ", "'t "]))
        written.append(infix + data.draw(st.sampled_from([word, word.upper(), word.title()])))
    between = data.draw(BETWEEN)
    assert words_of(between.join(written)) == name
    assert keys_of(between.join(written)) == keys_of(" ".join(name))


@given(name=NAME, data=st.data())
def test_beginnings_of_its_words_in_any_order_find_a_name(name: list[str], data: st.DataObject) -> None:
    keys = keys_of(" ".join(name))
    said = [word[: data.draw(st.integers(2, len(word)))] for word in data.draw(st.permutations(name))]
    typed = " ".join(said)
    asked = names(typed)
    assert any(all(_begins(keys, one) for one in (wanted.begins, *wanted.others)) for wanted in asked), typed


def _begins(keys: list[str], beginning: str) -> bool:
    return any(key.startswith(beginning) for key in keys)


@given(texts=st.lists(ANY, min_size=20, max_size=60))
def test_the_database_writes_names_as_we_do(texts: list[str]) -> None:
    found = _in_the_database(texts)
    wrong = [text for text, keys in zip(texts, found, strict=True) if keys != sorted(set(keys_of(text)))]
    assert wrong == []


@given(texts=st.lists(st.one_of(ANY, st.text("aﷺ", max_size=160)), min_size=20, max_size=60))
def test_the_database_tells_whole_names_apart_as_we_do(texts: list[str]) -> None:
    with enter(Scope(ActorKind.PUBLIC)), connection.cursor() as cursor:
        cursor.execute("select array(select name_key(said) from unnest(%s::text[]) said)", [texts])
        ((found,),) = cursor.fetchall()
    assert found == [name_key(text) for text in texts]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("Anaïs van der Bérg", "ANAIS VAN DER-BERG", True), ("P. de Jong", "P. Jong", False), ("--", "--", True)],
)
def test_infix_tells_whole_names_apart(one: str, other: str, same: bool) -> None:
    assert (name_key(one) == name_key(other)) is same


def test_the_database_writes_every_letter_as_we_do() -> None:
    letters = [chr(code) for code in range(1, 0x3000) if unicodedata.category(chr(code)) != "Cn"]
    texts = [f"a{letter}b {letter}" for letter in letters]
    found = _in_the_database(texts)
    wrong = [text for text, keys in zip(texts, found, strict=True) if keys != sorted(set(keys_of(text)))]
    assert wrong == []


def _in_the_database(texts: list[str]) -> list[list[str]]:
    with enter(Scope(ActorKind.PUBLIC)), connection.cursor() as cursor:
        cursor.execute(
            "select array(select search_keys(said)) from unnest(%s::text[]) with ordinality u (said, place)"
            " order by place",
            [texts],
        )
        return [sorted(keys) for (keys,) in cursor.fetchall()]
