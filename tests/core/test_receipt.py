from datetime import UTC, datetime

import pytest

from remise.core.models import Entry


@pytest.mark.parametrize(
    ("entered", "number"),
    [
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), "2026-000042"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "2027-000042"),  # half past midnight in Amsterdam
        (datetime(2026, 6, 1, 12, 0, tzinfo=UTC), "2026-000042"),
    ],
)
def test_receipt_has_the_year_of_the_calendar_in_amsterdam(entered: datetime, number: str) -> None:
    assert Entry(id=42, at=entered).receipt == number
