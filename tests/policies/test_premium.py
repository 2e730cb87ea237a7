"""What registering does to the premium: days counted over years, none twice and none forgotten."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remise.policies.premium import Share, shares
from remise.policies.rules import BackDate, PremiumBasis, ProductRules, YearDay

TODAY = date(2026, 11, 23)
MEASURED = ProductRules(
    back_date_days=28,
    back_date_reading=BackDate.FROM_TODAY,
    ahead_days=31,
    last_day_covered=True,
    premium_basis=PremiumBasis.MEASURED,
    fields=(),
    source="",
)
PER_VEHICLE = replace(MEASURED, premium_basis=PremiumBasis.PER_VEHICLE)
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
year_days = st.builds(YearDay, st.integers(1, 12), st.integers(1, 28))
FIXED_NEVER = 10_000


@pytest.mark.parametrize(
    ("starts", "today", "expected"),
    [
        (TODAY, TODAY, [Share(2028, 343, 365)]),
        (date(2026, 12, 1), TODAY, [Share(2028, 335, 365)]),  # 0.92
        (date(2026, 10, 26), TODAY, [Share(2027, 6, 365), Share(2028, 365, 365)]),
        (date(2026, 10, 31), date(2026, 11, 28), [Share(2027, 1, 365), Share(2028, 365, 365)]),
        # 31 October and 28 days: what is measured over the year before is fixed.
        (date(2026, 10, 31), date(2026, 11, 29), [Share(2028, 365, 365)]),
        (date(2027, 11, 1), date(2027, 11, 1), [Share(2029, 366, 366)]),  # with 29 February 2028
    ],
)
def test_measured_over_the_claims_year(starts: date, today: date, expected: list[Share]) -> None:
    assert shares(MEASURED, starts, today=today) == expected


def test_ninety_two_hundredths_of_a_vehicle() -> None:
    assert shares(MEASURED, date(2026, 12, 1), today=TODAY)[0].vehicles == Decimal("0.92")


@pytest.mark.parametrize(
    ("starts", "today", "expected"),
    [
        (TODAY, TODAY, [Share(2026, 39, 365)]),
        (date(2026, 12, 25), date(2027, 1, 5), [Share(2026, 7, 365), Share(2027, 365, 365)]),
        (date(2028, 1, 1), date(2028, 1, 1), [Share(2028, 366, 366)]),
    ],
)
def test_per_vehicle_within_the_insurance_year(starts: date, today: date, expected: list[Share]) -> None:
    assert shares(PER_VEHICLE, starts, today=today) == expected


@given(
    starts=days,
    length=st.integers(1, 900),
    year=year_days,
    basis=st.sampled_from(PremiumBasis),
    today=days,
)
def test_each_day_of_cover_counts_once(
    starts: date, length: int, year: YearDay, basis: PremiumBasis, today: date
) -> None:
    rules = replace(MEASURED, premium_basis=basis, window=year, insurance_year=year, back_date_days=FIXED_NEVER)
    ends = starts + timedelta(length)
    last = max(today, ends)  # all years that it touches have begun
    found = shares(rules, starts, today=last, ends=ends)
    assert sum(share.days for share in found) == length
    assert all(0 < share.days <= share.of and share.of in {365, 366} for share in found)
    assert len({share.year for share in found}) == len(found)


@given(starts=days, year=year_days, basis=st.sampled_from(PremiumBasis))
def test_a_day_later_counts_a_day_less(starts: date, year: YearDay, basis: PremiumBasis) -> None:
    rules = replace(MEASURED, premium_basis=basis, window=year, insurance_year=year, back_date_days=FIXED_NEVER)
    later = starts + timedelta(1)
    now, then = (shares(rules, day, today=later) for day in (starts, later))
    assert sum(share.days for share in now) - sum(share.days for share in then) == 1


def test_a_fixed_divisor_is_the_products() -> None:
    (share,) = shares(replace(MEASURED, divisor=360), date(2026, 12, 1), today=TODAY)
    assert (share.of, share.vehicles) == (360, Decimal("0.93"))
