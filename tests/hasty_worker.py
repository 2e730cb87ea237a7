"""`python -m tests.hasty_worker`: the real worker, that takes a silent colleague for dead after two seconds."""

import asyncio
import sys

import django
from django.conf import settings

from remise.config.worker import Pace, work

HASTY = Pace(poll=0.2, heartbeat=0.2, stalled_after=2.0, rescue=0.2, grace=1.0)

if __name__ == "__main__":
    django.setup()
    sys.exit(0 if asyncio.run(work(settings.DATABASE_JOBS_URL, concurrency=2, pace=HASTY)) else 1)
