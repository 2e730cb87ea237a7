"""A register of cover to send notices to without the state's: speaks the protocol of `notices.register.over_http`
over real HTTP, and keeps what it was told.

`python -m remise.demo.state_register --port N` serves the demo; tests make one of their own. It judges each notice
(`Stand.judge`) and can behave as outside systems do (`Stand.mode`, or a POST to /mode/<mode>): failing, throttling,
taking a batch and hanging up before it says so, answering twice.
"""

import argparse
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from urllib.parse import parse_qs, urlsplit

from remise.demo import stand_ins

type Said = Mapping[str, str]
type Judge = Callable[[Said], tuple[str, str] | None]  # a code and words; None = accepted

PAGE = 200  # answers at a time


class Mode(StrEnum):
    WELL = "well"
    FAIL = "fail"  # 500
    THROTTLE = "throttle"  # 429, with the time to wait
    SLOW = "slow"  # answers, after `seconds`
    DEAF = "deaf"  # takes the batch, and hangs up before it says so
    HTML = "html"  # 200, but a page for people
    MUTE = "mute"  # takes batches, and has no answers yet
    TWICE = "twice"  # says each answer two times


def accept_all(_said: Said) -> None:
    return None


@dataclass
class Stand:
    judge: Judge = accept_all
    mode: Mode = Mode.WELL
    seconds: float = 30.0
    retry_after: str = "1"
    token: str = ""
    knew_before: bool = False  # of cover that somebody else told it: it takes an end whose start it never saw
    batches: dict[str, dict[str, object]] = field(default_factory=dict)  # by key, as first sent
    asked: int = 0  # whatever was asked, answered or not
    calls: list[str] = field(default_factory=list)  # keys, as often as they came
    cover: dict[tuple[str, str, str], dict[str, str]] = field(default_factory=dict)  # policy, plate or KvK, first day
    _answers: list[dict[str, str]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, key: str, batch: dict[str, object]) -> str:
        """Once, however often it comes."""
        with self._lock:
            self.calls.append(key)
            if key not in self.batches:
                self.batches[key] = batch
                notices = batch["notices"]
                assert isinstance(notices, list)
                self._answers += [self._answer(said) for said in notices]
            return f"B{list(self.batches).index(key) + 1:06d}"

    def said_after(self, after: str) -> tuple[list[dict[str, str]], str]:
        with self._lock:
            start = int(after or 0)
            if self.mode is Mode.MUTE:
                return [], after
            found = self._answers[start : start + PAGE]
            told = [*found, *found] if self.mode is Mode.TWICE else found
            return told, str(start + len(found))

    def told(self) -> list[Said]:
        """Every notice that arrived, in order."""
        with self._lock:
            return [said for batch in self.batches.values() for said in batch["notices"]]  # type: ignore[attr-defined]

    def _answer(self, said: Said) -> dict[str, str]:
        refusal = self.judge(said) or self._keep(said)
        if refusal:
            verdict, code, words = "rejected", *refusal
        else:
            verdict, code, words = "accepted", "", ""
        return {
            "ticket": said["ticket"],
            "verdict": verdict,
            "code": code,
            "words": words,
            "reference": f"R{len(self._answers) + 1:08d}",
        }

    def _keep(self, said: Said) -> tuple[str, str] | None:
        place = (said["policy"], said["plate"] or said["kvk"], said["starts"])
        known = self.cover.get(place)
        if known is None and self.knew_before and said["kind"] != "start":
            known = self.cover.setdefault(place, {"check_code": said["check_code"], "ends": ""})
        if (known is None) != (said["kind"] == "start"):
            return ("known_already", "Dekking is al bekend") if known else ("no_such_cover", "Dekking is niet bekend")
        if said["kind"] == "annul":
            del self.cover[place]
        elif said["kind"] == "end":
            self.cover[place] = {**(known or {}), "ends": said["ends"]}
        else:
            self.cover[place] = {"check_code": said["check_code"], "ends": said["ends"]}
        return None


class Handler(stand_ins.Handler):
    protocol_version = "HTTP/1.1"
    stand: Stand

    def do_PUT(self) -> None:  # noqa: N802  # the library calls it so
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
        if self._refused():
            return None
        reference = self.stand.take(self.path.removeprefix("/batches/"), body)
        if self.stand.mode is Mode.DEAF:
            return self.reset()
        return self._send(200, {"reference": reference})

    def do_GET(self) -> None:  # noqa: N802  # the library calls it so
        place = urlsplit(self.path)
        if place.path == "/cover":
            return self._send(200, {" ".join(key): value for key, value in self.stand.cover.items()})
        if self._refused():
            return None
        told, after = self.stand.said_after(parse_qs(place.query).get("after", [""])[0])
        return self._send(200, {"answers": told, "after": after})

    def do_POST(self) -> None:  # noqa: N802  # the library calls it so
        word = self.path.removeprefix("/mode/")
        if word not in set(Mode):
            return self._send(404, {})
        self.stand.mode = Mode(word)
        return self._send(200, {})

    def _refused(self) -> bool:
        """Whether it was answered already, otherwise than well."""
        self.stand.asked += 1
        if self.stand.token and self.headers.get("Authorization") != f"Bearer {self.stand.token}":
            self._send(401, {})
            return True
        match self.stand.mode:
            case Mode.FAIL:
                self._send(500, {})
            case Mode.THROTTLE:
                self._send(429, {}, {"Retry-After": self.stand.retry_after})
            case Mode.HTML:
                self._send(200, "<h1>Back soon</h1>", {"Content-Type": "text/html"})
            case Mode.SLOW:
                time.sleep(self.stand.seconds)
                return False
            case _:
                return False
        return True

    def _send(self, status: int, said: object, headers: Mapping[str, str] | None = None) -> None:
        body = said.encode() if isinstance(said, str) else json.dumps(said).encode()
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json"} | dict(headers or {})).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


server_of = partial(stand_ins.server_of, Handler)
serving = partial(stand_ins.serving, Handler)


def demo_judge(said: Said) -> tuple[str, str] | None:
    """In the demo it knows no plate that begins with a 9, and no check code 9999."""
    if said["plate"].startswith("9"):
        return "unknown_plate", "Kenteken is niet bekend"
    if said["check_code"] == "9999":
        return "check_code", "Meldcode hoort niet bij dit kenteken"
    return None


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m remise.demo.state_register", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    server_of(Stand(judge=demo_judge, knew_before=True), parser.parse_args().port).serve_forever()


if __name__ == "__main__":
    main()
