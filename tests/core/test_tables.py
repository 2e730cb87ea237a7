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


@pytest.mark.parametrize("place", ["XFD1", "A1048576", "ZZZ9"])
def test_cell_far_outside_the_table_is_refused(tmp_path: Path, place: str) -> None:
    """A reader would lay out all that lies between."""
    path = workbook(tmp_path / "a.xlsx", A1="plate")
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    far = f'<row r="2"><c  r = "{place}"><v>1</v></c></row></sheetData>'
    repacked(path, "xl/worksheets/sheet1.xml", sheet.replace("</sheetData>", far).encode())
    with pytest.raises(UnreadableFile, match=place):
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
