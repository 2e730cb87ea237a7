"""The whole register comes in as a file: what it says of each vehicle, whatever else stands in it."""

import csv
import gzip
import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import gettext_lazy
from hypothesis import given, settings
from hypothesis import strategies as st

from remise.core.scope import enter
from remise.core.tables import UnreadableFile
from remise.vehicles.copying import loading
from remise.vehicles.copying.converting import COLUMNS, Converter, RefusedLine
from remise.vehicles.copying.files import Block, RegisterFile
from remise.vehicles.copying.refused import Refused
from remise.vehicles.models import RegisterCopy, Vehicle
from remise.vehicles.register.client import Answer
from remise.vehicles.register.keeping import keep
from remise.vehicles.register.reading import vehicle_in
from remise.vehicles.values import doubt
from tests import vehicles, world
from tests.register import bulk
from tests.register.bulk import HEADER, KEYS, line, lines, put, refused, take, text
from tests.world import OWNER

DAY = date(2026, 11, 22)
SAID = [one.name for one in Vehicle._meta.fields if one.name not in ("fuel", "looked_up_at")]


def stored(plate: str) -> Vehicle:
    return Vehicle.objects.using(OWNER).get(plate=plate)


def said(plates: list[str]) -> list[tuple[object, ...]]:
    return list(Vehicle.objects.using(OWNER).filter(plate__in=plates).order_by("plate").values_list(*SAID))


def test_lines_are_stored_as_an_answer_of_the_register_is(tmp_path: Path) -> None:
    """The same rows, by file and by API: one says no more and no less than the other."""
    rows = list(lines(300))
    plates = [row["kenteken"] for row in rows]
    told = take(put(tmp_path / "register.csv", text(rows)))
    assert (told.copy.taken, told.copy.written, told.copy.refused) == (300, 300, 0)
    by_file = said(plates)
    with enter(world.garage().actor().scope):
        keep(Answer({row["kenteken"]: vehicle_in(row) for row in rows}, frozenset()))
    assert said(plates) == by_file


def test_all_that_is_read_of_a_line(tmp_path: Path) -> None:
    plate = vehicles.fresh_plate().value
    row = line(
        plate,
        merk="VOLKSWAGEN",
        handelsbenaming="VOLKSWAGEN T\\ROC",
        datum_tenaamstelling="",
        datum_tenaamstelling_dt="07/25/2019 12:00:00 AM",
        vervaldatum_apk="",
        export_indicator="Ja",
        wam_verzekerd="N.v.t.",
        taxi_indicator="Ja",
        tenaamstellen_mogelijk="Nee",
        massa_ledig_voertuig="1310",
        toegestane_maximum_massa_voertuig="1920",
    )
    path = put(tmp_path / "register.csv", text([row]))
    take(path)
    found = stored(plate)
    assert (found.make, found.model, found.colour, found.fuel) == ("VOLKSWAGEN", "T\\ROC", "GRIJS", "")
    assert (found.first_admitted_on, found.in_name_since, found.inspection_until) == (
        date(2025, 3, 4), date(2019, 7, 25), None,
    )  # fmt: skip
    assert (found.exported, found.wam_insured, found.taxi, found.transferable) == (True, None, True, False)
    assert (found.empty_mass, found.running_mass, found.maximum_mass) == (1310, 1850, 1920)
    assert (found.catalogue_value, found.found, found.source) == (Decimal(41495), True, "RDW")
    assert found.looked_up_at == datetime.fromtimestamp(path.stat().st_mtime, UTC)


@pytest.mark.skipif(not bulk.EXAMPLE.exists(), reason="the register's example is not beside this checkout")
def test_real_lines_come_in(tmp_path: Path) -> None:
    path = put(tmp_path / "example.csv", bulk.EXAMPLE.read_bytes())
    told = take(path)
    assert (told.copy.taken, told.copy.refused) == (4, 0)
    found = stored("22BLRN")
    assert (found.make, found.model) == ("FORD", "TRANSIT CONNECT 220L HR VAN 1.8TD 55")
    assert (found.in_name_since, found.inspection_until) == (date(2017, 7, 21), date(2017, 10, 4))
    assert (found.wam_insured, found.exported, found.transferable) == (False, False, True)
    assert (found.empty_mass, found.maximum_mass, found.running_mass) == (1450, 2260, 1550)


