"""Books as text, in a portal of their own."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from remise.book.books import books
from remise.book.exporting import move_out
from remise.book.importing import Told, move_in
from remise.core.importing import refused_beside
from remise.core.models import Event
from remise.core.spreadsheet import Cell, open_sheet
from remise.portals.models import Portal
from tests import world
from tests.world import OWNER

ORGANISATIONS = ["kvk", "kind", "name", "contact_email"]
BRANCHES = ["organisation", "relation_number", "establishment_number", "name"]
PEOPLE = ["organisation", "email", "name", "state", "rights"]
POLICIES = ["organisation", "product", "number", "starts", "last_day"]


def portal() -> Portal:
    """Without a customer, and with one product to sell."""
    made = world.portal()
    world.product(made)
    return made


def put(path: Path, header: Sequence[str], *rows: Sequence[Cell]) -> Path:
    """A file as `export` writes it; cells that a row leaves out are empty."""
    with path.open("wb") as file:
        sheet = open_sheet(file, path.suffix.lstrip("."), header, title=path.stem)
        sheet.write([*row, *[""] * (len(header) - len(row))] for row in rows)
        sheet.close()
    return path


def take(at: Portal, book: str, path: Path, *, rehearse: bool = False) -> Told:
    return move_in(at, books[book], path, rehearse=rehearse, progress=lambda _told: None)


def refused(path: Path) -> list[dict[str, str]]:
    """The lines that did not come in; none where the file is not there."""
    beside = refused_beside(path)
    return read(beside) if beside.exists() else []


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline=""), delimiter=";"))


def out(at: Portal, directory: Path, suffix: str = "csv") -> dict[str, Path]:
    directory.mkdir(parents=True, exist_ok=True)
    files = {book.name: directory / f"{book.name}.{suffix}" for book in books}
    move_out(at, [(books[name], path) for name, path in files.items()])
    return files


def events(at: Portal) -> list[str]:
    """Their kinds, without those that tell of books that moved out."""
    found = Event.objects.using(OWNER).filter(portal=at.id).exclude(kind="book.exported").order_by("id")
    return list(found.values_list("kind", flat=True))
