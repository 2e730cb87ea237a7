"""From which day a vehicle can be put on cover or taken off it, and until when a day can."""

from datetime import date, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from remise.policies.rules import (
    BackDate,
    PremiumBasis,
    ProductRules,
    deregistering_until,
    deregistering_window,
    registering_until,
    registering_window,
)

DAY = date(2026, 3, 1)
DAYS = st.integers(0, 60)


def product(reading: BackDate, back: int, *, name_date: bool = True) -> ProductRules:
    return ProductRules(back, reading, 31, True, PremiumBasis.MEASURED, (), "a test", name_date=name_date)


@given(reading=st.sampled_from(BackDate), back=DAYS, named=st.none() | DAYS, name_date=st.booleans(), later=DAYS)
@example(reading=BackDate.FROM_NAME_DATE, back=28, named=20, name_date=True, later=8)
@example(reading=BackDate.FROM_NAME_DATE, back=28, named=20, name_date=True, later=9)
@example(reading=BackDate.FROM_NAME_DATE, back=28, named=60, name_date=True, later=0)
def test_day_goes_until_the_last_day_on_which_it_lies_in_the_window(
    reading: BackDate, back: int, named: int | None, name_date: bool, later: int
) -> None:
    rules, today = product(reading, back, name_date=name_date), DAY + timedelta(later)
    since = None if named is None else DAY - timedelta(named)
    window = registering_window(rules, today=today, in_name_since=since)
    assert (window.broken_by(DAY) is None) == (today <= registering_until(rules, DAY, in_name_since=since))
    until = deregistering_until(rules, DAY)
    assert (deregistering_window(rules, today=today).broken_by(DAY) is None) == (today <= until)