@pytest.mark.skipif(not bulk.EXAMPLE.exists(), reason="the register's example is not beside this checkout")
def test_header_of_tests_is_the_real_one() -> None:
    with bulk.EXAMPLE.open(newline="") as file:
        assert set(HEADER) <= set(next(csv.reader(file)))


def test_columns_stand_in_any_order_and_others_are_passed_over(tmp_path: Path) -> None:
    rows = list(lines(20))
    other = ["Iets nieuws", *reversed(HEADER), "Nog iets"]
    told = take(put(tmp_path / "register.csv", text(rows, other)))
    assert told.copy.taken == 20
    assert stored(rows[0]["kenteken"]).colour == "GRIJS"


def test_official_names_serve_as_header_too(tmp_path: Path) -> None:
    (row,) = lines(1)
    assert take(put(tmp_path / "register.csv", text([row], KEYS))).copy.taken == 1


def test_packed_file_with_a_mark_and_windows_lines_comes_in(tmp_path: Path) -> None:
    rows = list(lines(2_000))
    written = "\ufeff" + text(rows).replace("\n", "\r\n").removesuffix("\r\n")
    told = take(put(tmp_path / "register.csv.gz", written))
    assert (told.copy.taken, told.copy.lines, told.copy.refused) == (2_000, 2_001, 0)
    last = stored(rows[-1]["kenteken"])
    assert last.transferable is True


def test_missing_columns_are_named(tmp_path: Path) -> None:
    header = [name for name in HEADER if name not in ("Merk", "WAM verzekerd", "Datum tenaamstelling")]
    path = put(tmp_path / "register.csv", text(list(lines(1)), header))
    with pytest.raises(UnreadableFile, match=r"These columns are missing: merk, wam_verzekerd\. It should be"):
        take(path)  # of the name date its other form stands there


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04rest", "ZIP file or a spreadsheet"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe", "no CSV"),
        (b"naam;plaats\nJansen;Ede\n", "columns are missing: kenteken, voertuigsoort"),
        (gzip.compress(b"a,b\n" * 9, mtime=0)[:-20], "breaks off or is damaged"),
    ],
)
def test_other_files_are_refused_in_words(tmp_path: Path, content: bytes, message: str) -> None:
    before = RegisterCopy.objects.using(OWNER).count()
    path = tmp_path / "other.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=message):
        call_command("import", "rdw-vehicles", str(path), language="en")
    assert RegisterCopy.objects.using(OWNER).count() == before


def test_bad_lines_stand_beside_with_number_and_reason_and_harm_no_other(tmp_path: Path) -> None:
    rows = list(lines(9))
    written = text(rows).encode().split(b"\n")
    wide = len(HEADER)
    written[2] = written[2] + b",more"
    written[3] = b"too,few"
    written[4] = written[4].replace(rows[3]["kenteken"].encode(), b"")
    written[5] = written[5].replace(b"GRIJS", b"\xff\xfe")
    written[6] = written[6].replace(b"GRIJS", b'"GRIJS')
    written[7] = text([rows[6] | {"merk": "Onbekend"}]).encode().split(b"\n")[1]
    written[8] = text([rows[7] | {"handelsbenaming": 'GOLF "GTI", 3,5'}]).encode().split(b"\n")[1]
    written.insert(9, b"")
    path = put(tmp_path / "register.csv", b"\n".join(written))
    with pytest.raises(CommandError, match=r"stand in .*register.csv.refused.csv"):
        call_command("import", "rdw-vehicles", str(path), language="en")
    assert refused(path) == [
        (3, f"It has {wide + 1} cells, and the header names {wide}."),
        (4, f"It has 2 cells, and the header names {wide}."),
        (5, "It names no plate."),
        (6, "It is not written in UTF-8."),
        (7, "Its quotation marks do not fit."),
        (8, "It names no make."),
    ]
    assert stored(rows[7]["kenteken"]).model == 'GOLF "GTI", 3,5'
    assert len(said([row["kenteken"] for row in rows])) == 3


