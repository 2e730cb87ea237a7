import asyncio
import sys

from django.conf import settings
from django.core.management.base import BaseCommand

from remise.config import worker
from remise.config.safety import stop_unless_safe


class Command(BaseCommand):
    help = "Does the jobs until it is told to stop (SIGTERM). Any number of workers may run at once."

    def execute(self, *args: object, **options: object) -> str | None:
        stop_unless_safe()  # before Django's own checks, which may ask the database
        return super().execute(*args, **options)

    def handle(self, *args: object, **options: object) -> None:
        work = worker.work(settings.DATABASE_JOBS_URL, concurrency=settings.WORKER_CONCURRENCY)
        if not asyncio.run(work):
            sys.exit(1)  # whoever keeps it running starts it again
