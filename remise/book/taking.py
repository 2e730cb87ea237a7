"""The books among the files that the command `import` takes."""

from argparse import ArgumentParser
from pathlib import Path

from remise.book.books import Book
from remise.book.importing import BATCH, Told, move_in
from remise.book.management.names import add_portal, portal_of
from remise.core.importing import Importer, Options, Progress
from remise.core.keeping import Kept

HELP = (
    "A book of the insurer, as CSV (UTF-8; semicolons or commas) or XLSX: each line is made, or brought up to date."
)


def importer_of(book: Book) -> Importer:
    def take(path: Path, options: Options) -> int:
        portal, rehearse = portal_of(options["portal"]), bool(options["dry_run"])
        progress = Progress(book.name)

        def tell(told: Told) -> None:
            text = f"{told.done} of {told.lines} lines, {told.refused} refused"
            progress(text, ends=told.done == told.lines)

        told = move_in(portal, book, path, rehearse=rehearse, progress=tell)
        progress.end(_outcome(told, rehearsed=rehearse))
        return told.refused

    return Importer(book.name, HELP, take, _arguments, lambda: _columns(book))


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
