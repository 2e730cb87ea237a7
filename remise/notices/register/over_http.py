"""Speaks to a register over HTTP: a batch is put under its key, answers are read behind a mark. This is a protocol of
our own, which the stand-in speaks; the state register's is not published (docs/adr/0027)."""

import json
import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import httpx
import structlog
from django.conf import settings

from remise.notices.register.protocol import Answers, NotTakenError, Outgoing, Verdict
from remise.vehicles.register.client import wait_asked

log = structlog.get_logger("remise.notices")

MOST_BYTES = 4_000_000  # of an answer; a thousand verdicts are 200 kB


class HttpRegister:
    def send(self, batch: Outgoing, *, seconds: float) -> str:
        notices = [asdict(told) for told in batch.notices]
        body = json.dumps({"insurer": batch.insurer_code, "number": batch.number, "notices": notices}, default=str)
        answer = self._ask("PUT", f"/batches/{batch.key}", seconds, content=body)
        return _text(answer, "reference", 60)

    def answers(self, insurer_code: str, after: str, *, seconds: float) -> Answers:
        answer = self._ask("GET", "/answers", seconds, params={"insurer": insurer_code, "after": after})
        told = answer.get("answers")
        if not isinstance(told, list):
            raise NotTakenError("no list of answers")
        return Answers([read for each in told if (read := _verdict(each))], _text(answer, "after", 100))

    def _ask(self, method: str, path: str, seconds: float, **sent: Any) -> Mapping[str, Any]:
        headers = {"Accept": "application/json", "Content-Type": "application/json", "User-Agent": "remise"}
        if settings.STATE_REGISTER_TOKEN:
            headers["Authorization"] = f"Bearer {settings.STATE_REGISTER_TOKEN}"
        try:
            with (
                httpx.Client(base_url=settings.STATE_REGISTER_URL, timeout=seconds, headers=headers) as client,
                client.stream(method, path, **sent) as answer,
            ):
                body = _body(answer, time.monotonic() + seconds)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise NotTakenError(type(error).__name__) from error
        try:
            read = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise NotTakenError("no JSON") from error
        if not isinstance(read, dict):
            raise NotTakenError("no object")
        return read


def _body(answer: httpx.Response, deadline: float) -> bytes:
    """The library limits each read and not the whole: a server that sends a byte a second would hold us for ever."""
    if not answer.is_success:
        raise NotTakenError(f"status {answer.status_code}", wait_asked(answer.headers.get("Retry-After", "")))
    body = bytearray()
    for part in answer.iter_bytes():
        body += part
        if len(body) > MOST_BYTES or time.monotonic() > deadline:
            raise NotTakenError("too much or too late")
    return bytes(body)


def _verdict(told: object) -> Verdict | None:
    """One that cannot be read holds up no other: its notice stays without an answer, and is told of in the log."""
    if not isinstance(told, dict) or told.get("verdict") not in ("accepted", "rejected"):
        log.warning("answer of the state register cannot be read", ticket=_ticket(told))
        return None
    return Verdict(
        _text(told, "ticket", 40),
        told["verdict"] == "accepted",
        _text(told, "code", 20),
        _text(told, "words", 200),
        _text(told, "reference", 60),
    )


def _ticket(told: object) -> str:
    """Digits and a dash, and nothing else that somebody there may have written."""
    text = _text(told, "ticket", 40) if isinstance(told, dict) else ""
    return "".join(char for char in text if char in "0123456789-")


def _text(told: Mapping[str, Any], name: str, longest: int) -> str:
    """What is no text is none; a text as long as we keep it, without what the database refuses."""
    value = told.get(name, "")
    return value.replace("\0", "")[:longest] if isinstance(value, str) else ""
