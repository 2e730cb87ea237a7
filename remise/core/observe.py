"""What an operator sees: one JSON line per request and job, and a few counters. Neither a plate nor a name is
in them: the route's pattern stands for the path, and ids for people."""

import logging
import sys
import time
import traceback
from collections.abc import Callable, MutableMapping
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponseBase
from prometheus_client import Counter, Histogram

REQUESTS = Counter("remise_requests_total", "Requests answered", ["route", "method", "status"])
SECONDS = Histogram("remise_request_seconds", "Time to answer", ["route"])

log = structlog.get_logger("remise.request")


def configure_logging(options: dict[str, Any]) -> None:
    """Django hands its LOGGING setting here."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if options.get("json", True):
        shared += [without_words, structlog.processors.format_exc_info]
        renderer: Any = structlog.processors.JSONRenderer()
    else:  # on a developer's screen
        shared.append(structlog.processors.format_exc_info)
        renderer = structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(options.get("level", "INFO"))
    # These put paths and arguments, and so plates, in their lines; our own line says the same without.
    logging.getLogger("django.request").setLevel("ERROR")
    logging.getLogger("procrastinate").setLevel("WARNING")
    logging.getLogger("httpx").setLevel("WARNING")
    logging.getLogger("pikepdf").setLevel("WARNING")  # says at each start that it is there


def without_words(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An unexpected error as its `fault`, whoever logs it. Django's own line about it names the path besides, and a
    path may hold a plate: the request's line has its route."""
    error = event.pop("exc_info", None)
    record: logging.LogRecord | None = event.get("_record")
    if record and record.name.startswith(("django.request", "django.security")):
        event["event"] = "request failed" if record.name == "django.request" else "request refused"
    if error is True:
        error = sys.exc_info()
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event.update(fault(error))
    return event


def fault(error: BaseException) -> dict[str, object]:
    """An unexpected error for a log line: its kind and where it arose, in our own code and at the very end. Its words
    are left out, for the database puts the values of the row in them."""
    frames = list(traceback.walk_tb(error.__traceback__))
    told = [
        f"{frame.f_code.co_filename}:{line} {frame.f_code.co_name}"
        for number, (frame, line) in enumerate(frames, start=1)
        if number > len(frames) - 3 or frame.f_globals.get("__name__", "").startswith("remise.")
    ]
    return {"error": type(error).__name__, "trace": told[-12:]}


def place(error: BaseException) -> str:
    """Where it arose in our own code, as module:line; else where it arose at all."""
    frames = [(frame.f_globals.get("__name__", ""), line) for frame, line in traceback.walk_tb(error.__traceback__)]
    ours = [(module, line) for module, line in frames if module.startswith("remise.")]
    return next((f"{module}:{line}" for module, line in reversed(ours or frames)), "")


class RequestLog:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - started
        match = request.resolver_match
        route = match.route if match else "none"
        REQUESTS.labels(route, request.method or "", str(response.status_code)).inc()
        SECONDS.labels(route).observe(seconds)
        actor = getattr(request, "actor", None)
        log.info(
            "request",
            route=route,
            method=request.method,
            status=response.status_code,
            ms=round(seconds * 1000, 1),
            portal=getattr(actor, "portal", None),
            account=getattr(actor, "account", None),
            organisation=getattr(actor, "organisation", None),
        )
        return response
