"""`python -m remise import policies FILE --portal koetspoort`, `python -m remise import rdw-vehicles FILE`"""

from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from remise.core.importing import UnreadableFile, importers, refused_beside


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
            one.add_argument("file", type=Path)
            one.add_argument(
                "--language",
                choices=[code for code, _name in settings.LANGUAGES],
                default=settings.LANGUAGE_CODE,
                help="of the reasons",
            )
            importer.add_arguments(one)

    def handle(self, *args: object, **options: Any) -> None:
        path: Path = options["file"]
        with translation.override(options["language"]):
            try:
                refused = importers[options["what"]].take(path, options)
            except (UnreadableFile, OSError) as problem:
                raise CommandError(f"{path}: {problem}") from problem
        if refused:
            raise CommandError(f"The lines that were refused stand in {refused_beside(path)}, with the reason.")
