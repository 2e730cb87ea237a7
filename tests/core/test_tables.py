"""Files made to hurt: they are refused in words, before anything reads them."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from remise.core import tables
from remise.core.tables import UnreadableFile, pasted, records


def cells(path: Path, *encodings: str) -> list[list[str]]:
    found = records(path, ["plate"], encodings=encodings or ("utf-8",))
    return [record.cells for record in found]


def workbook(path: Path, **cells: str) -> Path:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for place, value in cells.items():
        page[place] = value
    book.save(path)
    return path


SHEET = "xl/worksheets/sheet1.xml"


def sheet_with(path: Path, rows: str) -> Path:
    """Rows as they stand in a sheet, under a line of its own."""
    workbook(path, A1="plate")
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read(SHEET).decode()
    return repacked(path, SHEET, sheet.replace("</sheetData>", f"{rows}</sheetData>").encode())


def renamed(path: Path, old: str, new: str) -> Path:
    """The same workbook with a part under another name, also where others refer to it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(path) as given, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for info in given.infolist():
            content = given.read(info.filename).replace(old.encode(), new.encode())
            made.writestr(info.filename.replace(old, new), content)
    path.write_bytes(packed.getvalue())
    return path


def repacked(path: Path, part: str, content: bytes) -> Path:
    """The same workbook with another part."""
    packed = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, content if info.filename == part else old.read(info.filename))
    path.write_bytes(packed.getvalue())
    return path


def test_table_may_begin_anywhere(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", C4="plate", D4="day", C6="GB001B")
    found = list(records(path, ["plate"]))
    assert [(record.number, record.cells[2:]) for record in found] == [(4, ["plate", "day"]), (6, ["GB001B", ""])]


def test_spreadsheet_that_unpacks_to_very_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path / "a.xlsx", A1="plate")
    monkeypatch.setattr(tables, "MOST_UNPACKED", 100_000)
    repacked(path, "xl/worksheets/sheet1.xml", b" " * 5_000_000)
    assert path.stat().st_size < 20_000
    with pytest.raises(UnreadableFile, match="unpacks to more"):
        cells(path)


def test_part_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", A1="plate")
    repacked(path, "xl/worksheets/sheet1.xml", b" " * 5_000_000)
    content = bytearray(path.read_bytes())
    said = (5_000_000).to_bytes(4, "little")
    assert content.count(said) == 2  # beside the part, and in the list at the end
    path.write_bytes(content.replace(said, (500).to_bytes(4, "little")))
    with pytest.raises(UnreadableFile, match="cannot be read"):
        cells(path)


@pytest.mark.parametrize("place", ["XFD1", "A1048576", "ZZZ9", "gs2"])
def test_cell_far_outside_the_table_is_refused(tmp_path: Path, place: str) -> None:
    """A reader would lay out all that lies between."""
    path = sheet_with(tmp_path / "a.xlsx", f'<row r="2"><c  r = "{place}"><v>1</v></c></row>')
    with pytest.raises(UnreadableFile, match=place.upper()):
        cells(path)


@pytest.mark.parametrize("place", ["GR100000", "AB1000000"])
def test_cell_that_makes_the_table_too_large_is_refused(tmp_path: Path, place: str) -> None:
    """Within the columns and within the lines, but not within both."""
    path = workbook(tmp_path / "a.xlsx", A1="plate", **{place: "x"})
    assert path.stat().st_size < 6_000
    with pytest.raises(UnreadableFile, match=f"as far as {place}"):
        cells(path)


@pytest.mark.parametrize("name", ["sheets/sheet1.xml", "theme.bin"])
def test_sheet_is_looked_through_whatever_its_part_is_called(tmp_path: Path, name: str) -> None:
    path = workbook(tmp_path / "a.xlsx", A1="plate", GR1000000="x")
    with pytest.raises(UnreadableFile, match="as far as GR1000000"):
        cells(renamed(path, "worksheets/sheet1.xml", name))


def test_sheet_under_another_name_is_read(tmp_path: Path) -> None:
    path = renamed(workbook(tmp_path / "a.xlsx", A1="plate"), "worksheets/sheet1.xml", "sheets/sheet1.xml")
    assert cells(path) == [["plate"]]


def test_cells_without_a_place_are_counted_as_they_are_read(tmp_path: Path) -> None:
    one = "<c><v>1</v></c>"
    path = sheet_with(tmp_path / "a.xlsx", f"<row>{one}</row><row r='5'>{one * 3}</row><row>{one}</row>")
    assert [record.number for record in records(path, ["plate"])] == [1, 2, 5, 6]
    with pytest.raises(UnreadableFile, match="at GS2"):
        cells(sheet_with(path, f"<row>{one * 201}</row>"))
    with pytest.raises(UnreadableFile, match="as far as AN100001"):
        cells(sheet_with(path, f"<row r='100000'>{one}</row><row>{one * 100}</row>"))


