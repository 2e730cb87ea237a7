"""`python -m remise jobs`, and with `--retry 4711` or `--retry-failed runs.advance` to try again what failed."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from psycopg import Connection

from remise.core.actor import system
from remise.core.errors import BrokenRule, NotVisible
from remise.core.scope import ActorKind, Scope, enter
from remise.operations import installation
from remise.operations.actions import retry_job
from remise.operations.installation import Failed
from remise.operations.rights import COMMAND
from remise.portals.models import Portal

EVERYTHING = "all"
NOBODYS = "-"  # of no portal


class Command(BaseCommand):
    help = (
        "What waits, runs and failed in the background, of all portals, and which workers are alive. Needs"
        " DATABASE_JOBS_URL and, to try something again, DATABASE_URL."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        again = parser.add_mutually_exclusive_group()
        again.add_argument("--retry", type=int, metavar="ID", help="try this failed job again")
        again.add_argument(
            "--retry-failed", metavar="JOB", help=f"try all failed jobs of this name again, or {EVERYTHING}"
        )

        again.add_argument(
            "--before", type=int, metavar="ID", help="show the failed jobs before this one, which are older"
        )

    def handle(self, *args: object, **options: Any) -> None:
        with installation.queue(settings.DATABASE_JOBS_URL) as queue:
            if options["retry"] is not None:
                found = installation.failed(queue, job=options["retry"])
                if not found:
                    raise CommandError(f"There is no failed job {options['retry']}.")
                self._again(queue, found)
            elif options["retry_failed"]:
                name = options["retry_failed"]
                found = installation.failed(queue, name=None if name == EVERYTHING else name, size=100_000)
                self._again(queue, found)
            else:
                self._tell(queue, before=options["before"])

    def _tell(self, queue: Connection, *, before: int | None) -> None:
        slugs = _slugs()
        rows = [
            (slugs.get(one.portal, NOBODYS), one.name, one.waiting, one.later, one.running, one.failed)
            for one in installation.kinds(queue)
        ]
        self._table(("PORTAL", "JOB", "WAITING", "LATER", "RUNNING", "FAILED"), rows)
        failed = installation.failed(queue, below=before)
        if failed:
            self.stdout.write("")
            lines = [(one.job, slugs.get(one.portal, NOBODYS), one.name, _when(one), _why(one)) for one in failed]
            self._table(("FAILED", "PORTAL", "JOB", "WHEN", "WHY"), lines)
        if len(failed) == installation.SHOWN:
            self.stdout.write(f"Older ones: --before {failed[-1].job}")
        self.stdout.write("")
        now = timezone.now()
        seen = [(one.name, f"{(now - one.seen).total_seconds():.0f} s ago") for one in installation.workers(queue)]
        self._table(("WORKER", "SEEN"), seen or [("none", "")])

    def _table(self, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        lines = [[str(cell) for cell in row] for row in (head, *rows)]
        widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
        for line in lines:
            self.stdout.write("  ".join(map(str.ljust, line, widths)).rstrip())

    def _again(self, queue: Connection, failed: Sequence[Failed]) -> None:
        """Each in a transaction of its own, with its event."""
        done = sum(_again(queue, one) for one in failed)
        self.stdout.write(f"{done} of {len(failed)} put back in the queue.")


def _again(queue: Connection, one: Failed) -> bool:
    if one.portal is None:
        return installation.retry_every_day(queue, one.job)
    by = system(portal=one.portal, name=COMMAND, via="command")
    with enter(by.scope):
        try:
            retry_job(by=by, job=one.job)
        except (BrokenRule, NotVisible):  # somebody was faster
            return False
    return True


def _when(one: Failed) -> str:
    return f"{one.at:%Y-%m-%d %H:%M} UTC" if one.at else ""


def _why(one: Failed) -> str:
    return f"{one.error} in {one.place}" if one.place else one.error


def _slugs() -> dict[int | None, str]:
    with enter(Scope(ActorKind.SYSTEM)):
        return dict(Portal.objects.values_list("id", "slug"))
