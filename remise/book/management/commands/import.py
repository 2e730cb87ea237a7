"""`python -m remise import policies FILE --portal koetspoort`"""

import sys
import time
from argparse import RawDescriptionHelpFormatter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from remise.book.books import books
from remise.book.importing import BATCH, Refused, Told, move_in
from remise.book.management.names import add_portal, portal_of
from remise.book.products import PRODUCTS, RefusedProducts, move_products_in
from remise.core.keeping import Kept
from remise.core.tables import UnreadableFile
from remise.policies.files import LIBRARY
from remise.portals.models import Portal


class Command(BaseCommand):
    help = (
        "Takes a book of the insurer from a CSV (UTF-8; semicolons or commas) or XLSX file: each line is made, or"
        " brought up to date. A refused line goes to FILE.refused.csv with the reason; the exit code is then 1."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, epilog=_columns(), **kwargs
        )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("book", choices=[*(book.name for book in books), PRODUCTS])
        parser.add_argument("file", type=Path, nargs="+", help=f"one file; of {PRODUCTS} several (TOML)")
        add_portal(parser)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
        parser.add_argument(
            "--language",
            choices=[code for code, _name in settings.LANGUAGES],
            default=settings.LANGUAGE_CODE,
            help="of the reasons",
        )

    def handle(self, *args: object, **options: Any) -> None:
        paths: list[Path] = options["file"]
        portal = portal_of(options["portal"])
        if options["book"] == PRODUCTS:
            with translation.override(options["language"]):
                told_of_products(portal, paths, rehearse=options["dry_run"])
            return
        if len(paths) > 1:
            raise CommandError(f"One file of {options['book']} at a time.")
        path = paths[0]
        progress = _Progress(options["book"])
        with translation.override(options["language"]):
            try:
                told = move_in(portal, books[options["book"]], path, rehearse=options["dry_run"], progress=progress)
            except (UnreadableFile, OSError) as problem:
                raise CommandError(f"{path}: {problem}") from problem
        progress.end(told, rehearsed=options["dry_run"])
        if told.refused:
            raise CommandError(f"The lines that were refused stand in {Refused.beside(path)}, with the reason.")


def told_of_products(portal: Portal, paths: Sequence[Path], *, rehearse: bool) -> None:
    """What became of each file; of several all are taken, or none."""
    try:
        told = move_products_in(portal, paths, rehearse=rehearse)
    except (RefusedProducts, OSError) as refused:
        raise CommandError(str(refused)) from refused
    would = " (nothing was kept: a dry run)" if rehearse else ""
    for path, code, kept in told:
        sys.stderr.write(f"{path}: {code} {kept}{would}\n")


class _Progress:
    """One line on stderr, at most once a second; on a screen it is written over."""

    def __init__(self, book: str) -> None:
        self._book, self._next = book, 0.0

    def __call__(self, told: Told) -> None:
        if time.monotonic() < self._next and told.done < told.lines:
            return
        self._next = time.monotonic() + 1
        start, end = ("\r", "") if sys.stderr.isatty() else ("", "\n")
        sys.stderr.write(f"{start}{self._book}: {told.done} of {told.lines} lines, {told.refused} refused{end}")
        sys.stderr.flush()

    def end(self, told: Told, *, rehearsed: bool) -> None:
        counted = ", ".join(f"{told.kept[kept]} {kept}" for kept in Kept)
        would = " (nothing was kept: a dry run)" if rehearsed else ""
        if rehearsed and told.lines > BATCH:
            would += (
                f"\nIt was tried some {BATCH} lines at a time: a line that needs one further up in the same file,"
                " such as the colleague who gets the right first, may be told otherwise when it is kept."
            )
        line_end = "\n" if sys.stderr.isatty() else ""
        sys.stderr.write(f"{line_end}{self._book}: {counted}, {told.refused} refused{would}\n")


def _columns() -> str:
    lines = ["The first line of a file names its columns, in any order:"]
    for book in books:
        lines += ["", book.name, *(f"  {column.name:22}{column.explanation}" for column in book.columns)]
        lines += [f"  [{column.name}]{'':{20 - len(column.name)}}{column.explanation}" for column in book.besides]
    return "\n".join([*lines, "", f"{PRODUCTS}: reviewed files, as in {LIBRARY}"])
