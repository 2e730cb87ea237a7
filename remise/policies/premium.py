"""What registering a vehicle does to the premium, by the product's basis: days, and no amounts.

`measured`: nothing now; each day counts in the year over which the premium of a later insurance year is measured
(claims year 1 November to 31 October: the source's rijrisico's). `per_vehicle`: charged by the day for what is left
of the insurance year. Year and divisor are dated product data.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from remise.core.money import cents
from remise.policies.rules import PremiumBasis, ProductRules, YearDay


@dataclass(frozen=True, slots=True)
class Share:
    """So many days count in the premium of the insurance year that begins in `year`; `of` is what they are divided
    by."""

    year: int
    days: int
    of: int

    @property
    def vehicles(self) -> Decimal:
        """As a part of one vehicle, half up to two places."""
        return cents(Decimal(self.days) / self.of)


def shares(rules: ProductRules, starts: date, *, today: date, ends: date | None = None) -> Sequence[Share]:
    """What cover from `starts` to before `ends` (None = open) counts for, in each year that it touches and that has
    begun by `today` or by its first day. A measured year is fixed so many days after its end as one may go back."""
    measured = rules.premium_basis is PremiumBasis.MEASURED
    year = rules.window if measured else rules.insurance_year
    found: list[Share] = []
    for first, after in _years(year, starts, max(starts, today)):
        if measured and today >= after + timedelta(days=rules.back_date_days):
            continue
        days = ((after if ends is None else min(after, ends)) - max(first, starts)).days
        if days <= 0:
            continue
        length = (after - first).days
        if measured:
            counts_for = rules.insurance_year.after(after - timedelta(days=1)).year
            found.append(Share(counts_for, days, rules.divisor or length))
        else:
            found.append(Share(first.year, days, length))
    return found


def _years(year: YearDay, first: date, last: date) -> Iterator[tuple[date, date]]:
    """From the year that holds the first day to the one that holds the last: its first day, and the day after it."""
    begins = year.on_or_before(first)
    while begins <= last:
        after = year.after(begins)
        yield begins, after
        begins = after
