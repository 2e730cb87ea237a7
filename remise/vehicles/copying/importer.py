"""The register's file among those that the command `import` takes."""

from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path

from remise.core.clock import AMSTERDAM
from remise.core.importing import Importer, Options, Progress
from remise.vehicles.copying.loading import copy_register
from remise.vehicles.models import RegisterCopy

NAME = "rdw-vehicles"
HELP = (
    "The whole vehicle register: the RDW's “Gekentekende voertuigen” as CSV or CSV.GZ, from opendata.rdw.nl. Stopped,"
    " it goes on where it was; a file that has come in changes nothing."
)


def take(paths: Sequence[Path], options: Options) -> int:
    progress = Progress(NAME)

    def tell(copy: RegisterCopy, share: float) -> None:
        progress(f"{share:.0%}, {copy.taken} vehicles, {copy.refused} refused")

    day: date | None = options["published"]
    published = datetime.combine(day, time(), AMSTERDAM) if day else None
    told = copy_register(*paths, published=published, progress=tell)
    copy = told.copy
    before = " (this file has come in before: nothing was done)" if told.was_taken else ""
    progress.end(f"{copy.taken} vehicles, {copy.written} of them new or changed, {copy.refused} refused{before}")
    return copy.refused


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--published",
        type=date.fromisoformat,
        metavar="DAY",
        help="the day as of which the file is, such as 2026-11-22; without it, when the file was written",
    )


IMPORTER = Importer(NAME, HELP, take, add_arguments=_arguments)
