"""A book moves out: what stands in the portal at one moment, in the columns with which it comes in."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from psycopg import IsolationLevel

from remise.book.books import Book
from remise.book.importing import keeper
from remise.core import events
from remise.core.files import whole
from remise.core.scope import enter
from remise.core.spreadsheet import open_sheet
from remise.portals.models import Portal


def move_out(portal: Portal, files: Iterable[tuple[Book, Path]]) -> dict[str, int]:
    """Write each book to its file, all as of the same moment; how many lines each has. A file is there when it is
    whole, and only its owner may read it: it names people."""
    by, written = keeper(portal, via="command"), {}
    with _one_moment(), enter(by.scope):
        for book, path in files:
            rows = list(book.rows(portal.id))
            with whole(path) as file:
                sheet = open_sheet(file, path.suffix.lstrip(".").lower(), book.header, title=book.name)
                sheet.write(rows)
                sheet.close()
            written[book.name] = len(rows)
            events.record("book.exported", by=by, after={"book": book.name, "lines": len(rows)})
    return written


@contextmanager
def _one_moment() -> Iterator[None]:
    """Every question of the next transaction is answered from the same state of the database."""
    connection.ensure_connection()
    driver = connection.connection
    driver.isolation_level = IsolationLevel.REPEATABLE_READ
    try:
        yield
    finally:
        driver.isolation_level = None
