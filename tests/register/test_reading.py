"""What is read from a row, whatever comes."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remise.vehicles.register.reading import (
    Published,
    day,
    euros,
    flag,
    fuels_in,
    kilograms,
    plate_of,
    said,
    vehicle_in,
)
from tests.register.published import FIXTURES, fixtures, row_of

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["0", "Niet geregistreerd", "20230230"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(sorted(row_of("TT601D"))) | st.text(), ANYTHING))
def test_reading_never_fails_and_gives_what_can_be_stored(row: dict[str, object]) -> None:
    read = vehicle_in(row)
    for text, most in ((read.plate, 8), (read.kind, 40), (read.make, 60), (read.model, 80), (read.colour, 30)):
        assert len(text) <= most
        assert text == text.strip()
        assert "\0" not in text
    assert read.catalogue_value is None or 0 < read.catalogue_value < 10**10
    for found in (read.first_admitted_on, read.in_name_since, read.inspection_until):
        assert found is None or 1880 <= found.year <= 2100


@given(st.lists(ANYTHING))
def test_reading_fuels_never_fails(rows: list[object]) -> None:
    for plate, fuel in fuels_in(rows).items():
        assert fuel
        assert len(fuel) <= 30
        assert len(plate) <= 8
    assert all(isinstance(plate_of(row), str) for row in rows)


@given(st.dates(date(1880, 1, 1), date(2100, 12, 31)))
def test_day_is_read_in_both_forms(one: date) -> None:
    assert day(one.strftime("%Y%m%d").rjust(8, "0")) == one
    assert day(f"{one.isoformat()}T00:00:00.000") == one
    assert day(f"{one.month:02}/{one.day:02}/{one.year} 12:00:00 AM") == one  # in the register as a file
    assert day(int(one.strftime("%Y%m%d"))) == one


@pytest.mark.parametrize(
    "text", ["", "0", "20230230", "00000000", "2023", "Niet geregistreerd", "99991231", None, 0, True, []]
)
def test_day_that_is_none(text: object) -> None:
    assert day(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("41495", Decimal(41495)),
        ("41495.00", Decimal(41495)),
        *((nothing, None) for nothing in ("0", "", "-5", "1e9", None, "٤٢", "9" * 10)),
    ],
)
def test_euros(text: object, value: Decimal | None) -> None:
    assert euros(text) == value


@pytest.mark.parametrize(
    ("text", "kilos"),
    [("1550", 1550), ("1550.00", 1550), ("0", None), ("", None), ("-5", None), (None, None), ([], None)],
)
def test_kilograms(text: object, kilos: int | None) -> None:
    assert kilograms(text) == kilos


@pytest.mark.parametrize(
    ("text", "said_so"),
    [("Ja", True), ("Nee", False), *((nothing, None) for nothing in ("", "N.v.t.", None, True, "misschien"))],
)
def test_flag(text: object, said_so: bool | None) -> None:
    assert flag(text) is said_so


@pytest.mark.parametrize("text", ["Niet geregistreerd", "N.v.t.", "Geen verstrekking in Open Data", "0", "  "])
def test_words_for_nothing_say_nothing(text: str) -> None:
    assert said(text, 40) == ""


def test_twin_field_serves_where_the_first_is_absent() -> None:
    row = row_of("TT601D")
    del row["datum_tenaamstelling"]
    assert vehicle_in(row).in_name_since == date(2025, 3, 4)


def test_make_is_not_said_twice() -> None:
    assert vehicle_in(row_of("TT601D", merk="VOLKSWAGEN", handelsbenaming="VOLKSWAGEN GOLF")).model == "GOLF"


def test_hybrid_has_two_fuels() -> None:
    rows = [{"kenteken": "TT601D", "brandstof_omschrijving": fuel} for fuel in ("Benzine", "Elektriciteit")]
    assert fuels_in(rows) == {"TT601D": "Hybride"}


@pytest.mark.skipif(not FIXTURES.exists(), reason="the real answers are not beside this checkout")
def test_real_answers_are_read() -> None:
    rows = fixtures()
    fuels = fuels_in(rows["8ys7-d773"])
    read = {plate_of(row): vehicle_in(row, fuels.get(plate_of(row), "")) for row in rows["m9d7-ebf2"]}
    assert read["TT601D"] == Published(
        "TT601D", "Personenauto", "VOLKSWAGEN", "KOMBI", "ROOD", "Diesel", Decimal(71828),
        date(2013, 5, 17), date(2013, 7, 25), date(2027, 5, 17),
        exported=False, wam_insured=True, taxi=False, empty_mass=1876, running_mass=1976, maximum_mass=3200,
    )  # fmt: skip
    assert (read["VXJ99N"].colour, read["VXJ99N"].in_name_since) == ("", None)
    assert read["0001TJ"].catalogue_value is None
