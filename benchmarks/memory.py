"""What the web server and the worker hold at most while a file of vehicles is taken in: sent over HTTP as a workbook,
looked through, done, and its outcome fetched; then the same vehicles deregistered by a CSV."""

import os
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import httpx
import openpyxl

from benchmarks.figures import Benchmark, Figure, check
from benchmarks.fleets import LETTERS, STRIDE
from benchmarks.stage import Stage, World, say
from remise.config import serve
from remise.core import clock
from remise.runs.models import Run
from tests.world import OWNER

MOST = 300.0  # MB, of each process
PATIENCE = 900.0
HEAD = ("plate", "check_code", "day", "cover")


def take_in(stage: Stage) -> Iterator[Figure]:
    world, count = stage.intake, stage.sizes.items
    world.use()
    with tempfile.TemporaryDirectory() as media, _environment(MEDIA_ROOT=media), _worker() as worker:
        visitor = Visitor(world, world.visitor(world.large))
        day = clock.today(world.large.portal).isoformat()
        lines = [(_plate(number), f"{number % 10_000:04d}", day, "wa") for number in range(count)]
        visitor.take_in("register", _workbook(lines), "all.xlsx", count)
        visitor.take_in(
            "deregister", "\n".join(["plate;day", *(f"{line[0]};{day}" for line in lines)]).encode(), "all.csv", count
        )
        for name, process in (("memory.web", world.web.process), ("memory.worker", worker)):
            most = max(_megabytes(each) for each in _with_children(process))
            yield Figure(name, most, "MB", f"{MOST:.0f} MB, for a file of {count:,} lines", MOST / most, count)


ALL = (Benchmark(("memory.web", "memory.worker"), take_in),)


class Visitor:
    def __init__(self, world: World, browser: httpx.Client) -> None:
        self.world = world
        self.browser = browser

    def take_in(self, deed: str, content: bytes, name: str, count: int) -> None:
        page = f"/vehicles/several/{deed}"
        check(self.browser.get(page).status_code == 200, f"the page to {deed}")
        started = time.monotonic()
        sent = self._post(page, files={"file": (name, content)})
        run = sent.headers["Location"]
        self._until(run, Run.State.CHECKED)
        looked = time.monotonic()
        self._post(f"{run}/confirm")
        self._until(run, Run.State.DONE)
        done = time.monotonic()
        ended = self._last()
        check((ended.accepted, ended.refused) == (count, 0), f"{ended.accepted} done, {ended.refused} refused")
        self.browser.post(f"/vehicles/several/results/{ended.id}.xlsx", headers=self._headers)
        self._until(run, Run.State.DONE)
        say(f"{deed}: looked through in {looked - started:.0f} s, done in {done - looked:.0f} s")

    @property
    def _headers(self) -> dict[str, str]:
        return {"X-CSRFToken": self.browser.cookies["csrf"]}

    def _post(self, page: str, **sent: object) -> httpx.Response:
        answer = self.browser.post(page, headers=self._headers, **sent)  # type: ignore[arg-type]
        check(answer.status_code == 302, f"{page}: {answer.status_code}")
        return answer

    def _until(self, page: str, state: str) -> None:
        """As a browser that stays on the page, which asks again and again."""
        give_up = time.monotonic() + PATIENCE
        while (now := self._last()).state != state:
            check(time.monotonic() < give_up and now.state != Run.State.FAILED, f"{now.state}: {now.message}")
            check(self.browser.get(page).status_code == 200, page)
            time.sleep(0.5)

    def _last(self) -> Run:
        self.world.use()
        return Run.objects.using(OWNER).latest("id")


def _plate(number: int) -> str:
    n = number * STRIDE % (len(LETTERS) ** 3 * 1000)
    letters = [LETTERS[n // 1000 // len(LETTERS) ** place % len(LETTERS)] for place in range(3)]
    return f"{letters[0]}{letters[1]}{n % 1000:03d}{letters[2]}"


def _workbook(lines: Sequence[Sequence[str]]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in (HEAD, *lines):
        sheet.append(line)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ |= values
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _worker() -> Iterator[int]:
    """Its process; what it writes is not of the figures."""
    process = subprocess.Popen(
        serve.worker().command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(15)


def _with_children(process: int) -> Iterator[int]:
    yield process
    for child in Path(f"/proc/{process}/task/{process}/children").read_text().split():
        yield from _with_children(int(child))


def _megabytes(process: int) -> float:
    """The most that it ever held (Linux; VmHWM in kB of 1024)."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    check(found is not None, f"process {process} says what it holds")
    assert found is not None
    return int(found[1]) * 1024 / 1e6
