"""`python -m remise export policies FILE --portal koetspoort`, or `export all DIRECTORY`."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from remise.book.books import books
from remise.book.exporting import move_out
from remise.book.management.names import add_portal, portal_of
from remise.core.errors import DomainError

ALL = "all"
SUFFIXES = (".csv", ".xlsx")


class Command(BaseCommand):
    help = "Writes a book of the insurer in the columns in which it comes in; `all` writes each into a directory."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("book", choices=[*(book.name for book in books), ALL])
        parser.add_argument("file", type=Path, help="ends in .csv or .xlsx; with `all`, a directory of CSV files")
        add_portal(parser)

    def handle(self, *args: object, **options: Any) -> None:
        path: Path = options["file"]
        portal = portal_of(options["portal"])
        if options["book"] == ALL:
            path.mkdir(parents=True, exist_ok=True)
            files = [(book, path / f"{book.name}.csv") for book in books]
        elif path.suffix.lower() in SUFFIXES:
            files = [(books[options["book"]], path)]
        else:
            raise CommandError("The name of the file ends in .csv or .xlsx.")
        try:
            written = move_out(portal, files)
        except (DomainError, OSError) as problem:
            raise CommandError(str(problem)) from problem
        for name, lines in written.items():
            self.stderr.write(f"{name}: {lines} lines")
