"""`python -m remise restore FILE`"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from remise.config.database import owner_address
from remise.config.postgres_programs import ProgramError
from remise.config.restore import RestoreError, restore


class Command(BaseCommand):
    help = (
        "Takes a backup into an empty database that was prepared, and an empty place for files. The keys SECRET_KEY"
        " and FIELD_KEYS are not in a backup: give this installation those of the old one."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: object, **options: Any) -> None:
        try:
            restored = restore(owner_address(), options["file"].resolve())
        except (RestoreError, ProgramError, OSError, LookupError) as problem:
            raise CommandError(str(problem)) from problem
        made = restored.manifest
        self.stderr.write(
            f"The backup of {made.made_at} is back: {len(made.rows)} tables with {sum(made.rows.values())} rows,"
            f" {len(made.files)} stored files; all of them were counted."
        )
        if restored.to_migrate:
            self.stderr.write(f"{len(restored.to_migrate)} migrations are newer: run `migrate --database=owner` now.")
        self.stderr.write("SECRET_KEY and FIELD_KEYS were not in it: they must be those of the old installation.")
