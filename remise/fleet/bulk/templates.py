"""An empty file to fill in, with the columns of a product: all text, or a spreadsheet drops the zero of 0413."""

from collections.abc import Sequence
from io import BytesIO

import xlsxwriter
from django.utils.translation import gettext as _

from remise.core.spreadsheet import harmless, write_csv
from remise.runs.kinds import Column

LINES = 5_000  # that are prepared for a choice
LONGEST_LIST = 255  # characters of all choices together, which is what a spreadsheet takes


def csv_template(columns: Sequence[Column]) -> bytes:
    file = BytesIO()
    write_csv(file, [str(column.label) for column in columns], [])
    return file.getvalue()


def xlsx_template(columns: Sequence[Column], *, title: str) -> bytes:
    """The sheet to fill in, and one that explains its columns."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "bottom": 1})
    text = book.add_format({"num_format": "@"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    page = book.add_worksheet(title[:31])
    page.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        page.set_column(place, place, column.width, text)
        page.write_string(0, place, str(column.label), bold)
        names = [str(label) for _value, label in column.choices]
        if names and len(",".join(names)) <= LONGEST_LIST:
            page.data_validation(1, place, LINES, place, {"validate": "list", "source": names})
    told = book.add_worksheet(_("Explanation")[:31])
    told.set_column(0, 0, 24)
    told.set_column(1, 2, 40)
    for place, name in enumerate((_("Column"), _("What goes in it"), _("For example"))):
        told.write_string(0, place, name, bold)
    for line, column in enumerate(columns, start=1):
        told.write_string(line, 0, str(column.label), wrapped)
        told.write_string(line, 1, harmless(explained(column)), wrapped)
        told.write_string(line, 2, harmless(example(column)), wrapped)
    book.close()
    return file.getvalue()


def explained(column: Column) -> str:
    """What goes in it, in one line."""
    needed = _("Needed.") if column.is_needed else ""
    one_of = _("One of: %(choices)s.") % {"choices": ", ".join(str(label) for _value, label in column.choices)}
    return " ".join(part for part in (needed, str(column.hint), one_of if column.choices else "") if part)


def example(column: Column) -> str:
    return column.example or (str(column.choices[0][1]) if column.choices else "")