def test_same_file_again_changes_nothing(tmp_path: Path) -> None:
    rows = list(lines(50))
    path = put(tmp_path / "register.csv", text(rows))
    first = take(path)
    before = said([row["kenteken"] for row in rows])
    again = take(path)
    assert (again.was_taken, again.copy.id) == (True, first.copy.id)
    # Nor where nobody remembers that it came in.
    RegisterCopy.objects.using(OWNER).filter(id=first.copy.id).delete()
    assert take(path).copy.written == 0
    assert said([row["kenteken"] for row in rows]) == before


def test_older_file_replaces_nothing_that_is_newer(tmp_path: Path) -> None:
    old, new = (vehicles.in_register(looked_up_at=datetime(year, 6, 1, tzinfo=UTC)).plate for year in (2020, 2026))
    path = put(tmp_path / "register.csv", text([line(plate, eerste_kleur="ROOD") for plate in (old, new)]))
    published = datetime(2024, 6, 1, tzinfo=UTC)
    loading.copy_register(path, published=published, progress=lambda _copy, _share: None)
    assert (stored(old).colour, stored(old).looked_up_at) == ("ROOD", published)
    assert (stored(new).colour, stored(new).looked_up_at.year) == ("GRIJS", 2026)
    assert stored(old).fuel == "Elektriciteit"  # stands in another set, and stays


def test_plate_that_stands_twice_is_what_its_first_line_says(tmp_path: Path) -> None:
    plate = vehicles.fresh_plate().value
    rows = [line(plate, eerste_kleur=colour) for colour in ("ROOD", "BLAUW", "GEEL")]
    told = take(put(tmp_path / "register.csv", text(rows)))
    assert (told.copy.taken, told.copy.written, stored(plate).colour) == (3, 1, "ROOD")


def test_file_that_breaks_off_keeps_what_came_and_goes_on_when_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "BATCH", 400)
    rows = list(lines(4_000))
    whole = text(rows)
    path = put(tmp_path / "register.csv.gz", whole)
    packed = path.read_bytes()
    path.write_bytes(packed[:-200] + b"\0" * 200)  # as a download that was reserved and not finished
    with pytest.raises(UnreadableFile, match="breaks off or is damaged"):
        take(path)
    came = len(said([row["kenteken"] for row in rows]))
    assert 0 < came < 4_000
    path.write_bytes(packed)
    told = take(path)
    assert (told.copy.taken, len(said([row["kenteken"] for row in rows]))) == (4_000, 4_000)


def test_two_at_once_do_not_take_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "BATCH", 100)
    path = put(tmp_path / "register.csv", text(list(lines(6_000))))

    def other(copy: RegisterCopy, _share: float) -> None:
        RegisterCopy.objects.using(OWNER).filter(id=copy.id).update(place=copy.place + 1)

    with pytest.raises(UnreadableFile, match="Another import of this file is at work"):
        loading.copy_register(path, progress=other)


def test_import_that_comes_second_leaves_the_refused_lines_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path / "register.csv", text([line(""), *lines(3)]))
    left = loading._left

    def overtaken(file: RegisterFile, copy: RegisterCopy) -> Iterator[Block]:
        monkeypatch.setattr(loading, "_left", left)
        take(path)
        return left(file, copy)

    monkeypatch.setattr(loading, "_left", overtaken)
    with pytest.raises(UnreadableFile, match="Another import of this file is at work"):
        take(path)
    assert [number for number, _why in refused(path)] == [2]


def test_import_killed_before_its_first_batch_leaves_the_lines_refused_before(tmp_path: Path) -> None:
    path = put(tmp_path / "register.csv", "")
    for number, stood in enumerate((0, 1, 2), start=2):
        with Refused(path) as killed:
            killed.begin(stood)
            assert len(refused(path)) == stood  # on disk, before anything else is written
            killed.write([RefusedLine(number, gettext_lazy("It names no plate."), {}, "")])
    assert [number for number, _why in refused(path)] == [2, 3, 4]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["register.csv", "register.csv.refused.csv"]


