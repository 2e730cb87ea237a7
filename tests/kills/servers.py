"""Servers to be killed, which come back."""

import contextlib
import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence, Sized

from remise.config import serve
from remise.config.embedded_postgres import EmbeddedPostgres

PATIENCE = 60.0


class Killable:
    """A server of ours in a process group that is killed at once, and comes back."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self._command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def stop(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def kill(self) -> None:
        self.stop()
        self._process = self._start()


class Web(Killable):
    def __init__(self) -> None:
        self.port = serve.free_port(0)
        super().__init__(serve.web(self.port, workers=1).command)

    def wait(self) -> None:
        give_up = time.monotonic() + PATIENCE
        while not serve.is_ready(self.port):
            assert time.monotonic() < give_up
            time.sleep(0.05)


class Database:
    def __init__(self, server: EmbeddedPostgres) -> None:
        self._server = server

    def kill(self) -> None:
        if self._server.pid is not None:
            os.kill(self._server.pid, signal.SIGKILL)
        time.sleep(0.1)
        self._server.start()


@contextlib.contextmanager
def struck(kill: Callable[[], None], confirmed: Sized, *, seed: int = 20) -> Iterator[list[int]]:
    """Meanwhile: a kill in the middle of something, after each few that went well. Gives how many were done then."""
    done = threading.Event()
    kills: list[int] = []

    def strike() -> None:
        chance, after = random.Random(seed), 0
        while not done.wait(chance.uniform(0, 0.05)):
            if len(confirmed) > after:
                kill()
                kills.append(len(confirmed))
                after = len(confirmed) + chance.randrange(4, 16)

    striker = threading.Thread(target=strike)
    striker.start()
    try:
        yield kills
    finally:
        done.set()
        striker.join()
