"""Numbers of the insurer's own making are one number, however they are typed."""

import pytest
from django.db import connection, models
from django.db.models import Value
from hypothesis import given
from hypothesis import strategies as st

from remise.core.identifiers import number_key
from remise.core.numbers import NumberKey
from remise.core.scope import enter
from tests import world

BETWEEN = " .-/_\t\u00a0\u2011\u2013\u2212\u200b\u00b7"
TYPED = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)


@pytest.mark.parametrize(
    ("typed", "key"),
    [("40.123-a", "40123A"), (" 40 123 A ", "40123A"), ("R–47/11", "R4711"), ("é1", "é1"), ("ß-i", "ßI"), ("--", "")],
)
def test_key_leaves_out_what_stands_between(typed: str, key: str) -> None:
    assert number_key(typed) == key


@given(number=st.text("0123456789abzABZ", min_size=1, max_size=20), data=st.data())
def test_what_is_put_between_and_case_change_no_key(number: str, data: st.DataObject) -> None:
    between = st.text(BETWEEN, max_size=2)
    typed = "".join(data.draw(between) + data.draw(st.sampled_from([c, c.swapcase()])) for c in number)
    assert number_key(typed) == number_key(number) == number.upper()
    assert number_key(number_key(typed)) == number_key(typed)


@given(first=st.text("019aZ.- ", max_size=8), second=st.text("019aZ.- ", max_size=8))
def test_other_letters_and_digits_are_another_number(first: str, second: str) -> None:
    plain = [[c.upper() for c in text if c.isalnum()] for text in (first, second)]
    assert (number_key(first) == number_key(second)) is (plain[0] == plain[1])


def test_the_database_reads_as_we_do() -> None:
    """Every character that may stand in a number, each by itself and many together."""
    every = [chr(code) for code in [*range(1, 0xD800), *range(0xE000, 0x10000), 0x1F600]]
    every += [f"4{char}a" for char in every[:0x3100]]
    garage = world.garage()
    compiler = models.query.QuerySet(model=type(garage.policy)).query.get_compiler("default")
    sql, values = compiler.compile(NumberKey(Value("%")).resolve_expression(compiler.query))
    assert values == ("%",)
    with enter(garage.actor().scope), connection.cursor() as cursor:
        cursor.execute(f"select {sql.replace('%s', 'typed')} from unnest(%s::text[]) typed", [every])
        found = [row[0] for row in cursor.fetchall()]
    assert [(typed, key) for typed, key in zip(every, found, strict=True) if key != number_key(typed)] == []


@given(typed=TYPED)
def test_any_text_has_a_key_that_stays(typed: str) -> None:
    assert number_key(number_key(typed)) == number_key(typed)
