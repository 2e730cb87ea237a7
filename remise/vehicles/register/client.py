"""Asks the register (RDW open data over Socrata's SODA 2, https://dev.socrata.com/docs/queries/). Knows no database.

Nobody waits longer than the seconds given: the answer is awaited in threads of its own, because the HTTP library
limits each read and not the whole, and a server that sends a byte a second would hold a page for ever."""

import json
import re
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass
from functools import cache

import httpx
from django.conf import settings

from remise.core.identifiers import Plate
from remise.vehicles.register.reading import FIELDS, PLATE, Published, fuels_in, plate_of, vehicle_in

VEHICLES, FUELS = "m9d7-ebf2", "8ys7-d773"
BATCH = 100  # plates in one request: the address stays well under 8 kB
MOST_AT_ONCE = 500  # where only what is read is asked for
MOST_ROWS = 1000  # what the register gives without being asked for more
MOST_BYTES = 4_000_000  # of an answer; a hundred vehicles are 250 kB
THREADS = 8
SELECTED = ",".join((PLATE, *(field.keys[0] for field in FIELDS)))
_clients: dict[tuple[str, str], httpx.Client] = {}


class NotAnsweredError(Exception):
    """The register did not answer, or not what was asked. `after`: for how many seconds it wants to be left alone."""

    def __init__(self, why: str, after: float = 0, status: int = 0) -> None:
        super().__init__(why)
        self.after = after
        self.status = status


@dataclass(frozen=True, slots=True)
class Answer:
    """What the register says of each plate, and of which it says that it knows none."""

    published: Mapping[str, Published]
    unknown: frozenset[str]


def is_reachable() -> bool:
    """Is there a register at all? Without an address everything works, and nothing is filled in."""
    return bool(settings.RDW_URL)


def ask(plates: Sequence[Plate], *, seconds: float) -> Answer:
    """At most `BATCH` plates. Raises NotAnsweredError, and nothing else."""
    assert 0 < len(plates) <= BATCH
    deadline = time.monotonic() + seconds
    vehicles = _pool().submit(_rows, VEHICLES, plates, deadline)
    fuels = _pool().submit(_rows, FUELS, plates, deadline)
    rows = _awaited(vehicles, deadline)
    try:
        fuel_of = fuels_in(_awaited(fuels, deadline))
    except NotAnsweredError:
        fuel_of = {}  # a vehicle without its fuel is better than none
    return _answer(plates, rows, fuel_of)


def ask_facts(plates: Sequence[Plate], *, seconds: float) -> Answer:
    """The same of at most `MOST_AT_ONCE` plates, without fuels and with no more fields than are read: where many are
    compared. A register that renamed one of them is asked for all."""
    assert 0 < len(plates) <= MOST_AT_ONCE
    deadline = time.monotonic() + seconds
    try:
        rows = _awaited(_pool().submit(_rows, VEHICLES, plates, deadline, SELECTED), deadline)
    except NotAnsweredError as error:
        if error.status != httpx.codes.BAD_REQUEST:
            raise
        rows = _awaited(_pool().submit(_rows, VEHICLES, plates, deadline), deadline)
    return _answer(plates, rows, {})


def _answer(plates: Sequence[Plate], rows: Sequence[object], fuel_of: Mapping[str, str]) -> Answer:
    asked = {plate.value for plate in plates}
    told = [row for row in rows if isinstance(row, Mapping) and plate_of(row) in asked and vehicle_in(row).make]
    published = {plate_of(row): vehicle_in(row, fuel_of.get(plate_of(row), "")) for row in told}
    if len(told) == len(rows):
        return Answer(published, frozenset(asked - published.keys()))
    if not published:
        raise NotAnsweredError("other rows than were asked for")
    return Answer(published, frozenset())  # among nonsense, what is missing says nothing


def _awaited(future: "Future[list[object]]", deadline: float) -> list[object]:
    try:
        return future.result(timeout=max(0, deadline - time.monotonic()))
    except TooLate as error:
        future.cancel()
        raise NotAnsweredError("too late") from error


def _rows(dataset: str, plates: Sequence[Plate], deadline: float, select: str = "") -> list[object]:
    values = [plate.value for plate in plates]  # capitals and digits only: nothing to quote
    params = (
        {"kenteken": values[0]}
        if len(values) == 1
        else {"$where": "kenteken in(" + ",".join(f"'{value}'" for value in values) + ")", "$limit": str(MOST_ROWS)}
    )
    if select:
        params["$select"] = select
    try:
        rows = json.loads(_body(f"/resource/{dataset}.json", params, deadline))
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise NotAnsweredError(type(error).__name__) from error
    except (ValueError, RecursionError) as error:
        raise NotAnsweredError("no JSON") from error
    if not isinstance(rows, list):
        raise NotAnsweredError("no list of rows")
    return rows


def _body(path: str, params: Mapping[str, str], deadline: float) -> bytes:
    body = bytearray()
    patience = max(0.05, deadline - time.monotonic())
    with _client(settings.RDW_URL, settings.RDW_APP_TOKEN).stream(
        "GET", path, params=params, timeout=patience
    ) as answer:
        if answer.status_code != httpx.codes.OK:
            wait, status = wait_asked(answer.headers.get("Retry-After", "")), answer.status_code
            raise NotAnsweredError(f"status {status}", wait, status)
        for part in answer.iter_bytes():
            body += part
            if len(body) > MOST_BYTES or time.monotonic() > deadline:
                raise NotAnsweredError("too much or too late")
    return bytes(body)


def wait_asked(header: str) -> float:
    """Retry-After in seconds. The other form, a moment, is taken as a minute: its clock is not ours."""
    text = header.strip()
    if re.fullmatch(r"[0-9]{1,6}", text):
        return float(text)
    return 60.0 if text else 0.0


def _client(url: str, token: str) -> httpx.Client:
    headers = {"Accept": "application/json", "User-Agent": "remise"} | ({"X-App-Token": token} if token else {})
    known = _clients.get((url, token))
    return known or _clients.setdefault((url, token), httpx.Client(base_url=url, headers=headers))


def close() -> None:
    """Let the connections go that are kept for the next question. Who still reads an answer that nobody waits for is
    done by its own deadline."""
    _pool().shutdown(cancel_futures=True)
    _pool.cache_clear()
    for known in _clients.values():
        known.close()
    _clients.clear()


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="register")
