from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remise.book.files import Table
from remise.core.importing import UnreadableFile
from remise.core.spreadsheet import as_meant, harmless
from tests.book.moving import put

COLUMNS = ["kvk", "kind", "name"]
# What a database can hold and a screen can show; ends of lines as one sign.
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t")) | st.text(
    st.sampled_from("'=+-@;,\"\n\täß€ a1")
)


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def cells(table: Table) -> list[list[str]]:
    return [record.cells for record in table.lines()]


@given(TEXT)
def test_harmless_text_is_given_back_as_meant(text: str) -> None:
    assert as_meant(harmless(text)) == text


@given(rows=st.lists(st.tuples(TEXT, TEXT, TEXT).filter(any), max_size=4))
def test_written_csv_is_read_back(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]) -> None:
    path = put(tmp_path_factory.mktemp("csv") / "book.csv", COLUMNS, *rows)
    table = Table(path, COLUMNS)
    assert (cells(table), table.count) == ([list(row) for row in rows], len(rows))


def test_written_xlsx_is_read_back(tmp_path: Path) -> None:
    rows = [["01234567", "company", '=Bosch; "Groß" & zn\n\'Hof'], ["", "person", "'-'t Hoekje"]]
    path = put(tmp_path / "book.xlsx", COLUMNS, *rows)
    assert cells(Table(path, COLUMNS)) == rows


def test_cells_of_a_spreadsheet_are_text(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["name", "kvk", "kind"])
    page.append([None, None, None])
    page.append([date(2026, 1, 31), 12345678, True])
    book.save(tmp_path / "book.xlsx")
    table = Table(tmp_path / "book.xlsx", COLUMNS)
    assert [(record.number, record.cells) for record in table.lines()] == [(3, ["2026-01-31", "12345678", "True"])]


@pytest.mark.parametrize(
    "text",
    ["kvk;kind;name\n1;2;3\n", "Kind,KVK , name\r\n2,1,3\r\n", '\ufeffname;"kvk";kind\n"3";1;2'],
)
def test_header_is_found_in_any_order_and_delimiter(tmp_path: Path, text: str) -> None:
    table = Table(written(tmp_path / "book.csv", text), COLUMNS)
    lines = [dict(zip(table.header, row, strict=True)) for row in cells(table)]
    assert lines == [{"kvk": "1", "kind": "2", "name": "3"}]


def test_lines_are_numbered_as_in_an_editor(tmp_path: Path) -> None:
    table = Table(written(tmp_path / "book.csv", 'kvk;kind;name\n\n1;2;"a\nb"\n3;4;5\n'), COLUMNS)
    assert [record.number for record in table.lines()] == [3, 5]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b"kvk;name\n", "These columns are missing: kind. The first line of the file names the columns,"),
        (b"kvk;kind;name;colour\n", "These columns are not known: colour."),
        (b"kvk;kind;name;kvk\n", "These columns stand there twice: kvk."),
        ("kvk;kind;name\n1;company;Groß\n".encode("cp1252"), "Line 2 is not written in UTF-8."),
        (b'kvk;kind;name\n1;company;"open\n', "Line 2 cannot be read: its quotation marks do not fit."),
        (b"\xd0\xcf\x11\xe0 old", "This is an old or locked spreadsheet."),
        (b"PK\x03\x04 broken", "This spreadsheet cannot be read."),
    ],
)
def test_file_that_is_no_table_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "book.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile) as error:
        Table(path, COLUMNS)
    assert str(error.value).startswith(said)
