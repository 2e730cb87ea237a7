"""What the register says against one vehicle: pure rules over dated limits."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from remise.fleet.findings import BY_RADAR, FindingKind, explain
from remise.fleet.radar import rules
from remise.fleet.radar.reasons import OFFERED, WORDS
from remise.fleet.radar.rules import Dated, Facts, judge, on

TODAY = date(2026, 11, 22)
CAR = Facts(
    starts=date(2026, 5, 1),
    ends=None,
    stock=False,
    covered_elsewhere=False,
    value=Decimal(30_000),
    value_is_desks=False,
    told_since=None,
    answered_on=TODAY,
    found=True,
    known=True,
    kind="Personenauto",
    first_admitted_on=date(2020, 1, 1),
    in_name_since=date(2026, 5, 1),
    inspection_until=date(2027, 1, 1),
    exported=False,
    wam_insured=True,
    maximum_mass=1900,
    sure_value=Decimal(30_000),
)


def day(back: int) -> date:
    return TODAY - timedelta(back)


def found(**facts: object) -> set[str]:
    return {str(kind) for kind in judge(replace(CAR, **facts), today=TODAY)}  # type: ignore[arg-type]


def test_vehicle_that_agrees_has_no_finding() -> None:
    assert found() == set()


@pytest.mark.parametrize(
    ("facts", "kinds"),
    [
        ({"in_name_since": date(2026, 5, 8)}, set()),  # one's own name, a week late
        ({"in_name_since": date(2026, 5, 9)}, {"sold"}),
        ({"in_name_since": date(2026, 5, 2), "stock": True}, {"sold"}),
        ({"in_name_since": date(2026, 5, 1), "stock": True}, set()),
        ({"in_name_since": None}, set()),
        ({"in_name_since": date(2026, 11, 23)}, set()),  # of tomorrow: nothing yet
        ({"in_name_since": date(2026, 8, 1), "told_since": "2026-08-01"}, set()),  # the desk knows
        ({"in_name_since": date(2026, 8, 2), "told_since": "2026-08-01"}, {"sold"}),
    ],
)
def test_another_name_after_the_first_day_is_sold(facts: dict[str, object], kinds: set[str]) -> None:
    assert found(**facts) == kinds


@pytest.mark.parametrize(
    ("facts", "kinds"),
    [
        ({"inspection_until": TODAY}, set()),  # its last day
        ({"inspection_until": day(1)}, {"inspection_expired"}),
        ({"inspection_until": day(1), "stock": True}, set()),
        ({"inspection_until": day(1), "kind": "Motorfiets"}, set()),
        ({"inspection_until": day(1), "kind": "Bromfiets"}, set()),
        ({"inspection_until": day(1), "kind": "Aanhangwagen", "maximum_mass": 3500}, set()),
        ({"inspection_until": day(1), "kind": "Aanhangwagen", "maximum_mass": 3501}, {"inspection_expired"}),
        ({"inspection_until": day(1), "kind": "Oplegger", "maximum_mass": None}, set()),
        ({"inspection_until": day(1), "first_admitted_on": date(1976, 11, 22)}, set()),  # fifty years
        ({"inspection_until": day(1), "first_admitted_on": date(1976, 11, 23)}, {"inspection_expired"}),
        ({"inspection_until": None}, set()),
    ],
)
def test_inspection_that_expired_but_for_what_is_exempt(facts: dict[str, object], kinds: set[str]) -> None:
    assert found(**facts) == kinds


@pytest.mark.parametrize(
    ("facts", "kinds"),
    [
        ({"wam_insured": False, "starts": day(28), "in_name_since": day(28)}, {"wam_missing"}),
        ({"wam_insured": False, "starts": day(27), "in_name_since": day(27)}, set()),
        ({"wam_insured": False, "starts": day(40), "in_name_since": day(40), "answered_on": day(13)}, set()),
        ({"wam_insured": None}, set()),
        ({"wam_insured": False, "stock": True}, set()),
        ({"sure_value": Decimal(30_600)}, set()),
        ({"sure_value": Decimal(30_613)}, {"value_differs"}),
        ({"sure_value": Decimal(8_000), "value": Decimal(8_250)}, set()),
        ({"sure_value": Decimal(8_000), "value": Decimal("8250.01")}, {"value_differs"}),
        ({"sure_value": Decimal(40_000), "value_is_desks": True}, set()),
        ({"sure_value": None}, set()),
        ({"value": None}, set()),
        ({"exported": True, "inspection_until": day(1), "wam_insured": False}, {"exported"}),
        ({"found": False, "exported": True}, {"gone"}),
        ({"found": False, "known": False}, set()),  # a plate that it never knew is told otherwise
        ({"in_name_since": day(3), "inspection_until": day(1)}, {"sold"}),
        ({"inspection_until": day(1), "sure_value": Decimal(1)}, {"inspection_expired", "value_differs"}),
    ],
)
def test_other_findings(facts: dict[str, object], kinds: set[str]) -> None:
    assert found(**facts) == kinds


OFF = {"ends": day(10), "wam_insured": False}


@pytest.mark.parametrize(
    ("facts", "kinds"),
    [
        ({}, {"not_covered"}),
        ({"wam_insured": True}, set()),
        ({"wam_insured": None}, set()),
        ({"in_name_since": day(10)}, set()),  # another's from the day on which it ended
        ({"in_name_since": day(20)}, set()),  # sold while it was covered
        ({"answered_on": day(11)}, set()),  # before it ended
        ({"ends": day(56)}, {"not_covered"}),
        ({"ends": day(57)}, set()),
        ({"covered_elsewhere": True}, set()),
        ({"exported": True}, set()),
        ({"found": False}, set()),
        ({"ends": TODAY + timedelta(1)}, set()),  # still on cover, and the register is not behind yet
    ],
)
def test_taken_off_in_the_same_name_and_insured_by_nobody(facts: dict[str, object], kinds: set[str]) -> None:
    both = OFF | facts
    if facts.get("ends") == TODAY + timedelta(1):
        both["wam_insured"] = True
    assert found(**both) == kinds


def test_limits_are_dated_and_name_their_source() -> None:
    tables = [table for table in vars(rules).values() if isinstance(table, tuple) and table]
    dated = [one for table in tables for one in table if isinstance(one, Dated)]
    assert len(dated) >= 9
    assert all(one.source for one in dated)
    table = (Dated(date(2020, 1, 1), 1, "a"), Dated(date(2026, 1, 1), 2, "b"))
    assert [on(table, date(year, 6, 1)) for year in (2019, 2025, 2026)] == [1, 1, 2]


def test_every_kind_has_words_and_reasons() -> None:
    said = {
        "starts": "2026-05-01", "in_name_since": "2026-06-01", "ends": "2026-07-01", "inspection_until": "2026-07-01",
        "value": "30000.00", "ours": "20000.00", "vehicle_kind": "Bus",
    }  # fmt: skip
    for kind in FindingKind:
        explained = explain(kind, said | {"why": "too_low"})
        assert str(explained.title)
        assert str(explained.text)
        assert "%(" not in str(explained.text)
    assert set(OFFERED) == set(BY_RADAR)
    assert all(str(WORDS[reason]) for reasons in OFFERED.values() for reason in reasons)