def test_values_are_judged_by_the_median_of_what_came_with_them(tmp_path: Path) -> None:
    """The rule is the one for a single answer (`values.doubt`); only the median comes from the file itself."""
    make = f"MERK {world.unique()}"
    prices = [20_000, 21_000, 22_000, 23_000, 24_000, 66_001, 66_000, 7_333, 7_334, 55_555, 300_000]
    rows = [line(vehicles.fresh_plate().value, merk=make, catalogusprijs=str(price)) for price in prices]
    take(put(tmp_path / "register.csv", text(rows)))
    median = Decimal(22_000)
    judged = {
        row["catalogusprijs"]: doubt(
            Decimal(row["catalogusprijs"]),
            kind="Personenauto",
            first_admitted_on=date(2025, 3, 4),
            typical=median,
            on=DAY,
        )
        or ""
        for row in rows
    }
    assert {row["catalogusprijs"]: stored(row["kenteken"]).value_doubt for row in rows} == judged
    assert judged["66001"] == judged["7333"] == "unlike_its_model"


CELL = st.sampled_from(["", "0", "20250304", "20230230", "Ja", "Nee", "N.v.t.", "41495", "9\\N", "a\tb", "VOLVO"])
ROW = st.fixed_dictionaries(dict.fromkeys(KEYS, CELL | st.text(st.characters(codec="utf-8"), max_size=12)))


@settings(max_examples=60)
@given(st.lists(ROW, min_size=1, max_size=8))
def test_every_line_is_read_or_refused_as_its_row_is(rows: list[dict[str, str]]) -> None:
    """Block by block in columns, and row by row by `reading`: the same verdict of whatever stands there."""
    for number, row in enumerate(rows):
        row["kenteken"] = f"AB{number:03d}C"
    written = text(rows, KEYS).split("\n", 1)[1]
    converter = Converter([*KEYS], on=DAY)
    found = converter.convert(Block(2, written.encode(), 0, 0))
    copied = [one.split("\t") for one in found.text.decode().split("\n")[:-1]]
    one_line = [row for row in rows if not any(set("\n\r") & set(cell) for cell in row.values())]
    expected = [row for row in one_line if vehicle_in(row).make]
    ours = {cells[1]: cells[2:] for cells in copied}
    if len(one_line) == len(rows):
        assert list(ours) == [row["kenteken"] for row in expected]
        assert len(found.refused) == len(rows) - len(expected)
    for row in expected:
        if row["kenteken"] not in ours:
            continue
        wanted = vehicle_in(row)
        value = wanted.catalogue_value
        unsure = value is not None and doubt(
            value,
            kind=wanted.kind,
            first_admitted_on=wanted.first_admitted_on,
            typical=None,
            on=DAY,
        )
        said_of = [*(getattr(wanted, name) for name in COLUMNS[:-1]), unsure or ""]
        assert ours[row["kenteken"]] == [_as_copied(value) for value in said_of]


def _as_copied(value: object) -> str:
    """As COPY reads it."""
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value).replace("\\", "\\\\")


def test_blocks_are_whole_lines_from_any_place(tmp_path: Path) -> None:
    content = text(list(lines(3_000)))
    path = put(tmp_path / "register.csv", content)
    file = RegisterFile.at(path)
    all_ = list(file.blocks(place=file.begins, lines=1))
    assert len(all_) > 1
    assert b"".join(block.lines for block in all_).decode() == content.split("\n", 1)[1]
    for before, block in itertools.pairwise(all_):
        rest = list(file.blocks(place=before.ends, lines=block.number - 1))
        assert rest[0] == block


def test_file_of_later_is_fresh_for_who_looks_up(tmp_path: Path) -> None:
    plate = vehicles.fresh_plate().value
    take(put(tmp_path / "register.csv", text([line(plate)])))
    assert datetime.now(UTC) - stored(plate).looked_up_at < timedelta(hours=1)
