from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from remise.core.identifiers import IdentifierError
from remise.core.money import Money, allot, cents, format_euros, parse_euros, split

exact = st.decimals(-(10**12), 10**12, places=6)
amounts = st.integers(-(10**14), 10**14).map(lambda n: Decimal(n).scaleb(-2))
weights = st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(any)
shares = st.lists(st.fractions(-1000, 1000, max_denominator=60), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("value", "rounded"),
    [("0.005", "0.01"), ("-0.005", "-0.01"), ("2.675", "2.68"), ("-2.674", "-2.67"), ("-0.004", "0.00")],
)
def test_cents_rounds_half_away_from_zero(value: str, rounded: str) -> None:
    assert str(cents(Decimal(value))) == rounded


@pytest.mark.parametrize("value", [1.0, 0.1, True, "1.00", None, Fraction(1, 2)])
def test_cents_refuses_other_than_decimal(value: Any) -> None:
    with pytest.raises(TypeError):
        cents(value)


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "1e40"])
def test_cents_refuses_what_is_no_amount(value: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        cents(Decimal(value))


@given(exact)
def test_cents_is_symmetric_idempotent_and_near(value: Decimal) -> None:
    assert cents(-value) == -cents(value)
    assert cents(cents(value)) == cents(value)
    assert abs(Fraction(cents(value)) - Fraction(value)) <= Fraction(1, 200)


def test_money_keeps_net_tax_and_gross_apart() -> None:
    premium = Money.from_net(Decimal("10.10"), Decimal("0.21"))
    assert (premium.net, premium.tax, premium.gross) == (Decimal("10.10"), Decimal("2.12"), Decimal("12.22"))
    assert premium - premium == Money(Decimal("0.00"))
    assert not Money(Decimal(0))


@pytest.mark.parametrize("net", [1.5, "1.50", True])
def test_money_refuses_floats(net: Any) -> None:
    with pytest.raises(TypeError):
        Money(net)
    with pytest.raises(TypeError):
        Money(Decimal(1), tax=net)


def test_money_refuses_a_rate_that_is_a_float() -> None:
    rate: Any = 0.21
    with pytest.raises(TypeError):
        Money.from_net(Decimal(1), rate)
    with pytest.raises(TypeError):
        Money.from_gross(Decimal(1), rate)


def test_money_refuses_parts_of_a_cent() -> None:
    with pytest.raises(ValueError, match="two places"):
        Money(Decimal("1.005"))


@given(gross=amounts, rate=st.decimals(0, 1, places=4))
def test_money_from_gross_keeps_the_gross(gross: Decimal, rate: Decimal) -> None:
    premium = Money.from_gross(gross, rate)
    assert premium.gross == gross
    assert Money.from_gross(-gross, rate) == -premium


@given(a=amounts, b=amounts, tax=amounts)
def test_money_adds_part_by_part(a: Decimal, b: Decimal, tax: Decimal) -> None:
    total = Money(a, tax) + Money(b)
    assert (total.net, total.tax, total.gross) == (a + b, tax, a + b + tax)
    assert total - Money(b) == Money(a, tax)


def test_split_gives_left_over_cents_to_the_largest_remainders() -> None:
    assert split(Decimal("100.00"), [1, 1, 1]) == (Decimal("33.34"), Decimal("33.33"), Decimal("33.33"))
    assert split(Decimal("-0.05"), [1, 2, 3]) == (Decimal("-0.01"), Decimal("-0.02"), Decimal("-0.02"))
    assert split(Decimal("0.01"), [0, 1, 1]) == (Decimal("0.00"), Decimal("0.01"), Decimal("0.00"))


@pytest.mark.parametrize("bad", [[], [0], [0, 0], [-1, 2]])
def test_split_refuses_weights_without_meaning(bad: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split(Decimal(1), bad)


def test_split_refuses_floats() -> None:
    weight: Any = 0.5
    with pytest.raises(TypeError):
        split(Decimal(1), [weight, 1])


@given(total=amounts, parts=weights)
def test_split_adds_up_and_is_symmetric(total: Decimal, parts: list[int]) -> None:
    found = split(total, parts)
    assert sum(found) == total
    assert split(-total, parts) == tuple(-part for part in found)
    ideal = [Fraction(total) * weight / sum(parts) for weight in parts]
    assert all(abs(Fraction(p) - i) < Fraction(1, 100) for p, i in zip(found, ideal, strict=True))
    assert all(not part for part, weight in zip(found, parts, strict=True) if not weight)


@given(shares)
def test_allot_of_either_sign_adds_up(causes: list[Fraction]) -> None:
    rest = -sum(causes, Fraction(0)) % Fraction(1, 100)
    causes = [*causes, rest, Fraction(0)]
    found = allot(causes)
    assert sum(map(Fraction, found)) == sum(causes)
    assert all(abs(Fraction(p) - c) < Fraction(1, 100) for p, c in zip(found, causes, strict=True))
    assert not found[-1]
    assume(sum(causes))
    assert allot([-cause for cause in causes]) == tuple(-part for part in found)


def test_allot_refuses_a_sum_with_parts_of_a_cent() -> None:
    with pytest.raises(ValueError, match="whole cents"):
        allot([Fraction(1, 3)])


@pytest.mark.parametrize(
    ("language", "text"),
    [("nl", "€\u00a01.234,56"), ("nl-nl", "€\u00a01.234,56"), ("de", "1.234,56\u00a0€"), ("en", "€1,234.56")],
)
def test_format_euros_follows_the_language(language: str, text: str) -> None:
    assert format_euros(Decimal("1234.56"), language) == text


@pytest.mark.parametrize(
    "text",
    [
        "10000",
        "10.000",
        "€ 10.000,00",
        "10.000,-",
        "€10,000.00",
        "10 000,00",
        "10000,0",
        "eur 10.000",
        "10.000 €",
    ],
)
def test_parse_euros_reads_ten_thousand(text: str) -> None:
    assert str(parse_euros(text)) == "10000.00"


@pytest.mark.parametrize(
    ("text", "value"),
    [("12,5", "12.50"), ("12.34", "12.34"), ("0", "0.00"), ("1,234,567", "1234567.00"), ("007", "7.00")],
)
def test_parse_euros_reads_decimals_and_thousands(text: str, value: str) -> None:
    assert str(parse_euros(text)) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("10,000", "ambiguous"),
        ("0,500", "ambiguous"),
        ("1000.000", "amount"),
        ("1.23.456", "amount"),
        ("1,2,3", "amount"),
        ("-5", "amount"),
        ("", "amount"),
        ("ten", "amount"),
        ("١٢", "amount"),
        ("1e3", "amount"),
        ("9" * 40, "amount"),
    ],
)
def test_parse_euros_refuses_with_a_reason(text: str, code: str) -> None:
    with pytest.raises(IdentifierError) as refusal:
        parse_euros(text)
    assert refusal.value.code == code


@given(value=amounts.map(abs), language=st.sampled_from(["nl", "de", "en"]))
def test_parse_euros_of_formatted_gives_the_same(value: Decimal, language: str) -> None:
    assert parse_euros(format_euros(value, language)) == value


@given(st.text() | st.text(alphabet="0123456789., €-", max_size=15))
def test_parse_euros_of_anything_raises_identifier_errors_only(text: str) -> None:
    try:
        value = parse_euros(text)
    except IdentifierError:
        return
    assert value >= 0
    assert value == cents(value)
