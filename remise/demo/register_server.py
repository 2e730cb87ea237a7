"""A register to look things up in without the internet: speaks the real one's protocol over real HTTP.

`python -m remise.demo.register_server --port N` serves the demo's vehicles; tests give it rows of their own. It can
be told to behave as outside systems do: slow, throttling, failing, hanging up, lying (`Stand.mode`, or a POST to
/mode/<mode>).
"""

import argparse
import itertools
import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from urllib.parse import parse_qs, urlsplit

from remise.demo import stand_ins

type Row = Mapping[str, object]
type Rows = Callable[[str], Sequence[Row]]  # plate -> the rows of a set

VEHICLES, FUELS = "m9d7-ebf2", "8ys7-d773"
_IN = re.compile(r"kenteken in\(([A-Z0-9', ]*)\)")
HOUSE = b"<!doctype html><title>Maintenance</title><h1>We will be back soon</h1>"


class Mode(StrEnum):
    WELL = "well"
    SLOW = "slow"  # answers, after `seconds`
    DRIP = "drip"  # a byte now and then: each read is in time, the whole is not
    THROTTLE = "throttle"  # 429, with the time to wait
    FAIL = "fail"  # 500
    RESET = "reset"  # hangs up in the middle
    HTML = "html"  # 200, but a page for people
    LIE = "lie"  # other types, other plates, more keys, less than JSON: another lie each time


@dataclass
class Stand:
    """What is served and how. `every`: each so manyth request for a set is met by the mode, others go well."""

    vehicles: Rows
    fuels: Rows = lambda _plate: ()
    chassis: Callable[[str], str] = lambda _plate: ""  # plate -> chassis number, where it is known
    mode: Mode = Mode.WELL
    seconds: float = 30.0
    retry_after: str = "1"
    every: int = 1
    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)  # set and plates of each request
    tokens: list[str] = field(default_factory=list)
    _counts: dict[str, Iterator[int]] = field(default_factory=lambda: defaultdict(lambda: itertools.count(1)))

    def mode_now(self, dataset: str) -> Mode:
        return self.mode if next(self._counts[dataset]) % self.every == 0 else Mode.WELL

    def rows(self, dataset: str, plates: Sequence[str]) -> list[Row]:
        sources: dict[str, Rows] = {VEHICLES: self.vehicles, FUELS: self.fuels}
        return [row for plate in plates if dataset in sources for row in sources[dataset](plate)]


class Handler(stand_ins.Handler):
    protocol_version = "HTTP/1.1"
    stand: Stand

    def do_GET(self) -> None:  # noqa: N802  # the library calls it so
        place = urlsplit(self.path)
        query = parse_qs(place.query)
        self.stand.tokens.append(self.headers.get("X-App-Token", ""))
        if place.path.startswith("/chassis/"):
            vin = self.stand.chassis(place.path.removeprefix("/chassis/"))
            return self._send(200, json.dumps({"vin": vin}).encode()) if vin else self._send(404, b"{}")
        found = re.fullmatch(r"/resource/([a-z0-9]{4}-[a-z0-9]{4})\.json", place.path)
        if found is None:
            return self._send(404, b'{"error": true, "message": "Not found"}')
        plates = _plates(query)
        self.stand.asked.append((found[1], plates))
        body = json.dumps(self.stand.rows(found[1], plates)).encode()
        return self._behave(self.stand.mode_now(found[1]), body)

    def do_POST(self) -> None:  # noqa: N802  # the library calls it so
        word = self.path.removeprefix("/mode/")
        if word not in set(Mode):
            return self._send(404, b"{}")
        self.stand.mode = Mode(word)
        return self._send(200, b"{}")

    def _behave(self, mode: Mode, body: bytes) -> None:
        match mode:
            case Mode.WELL:
                self._send(200, body)
            case Mode.SLOW:
                time.sleep(self.stand.seconds)
                self._send(200, body)
            case Mode.DRIP:
                self._drip(body)
            case Mode.THROTTLE:
                self._send(429, b'{"error": true}', {"Retry-After": self.stand.retry_after})
            case Mode.FAIL:
                self._send(500, b'{"error": true}')
            case Mode.RESET:
                self._hang_up()
            case Mode.HTML:
                self._send(200, HOUSE, {"Content-Type": "text/html"})
            case Mode.LIE:
                self._send(200, next(_LIES)(body))

    def _send(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json"} | dict(headers or {})).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _drip(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        for place in range(len(body)):
            self.wfile.write(body[place : place + 1])
            self.wfile.flush()
            time.sleep(0.3)

    def _hang_up(self) -> None:
        """With a reset instead of an end, halfway through an answer."""
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"[{")
        self.wfile.flush()
        self.reset()


def _other_plate(body: bytes) -> bytes:
    return json.dumps([row | {"kenteken": "XX99XX"} for row in json.loads(body)] or [{"kenteken": "XX99XX"}]).encode()


def _other_types(body: bytes) -> bytes:
    wrong = {"merk": ["FORD"], "handelsbenaming": {"a": 1}, "catalogusprijs": -5, "datum_tenaamstelling": "gisteren"}
    wrong |= {"new_key": "x" * 500, "eerste_kleur": "\0\0"}
    return json.dumps([row | wrong for row in json.loads(body)]).encode()


_LIES: Iterator[Callable[[bytes], bytes]] = itertools.cycle(
    (
        _other_plate,
        _other_types,
        lambda _body: b'{"message": "no list"}',
        lambda body: body[: len(body) // 2],
        lambda _body: b'[1, null, [], "x"]',
        lambda _body: b"[" * 100_000,
    )
)


def _plates(query: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    one = query.get("kenteken", [""])[0]
    found = _IN.fullmatch(query.get("$where", [""])[0])
    return tuple(re.findall(r"[A-Z0-9]+", found[1])) if found else (one,)


server_of = partial(stand_ins.server_of, Handler)
serving = partial(stand_ins.serving, Handler)


def main() -> None:
    from remise.demo.published import demo_stand

    parser = argparse.ArgumentParser(prog="python -m remise.demo.register_server", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    server_of(demo_stand(), parser.parse_args().port).serve_forever()


if __name__ == "__main__":
    main()
