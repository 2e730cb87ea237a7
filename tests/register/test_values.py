"""Which catalogue values are not sure, and why."""

import csv
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remise.vehicles.rules import KINDS
from remise.vehicles.values import REASONS, RULES, Doubt, doubt, meant, rule_on
from tests.register.published import DATA

DAY = date(2026, 11, 22)


def judged(
    value: int, kind: str = "Personenauto", year: int | None = 2020, typical: int | None = None
) -> Doubt | None:
    admitted = date(year, 1, 1) if year else None
    middle = Decimal(typical) if typical else None
    return doubt(Decimal(value), kind=kind, first_admitted_on=admitted, typical=middle, on=DAY)


@pytest.mark.parametrize(
    ("value", "facts", "wanted"),
    [
        (1, {}, Doubt.PLACEHOLDER),
        (55_555, {}, Doubt.PLACEHOLDER),
        (7_777_777, {}, Doubt.PLACEHOLDER),
        (12_345, {}, Doubt.PLACEHOLDER),
        (100_000, {}, None),
        (2_499, {}, Doubt.TOO_LOW),
        (2_500, {}, None),
        (2_499, {"year": 1972}, None),
        (624, {"year": 1972}, Doubt.TOO_LOW),
        (250_000, {}, None),
        (250_001, {}, Doubt.TOO_HIGH),
        (1_200, {"kind": "Bromfiets"}, None),
        (41_495, {"typical": 14_000}, None),
        (97_026, {"typical": 11_500}, Doubt.UNLIKE_ITS_MODEL),
        (3_000, {"typical": 11_500}, Doubt.UNLIKE_ITS_MODEL),
        (500_000, {"kind": "Maaimachine"}, None),
    ],
)
def test_doubt(value: int, facts: dict[str, object], wanted: Doubt | None) -> None:
    assert judged(value, **facts) == wanted  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "known", "wanted"),
    [
        ("12.34", 23_400, "12340.00"),  # a dot for thousands
        ("23.40", 23_400, "23400.00"),
        ("2340.00", 23_400, "23400.00"),
        ("2340000.00", 23_400, "23400.00"),  # cents for euros
        ("38.95", None, "3895.00"),
        ("9.00", None, "9000.00"),
        ("0.01", None, None),
    ],
)
def test_meant_moves_the_comma_to_where_it_is_likely(value: str, known: int | None, wanted: str | None) -> None:
    def is_likely(other: Decimal) -> bool:
        return judged_exactly(other, known) is None

    found = meant(Decimal(value), is_likely)
    assert found == (Decimal(wanted) if wanted else None)


@given(st.decimals("0.01", "9999999", places=2), st.none() | st.integers(300, 10**6))
def test_meant_has_the_same_digits_and_is_never_in_doubt(value: Decimal, known: int | None) -> None:
    found = meant(value, lambda other: judged_exactly(other, known) is None)
    if found is not None:
        assert judged_exactly(found, known) is None
        assert str(found).replace(".", "").strip("0") == str(value).replace(".", "").strip("0")


def judged_exactly(value: Decimal, typical: int | None) -> Doubt | None:
    middle = Decimal(typical) if typical else None
    return doubt(value, kind="Personenauto", first_admitted_on=date(2020, 1, 1), typical=middle, on=DAY)


@given(
    st.integers(1, 10**9),
    st.sampled_from([*KINDS, "", "Anders"]),
    st.none() | st.integers(1900, 2026),
    st.none() | st.integers(1, 10**6),
)
def test_doubt_always_has_words(value: int, kind: str, year: int | None, typical: int | None) -> None:
    found = judged(value, kind, year, typical)
    assert found is None or str(REASONS[found])


def test_rules_cover_every_kind_and_day() -> None:
    assert all(set(KINDS) <= set(rule.kinds) for rule in RULES)
    assert rule_on(date(1990, 1, 1)) is RULES[0]
    assert rule_on(DAY) is max(RULES, key=lambda rule: rule.starts)


SUSPECT = DATA / "rdw_suspect_catalog_prices.csv"
MARKET = DATA / "rdw_model_market_2023_2025.csv"


@pytest.mark.skipif(not SUSPECT.exists(), reason="the outliers are not beside this checkout")
def test_most_real_outliers_are_not_sure_and_ordinary_prices_are() -> None:
    with SUSPECT.open(newline="") as file:
        outliers = [row for row in csv.DictReader(file) if "catalogusprijs" in row["flags"]]
    with MARKET.open(newline="") as file:
        models = list(csv.DictReader(file))
    means: dict[tuple[str, str], list[Decimal]] = {}
    for row in models:
        means.setdefault((row["brand"].lower(), row["model"].split()[0].lower()), []).append(
            Decimal(row["price_avg"])
        )
    typical = {model: min(all_) for model, all_ in means.items()}
    compared = [(row, typical.get((row["brand"].lower(), row["model"].lower()))) for row in outliers]
    with_median = [(row, middle) for row, middle in compared if middle]
    assert len(with_median) > 100
    caught = sum(bool(judged(int(float(row["catalog_price"])), typical=int(middle))) for row, middle in with_median)
    assert caught / len(with_median) > 0.5
    on_the_road = {judged_mean(row): 0.0 for row in models}
    for row in models:
        on_the_road[judged_mean(row)] += sum(float(row[f"count_{year}"] or 0) for year in (2023, 2024, 2025))
    assert sum(count for found, count in on_the_road.items() if found) / sum(on_the_road.values()) < 0.01


def judged_mean(row: dict[str, str]) -> Doubt | None:
    mean = int(float(row["price_avg"]))
    return judged(mean, typical=mean)
