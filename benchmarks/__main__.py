"""`script/bench [--quick] [NAME-PREFIX ...]`: a JSON object per figure; progress goes to standard error."""

import argparse
import contextlib
import gc
import logging
import os
import secrets
import signal
import sys
from types import FrameType
from typing import NoReturn

import django
from cryptography.fernet import Fernet

# What the servers that are started here need too; the databases are added when they are made.
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "remise.config.settings",
    "SECRET_KEY": secrets.token_hex(32),
    "FIELD_KEYS": Fernet.generate_key().decode(),
    "HTTPS": "false",
    "API_RATE": "10000000",  # what is timed is not the limit
}
for name in ("REMISE_DEMO", "DEBUG"):
    os.environ.pop(name, None)


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller sizes: five minutes for the whole set")
    parser.add_argument("prefix", nargs="*", default=[""], help="only figures whose name starts so")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, _leave)
    django.setup()
    logging.getLogger("httpx").setLevel(logging.WARNING)
    from benchmarks import (
        calling,
        cards,
        documents,
        inbox,
        ledger,
        listing,
        memory,
        radar,
        register_copy,
        registering,
        scope,
        searching,
        several,
        signing_in,
    )
    from benchmarks.sizes import FULL, QUICK
    from benchmarks.stage import Stage, say

    gc.freeze()  # as the web server and the worker do once they are loaded
    found = 0
    with contextlib.ExitStack() as stack:
        stage = Stage(QUICK if options.quick else FULL, stack)
        rooms = (
            ledger,
            scope,
            listing,
            searching,
            inbox,
            registering,
            several,
            calling,
            documents,
            cards,
            signing_in,
            register_copy,
            radar,
            memory,
        )
        for benchmark in (each for room in rooms for each in room.ALL):
            chosen = [name for name in benchmark.names if name.startswith(tuple(options.prefix))]
            if not chosen:
                continue
            say(", ".join(chosen))
            for figure in benchmark.run(stage):
                if figure.name in chosen:
                    print(figure.line(), flush=True)  # noqa: T201
                    found += 1
    return 0 if found else 2


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    """Told to end: the servers and databases go too."""
    sys.exit(1)


if __name__ == "__main__":
    sys.exit(main())
