import asyncio
import sys

from django.conf import settings
from django.core.management.base import BaseCommand

from remise.config import worker


class Command(BaseCommand):
    help = "Does the jobs until it is told to stop (SIGTERM). Any number of workers may run at once."

    def handle(self, *args: object, **options: object) -> None:
        work = worker.work(settings.DATABASE_JOBS_URL, concurrency=settings.WORKER_CONCURRENCY)
        if not asyncio.run(work):
            sys.exit(1)  # whoever keeps it running starts it again
