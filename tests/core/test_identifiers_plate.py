import pytest
from hypothesis import given
from hypothesis import strategies as st

from remise.core.identifiers import IdentifierError, Plate, Series, VehicleKind

SHAPES = [
    ("ND-00-01", 1),
    ("12-34-HJ", 2),
    ("12-HJ-34", 3),
    ("HJ-12-KL", 4),
    ("HJ-KL-12", 5),
    ("12-HJ-KL", 6),
    ("12-HJK-3", 7),
    ("1-HJK-23", 8),
    ("TT-601-D", 9),
    ("G-001-BB", 10),
    ("GBB-01-B", 11),
    ("V-12-JKL", 12),
    ("1-YJ-234", 13),
    ("123-HJ-4", 14),
]
SPECIAL = [
    ("AA-9", Series.ROYAL),
    ("AA-86", Series.ROYAL),
    ("AA-101", Series.ROYAL),
    ("CD-7", Series.DIPLOMATIC),
    ("CDJ-123", Series.DIPLOMATIC),
    ("BN-12-34", Series.ALLIED_FORCES),
    ("GN-12-34", Series.ALLIED_FORCES),
    ("GV-12-34", Series.BORDER),
    ("ZZ-12-34", Series.EXEMPT),
    ("F-12-34", Series.ONE_DAY),
    ("12-F-34", Series.ONE_DAY),
    ("Z-12-34", Series.TRANSIT),
    ("12-34-Z", Series.TRANSIT),
    ("1HJ-2K3", Series.TRANSIT),
]
TRADE = ["HA-12-34", "HF-12-34", "FH-12-34", "HC-12-34", "OA-12-34"]


@st.composite
def plates(draw: st.DrawFn) -> str:
    shape = draw(st.sampled_from([plate for plate, _sidecode in SHAPES]))
    letters, digits = st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), st.sampled_from("0123456789")
    return "".join(draw(letters if c.isalpha() else digits) for c in shape if c != "-")


@pytest.mark.parametrize(("formatted", "sidecode"), SHAPES)
def test_parse_knows_each_sidecode(formatted: str, sidecode: int) -> None:
    plate = Plate.parse(formatted.replace("-", "").lower())
    assert (plate.sidecode, plate.series, plate.formatted) == (sidecode, str(sidecode), formatted)


@pytest.mark.parametrize(("formatted", "series"), SPECIAL)
def test_parse_knows_special_series(formatted: str, series: Series) -> None:
    plate = Plate.parse(formatted)
    assert (plate.series, plate.formatted, plate.needs_check_code) == (series, formatted, True)


@pytest.mark.parametrize("formatted", TRADE)
def test_f118_trade_plate_needs_no_check_code(formatted: str) -> None:
    plate = Plate.parse(formatted)
    assert (plate.is_trade, plate.needs_check_code, plate.sidecode) == (True, False, 1)
    assert (plate.warnings, plate.formatted) == ((), formatted)


@pytest.mark.parametrize("other", ["HA-123-K", "12-34-HA", "HA-12-KL", "HAK-12-L", "HB-12-34"])
def test_f118_trade_letters_in_another_shape_are_no_trade_plate(other: str) -> None:
    plate = Plate.parse(other)
    assert (plate.is_trade, plate.needs_check_code) == (False, True)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("AB-12", "too_short"),
        ("AB-12-34-56", "too_long"),
        ("ABC-123", "shape"),  # an old Belgian plate
        ("123456", "shape"),
        ("ABCDEF", "shape"),
        ("AB-1", "too_short"),
        ("X-12-34", "too_short"),
        ("GBB-01-ß", "characters"),
        ("GBB-٠١-B", "characters"),
        ("GBB*01*B", "characters"),
    ],
)
def test_parse_refuses_with_a_reason(text: str, code: str) -> None:
    with pytest.raises(IdentifierError) as refusal:
        Plate.parse(text)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("GBB-01-B", []),
        ("GBC-01-B", ["plate_letters"]),
        ("G-001-AB", ["plate_letters"]),
        ("VZB-96-Y", ["plate_letters"]),
        ("OH-12-KL", []),  # a semi-trailer
        ("AE-12-34", []),  # before sidecode 4 vowels were in use
        ("1-YJ-234", []),
        ("12-NSB-3", ["plate_group"]),
        ("12-BBB-3", []),  # on some lists, yet issued
        ("12-SS-34", ["plate_group"]),
        ("CQ-12-AB", ["plate_letters"]),
        ("CD-12", []),
    ],
)
def test_warnings_doubt_letters_without_refusing(text: str, codes: list[str]) -> None:
    assert [doubt.code for doubt in Plate.parse(text).warnings] == codes


def test_warning_is_worded_for_the_reader() -> None:
    (doubt,) = Plate.parse("GAE-01-B").warnings
    assert str(doubt) == "Check the plate: we do not expect the letter A in this place."


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("GBB-01-B", VehicleKind.CAR),
        ("TBB-01-B", None),  # no car since sidecode 11
        ("V-001-BB", VehicleKind.LIGHT_COMMERCIAL),
        ("12-BHJ-3", VehicleKind.HEAVY_COMMERCIAL),
        ("12-BH-JK", VehicleKind.COMMERCIAL),
        ("MB-12-KL", VehicleKind.MOTORCYCLE),
        ("F-794-KP", VehicleKind.MOPED),
        ("OH-12-KL", VehicleKind.SEMI_TRAILER),
        ("12-WB-KL", VehicleKind.TRAILER),
        ("ND-00-01", None),
        ("HC-12-34", VehicleKind.MOPED),
        ("OA-12-34", VehicleKind.TRAILER),
        ("HA-12-34", None),
        ("AA-12", None),
    ],
)
def test_kind_hint_follows_the_first_letter(text: str, kind: VehicleKind | None) -> None:
    assert Plate.parse(text).kind_hint == kind


@given(value=plates())
def test_any_letters_and_digits_in_the_shape_of_a_sidecode_are_read(value: str) -> None:
    plate = Plate.parse(value)
    assert plate.value == value
    assert Plate.parse(plate.formatted) == plate
    assert isinstance(plate.warnings, tuple)
    assert plate.kind_hint is None or plate.kind_hint in VehicleKind


def test_plates_sort_and_compare_by_value() -> None:
    assert sorted([Plate.parse("b-001-bb"), Plate.parse("12-ab-34")])[0].value == "12AB34"
    assert {Plate.parse("GBB 01 B"), Plate.parse("gbb-01-b")} == {Plate("GBB01B")}
