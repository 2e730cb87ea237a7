"""`python -m remise import policies FILE --portal koetspoort`, `python -m remise import rdw-vehicles FILE`"""

from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from remise.core.importing import importers, refused_beside
from remise.core.tables import UnreadableFile


class Command(BaseCommand):
    help = (
        "Takes a file in, line by line. A refused line goes to FILE.refused.csv with the reason; the exit code is"
        " then 1. `import WHAT --help` says what stands in such a file."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        kinds = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
        for importer in importers:
            one = kinds.add_parser(
                importer.name,
                help=importer.help,
                description=importer.help,
                epilog=importer.epilog(),
                formatter_class=RawDescriptionHelpFormatter,
            )
            one.add_argument("files", type=Path, nargs="+" if importer.several else 1, metavar="FILE")
            one.add_argument(
                "--language",
                choices=[code for code, _name in settings.LANGUAGES],
                default=settings.LANGUAGE_CODE,
                help="of the reasons",
            )
            importer.add_arguments(one)

    def handle(self, *args: object, **options: Any) -> None:
        paths: list[Path] = options["files"]
        with translation.override(options["language"]):
            try:
                refused = importers[options["what"]].take(paths, options)
            except (UnreadableFile, OSError) as problem:
                about = f"{paths[0]}: " if len(paths) == 1 else ""
                raise CommandError(f"{about}{problem}") from problem
        if refused:
            raise CommandError(f"The lines that were refused stand in {refused_beside(paths[0])}, with the reason.")
