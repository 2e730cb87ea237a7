"""`python -m remise backup FILE`"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from remise.config.backup import back_up
from remise.config.database import owner_address
from remise.config.postgres_programs import ProgramError

KEYS = (
    "The keys SECRET_KEY and FIELD_KEYS are not in it: keep them elsewhere. Without FIELD_KEYS no authenticator app"
    " works any more, and no document is sealed."
)


class Command(BaseCommand):
    help = f"Writes the database and the stored files to one file. {KEYS}"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: object, **options: Any) -> None:
        path: Path = options["file"].resolve()
        there_already = CommandError(f"{path} is there already, and no backup is overwritten.")
        if path.exists():
            raise there_already
        try:
            made = back_up(owner_address(), path)
        except FileExistsError as taken:  # in the meantime
            raise there_already from taken
        except (ProgramError, OSError, LookupError) as problem:
            raise CommandError(str(problem)) from problem
        rows, size = sum(made.rows.values()), path.stat().st_size / 1_000_000
        self.stderr.write(
            f"{path}: {len(made.rows)} tables with {rows} rows, {len(made.files)} stored files, {size:.1f} MB."
        )
        self.stderr.write(KEYS)
