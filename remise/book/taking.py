"""The books, and the products, among the files that the command `import` takes."""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from remise.book.books import Book
from remise.book.importing import BATCH, Told, move_in
from remise.book.management.names import add_portal, portal_of
from remise.book.products import PRODUCTS, RefusedProducts, move_products_in
from remise.core.importing import Importer, Options, Progress
from remise.core.keeping import Kept
from remise.core.tables import UnreadableFile
from remise.policies.files import LIBRARY

HELP = (
    "A book of the insurer, as CSV (UTF-8; semicolons or commas) or XLSX: each line is made, or brought up to date."
)


def importer_of(book: Book) -> Importer:
    def take(paths: Sequence[Path], options: Options) -> int:
        portal, rehearse = portal_of(options["portal"]), bool(options["dry_run"])
        progress = Progress(book.name)

        def tell(told: Told) -> None:
            text = f"{told.done} of {told.lines} lines, {told.refused} refused"
            progress(text, ends=told.done == told.lines)

        told = move_in(portal, book, *paths, rehearse=rehearse, progress=tell)
        progress.end(_outcome(told, rehearsed=rehearse))
        return told.refused

    return Importer(book.name, HELP, take, add_arguments=_arguments, epilog=lambda: _columns(book))


def take_products(paths: Sequence[Path], options: Options) -> int:
    """What became of each file; all are taken, or none."""
    rehearse = bool(options["dry_run"])
    try:
        told = move_products_in(portal_of(options["portal"]), paths, rehearse=rehearse)
    except RefusedProducts as refused:
        raise UnreadableFile(str(refused)) from refused
    would = " (nothing was kept: a dry run)" if rehearse else ""
    for path, code, kept in told:
        sys.stderr.write(f"{path}: {code} {kept}{would}\n")
    return 0


def _arguments(parser: ArgumentParser) -> None:
    add_portal(parser)
    parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")


def _outcome(told: Told, *, rehearsed: bool) -> str:
    counted = ", ".join(f"{told.kept[kept]} {kept}" for kept in Kept)
    would = " (nothing was kept: a dry run)" if rehearsed else ""
    if rehearsed and told.lines > BATCH:
        would += (
            f"\nIt was tried some {BATCH} lines at a time: a line that needs one further up in the same file,"
            " such as the colleague who gets the right first, may be told otherwise when it is kept."
        )
    return f"{counted}, {told.refused} refused{would}"


def _columns(book: Book) -> str:
    lines = ["The first line of the file names its columns, in any order:", ""]
    lines += [f"  {column.name:22}{column.explanation}" for column in book.columns]
    lines += [f"  [{column.name}]{'':{20 - len(column.name)}}{column.explanation}" for column in book.besides]
    return "\n".join(lines)


PRODUCT_FILES = Importer(
    PRODUCTS,
    f"Products from reviewed files (TOML), as in {LIBRARY}: their examples are judged first. All are taken or none.",
    take_products,
    several=True,
    add_arguments=_arguments,
)
