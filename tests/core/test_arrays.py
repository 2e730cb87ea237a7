"""What goes to the server as an array literal comes back as it was."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import psycopg
import pytest
from django.utils.safestring import mark_safe
from hypothesis import given, settings
from hypothesis import strategies as st

from remise.config.provision import Addresses
from remise.core.arrays import array
from remise.runs.models import RunRow

# PostgreSQL's text holds everything but the null character; lone surrogates are no text at all.
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
awkward = st.sampled_from(["", "NULL", "null", "{}", "a,b", '"', "\\", '\\"', "{a}", " a ", "a\nb", "'", "%s"])


@pytest.fixture(scope="module")
def bare(addresses: Addresses) -> Iterator[psycopg.Connection]:
    with psycopg.connect(addresses.app, autocommit=True) as connection:
        yield connection


@settings(max_examples=200, deadline=None)
@given(values=st.lists(st.none() | texts | awkward))
def test_texts_come_back(bare: psycopg.Connection, values: list[str | None]) -> None:
    assert bare.execute("select %s::text[]", [array(values)]).fetchone() == (values,)


@settings(max_examples=50, deadline=None)
@given(
    values=st.lists(st.dictionaries(awkward | texts, texts | awkward | st.integers(-9, 9) | st.none(), max_size=3))
)
def test_operations_come_back(bare: psycopg.Connection, values: list[dict[str, object]]) -> None:
    lists = [[value] for value in values]
    assert bare.execute("select to_jsonb(%s::jsonb[])", [array(lists)]).fetchone() == (lists,)


def test_sort_of_text_is_text(bare: psycopg.Connection) -> None:
    values: list[str] = [RunRow.Verdict.PENDING, mark_safe("<b>")]
    assert bare.execute("select %s::text[]", [array(values)]).fetchone() == (["pending", "<b>"],)


def test_what_is_of_no_kind_is_refused() -> None:
    with pytest.raises(KeyError):
        array([object()])  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("bigint", [1, -1, None, 2**62]),
        ("boolean", [True, False, None]),
        ("numeric", [Decimal("0.10"), Decimal("-12345678.90"), None]),
        ("date", [date(2026, 1, 1), None]),
        ("timestamptz", [datetime(2026, 1, 1, 23, 59, 59, 999_999, tzinfo=UTC), None]),
    ],
)
def test_other_values_come_back(bare: psycopg.Connection, kind: str, values: list[object]) -> None:
    given = array(values)  # type: ignore[arg-type]  # of all kinds
    assert bare.execute(f"select %s::{kind}[]", [given]).fetchone() == (values,)