def test_cells_at_one_place_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_CELLS", 50)
    with pytest.raises(UnreadableFile, match="as far as A1"):
        cells(sheet_with(tmp_path / "a.xlsx", f"<row r='1'>{'<c r="A1"><v>1</v></c>' * 51}</row>"))


def test_text_that_is_repeated_is_counted_as_often(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each cell gets a copy of it."""
    path = workbook(tmp_path / "a.xlsx", A1="plate", **{f"B{line}": "x" * 30_000 for line in range(1, 200)})
    assert path.stat().st_size < 20_000
    assert len(cells(path)) == 199
    monkeypatch.setattr(tables, "MOST_UNPACKED", 5_000_000)
    with pytest.raises(UnreadableFile, match="unpacks to more"):
        cells(path)


@pytest.mark.parametrize("sign", [";", ",", "\t"])
def test_names_may_stand_in_quotation_marks(sign: str) -> None:
    text = sign.join(['"Kenteken"', '"Meld;,\tcode"']) + "\n" + sign.join(['"GB-001-B"', '"0413"'])
    assert [record.cells for record in pasted(text, ["kenteken"])][1] == ["GB-001-B", "0413"]


def test_first_lines_tell_the_delimiter_and_not_the_first_alone() -> None:
    text = "GB-001-B\nGB-002-B\t20-10-2026\nGB-003-B\t20-10-2026"
    assert [record.cells for record in pasted(text, ["plate"])][1:] == [
        ["GB-002-B", "20-10-2026"],
        ["GB-003-B", "20-10-2026"],
    ]


def test_line_of_very_many_cells_or_signs_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for line, said in ((";" * 1_000, "more cells"), ("x" * 1_000_000, "longer")):
        path.write_text(f"plate\n{line}\n")
        with pytest.raises(UnreadableFile, match=f"Line 2 .*{said}"):
            cells(path)


def test_file_of_very_many_empty_lines_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_LINES", 100)
    path = tmp_path / "a.csv"
    path.write_text("plate\n" + "\n" * 200)
    with pytest.raises(UnreadableFile, match="more lines"):
        cells(path)


def test_empty_cells_are_no_part_of_the_table(tmp_path: Path) -> None:
    """A column that was coloured to its end, say."""
    path = sheet_with(tmp_path / "a.xlsx", '<row r="1048576"><c r="XFD1048576" s="0"/></row>')
    assert cells(path) == [["plate"]]


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><row r="1"></row></row>',
        '<c r="A2"><v>1</v></c>',
        '<row><c r="A2"><c r="A3"><v>1</v></c></c></row>',
        '<row><c r="A99999999"><v>1</v></c></row>',
        '<row r="many"><c><v>1</v></c></row>',
        '<row><c r="A2">',
    ],
)
def test_sheet_that_could_be_read_in_two_ways_is_refused(tmp_path: Path, rows: str) -> None:
    with pytest.raises(UnreadableFile, match="cannot be read"):
        cells(sheet_with(tmp_path / "a.xlsx", rows))


NAMES = "urn:oasis:names:tc:opendocument:xmlns"
OTHER_FORMAT = (
    f'<office:document-content xmlns:office="{NAMES}:office:1.0" xmlns:table="{NAMES}:table:1.0" '
    f'xmlns:text="{NAMES}:text:1.0"><office:body><office:spreadsheet><table:table table:name="a">'
    '<table:table-row table:number-rows-repeated="3">'
    '<table:table-cell office:value-type="string" table:number-columns-repeated="5"><text:p>plate</text:p>'
    "</table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
)
MANIFEST = f'<manifest:manifest xmlns:manifest="{NAMES}:manifest:1.0"></manifest:manifest>'


@pytest.mark.parametrize("name", ["a.ods", "a"])
def test_other_spreadsheet_is_refused_whatever_its_name(tmp_path: Path, name: str) -> None:
    """In it a cell is repeated a billion times in a few letters."""
    path = tmp_path / name
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", OTHER_FORMAT)
        archive.writestr("META-INF/manifest.xml", MANIFEST)
    with pytest.raises(UnreadableFile, match="cannot be read"):
        cells(path)


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x03\x04" + b"\x00" * 500, b"\xd0\xcf\x11\xe0 old"])
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile):
        cells(path)


def test_csv_of_an_older_spreadsheet_is_read_where_that_is_allowed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("plate;name\nGB001B;Müller\n".encode("cp1252"))
    assert cells(path, "utf-8", "cp1252")[1] == ["GB001B", "Müller"]
    with pytest.raises(UnreadableFile, match="Line 2"):
        cells(path)


@pytest.mark.parametrize("text", ["plate\tday\nGB-001-B\t2026-01-31", "plate;day\r\nGB-001-B;2026-01-31\r\n"])
def test_what_was_pasted_is_read(text: str) -> None:
    assert [record.cells for record in pasted(text, ["plate"])] == [["plate", "day"], ["GB-001-B", "2026-01-31"]]


def test_plates_alone_may_be_pasted() -> None:
    assert [record.cells for record in pasted("GB-001-B\n\n G001BB \n", ["plate"])] == [["GB-001-B"], [" G001BB "]]
