"""The days of the law, and what follows when they are missed."""

from datetime import date, timedelta

import pytest

from remise.notices.rules import Haste, Kind, Manner, due_on, haste, tail_until, told_by_plate

START = date(2026, 3, 2)
END = date(2026, 6, 10)


def test_start_is_due_four_weeks_after_cover_began() -> None:
    assert due_on(Kind.START, START, None, known_on=date(2026, 3, 20)) == date(2026, 3, 30)


def test_end_is_due_thirty_days_after_it() -> None:
    assert due_on(Kind.END, START, END, known_on=END) == date(2026, 7, 10)


def test_annulment_is_due_like_an_end_on_the_first_day() -> None:
    assert due_on(Kind.ANNUL, START, None, known_on=START) == date(2026, 4, 1)


def test_correction_is_due_by_its_end_or_from_the_day_it_was_known() -> None:
    assert due_on(Kind.CORRECT, START, END, known_on=date(2026, 6, 20)) == date(2026, 7, 10)
    assert due_on(Kind.CORRECT, START, None, known_on=date(2026, 6, 20)) == date(2026, 7, 18)


@pytest.mark.parametrize(
    ("filed_after", "until_after"),
    [(-5, 16), (0, 16), (29, 16), (30, 16), (31, 47), (100, 116)],
)
def test_tail_runs_from_the_end_or_from_a_late_notice(filed_after: int, until_after: int) -> None:
    assert tail_until(END, END + timedelta(filed_after)) == END + timedelta(until_after)


@pytest.mark.parametrize(
    ("left", "haste_then"), [(8, Haste.FINE), (7, Haste.SOON), (0, Haste.SOON), (-1, Haste.LATE)]
)
def test_haste_follows_the_days_left(left: int, haste_then: Haste) -> None:
    assert haste(END + timedelta(left), END) is haste_then


def test_stock_tells_trade_plates_alone() -> None:
    told = {(manner, trade): told_by_plate(manner, is_trade=trade) for manner in Manner for trade in (False, True)}
    assert [key for key, is_told in told.items() if is_told] == [
        (Manner.VEHICLE, False),
        (Manner.VEHICLE, True),
        (Manner.STOCK, True),
    ]
