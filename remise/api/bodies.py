"""Reading what was sent: JSON that the database can store, and a form of it that is the same whenever it means the
same."""

import json
import re
from typing import Any, Never

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.parser import Parser

from remise.core.errors import BrokenRule
from remise.ui.formats import number

# A null character as JSON writes it; with a backslash in front of its own it is text that says so.
NULL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class Unreadable(BrokenRule):
    """400: no JSON, or none that can be stored."""

    code = "unreadable"


class WrongType(BrokenRule):
    """415: another form than JSON."""

    code = "wrong_type"


class TooLarge(BrokenRule):
    """413: more than is read at once."""

    code = "too_large"


def read(request: HttpRequest) -> Any:  # noqa: ANN401  # whatever JSON holds
    """The body once, kept with the request. PostgreSQL stores neither a null character nor half a letter."""
    if not hasattr(request, "sent"):
        request.sent = _read(request)  # type: ignore[attr-defined]
    return request.sent  # type: ignore[attr-defined]


def canonical(request: HttpRequest) -> bytes:
    """The same for two bodies that mean the same, however they are written."""
    return _written(read(request))


def _read(request: HttpRequest) -> Any:  # noqa: ANN401
    try:
        body = request.body
    except RequestDataTooBig:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raise TooLarge(_("This is more than %(most)s bytes. Divide it.") % {"most": number(most)}) from None
    if not body:
        return None
    if request.content_type != "application/json":
        raise WrongType(_("Send JSON, with Content-Type: application/json."))
    try:
        sent = json.loads(body.decode(), parse_constant=_no_number)
        if NULL.search(_written(sent)):
            raise ValueError
    except (ValueError, RecursionError):
        raise Unreadable(_("The body cannot be read as JSON.")) from None
    return sent


def _written(sent: object) -> bytes:
    return json.dumps(sent, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def _no_number(_word: str) -> Never:
    raise ValueError


class Bodies(Parser):
    def parse_body(self, request: HttpRequest) -> Any:  # noqa: ANN401
        return read(request)
