"""What an operator reads of a request that failed: neither its words nor its path."""

import io
import logging
from collections.abc import Iterator
from typing import NoReturn

import pytest
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest
from django.test import Client, override_settings
from django.urls import path

from remise.core.doors import rows
from remise.core.observe import configure_logging, fault
from remise.core.scope import ActorKind, Scope, enter
from tests import world


@login_not_required
def break_down(request: HttpRequest, plate: str) -> NoReturn:
    raise RuntimeError(f"duplicate key (plate)=({plate}) of Sanne de Wit")


urlpatterns = [path("broken/<str:plate>", break_down)]


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is written as an installation writes it."""
    root = logging.getLogger()
    before = root.handlers, root.level
    configure_logging({"json": True})
    written = io.StringIO()
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(written)
    yield written
    root.handlers, level = before
    root.setLevel(level)
    configure_logging(settings.LOGGING)
    root.handlers = before[0]


@override_settings(ROOT_URLCONF=__name__)
def test_failed_request_tells_where_and_not_what(lines: io.StringIO) -> None:
    browser = Client(HTTP_HOST=f"{world.portal().slug}.localhost", raise_request_exception=False)
    assert browser.get("/broken/GX123B").status_code == 500
    said = lines.getvalue()
    assert '"error": "RuntimeError"' in said
    assert "break_down" in said
    assert '"event": "request failed"' in said
    for secret in ("GX123B", "duplicate key", "Sanne"):
        assert secret not in said


def test_refused_host_is_not_repeated(lines: io.StringIO) -> None:
    assert Client(HTTP_HOST="gx123b.example").get("/").status_code == 400
    assert '"event": "request refused"' in lines.getvalue()
    assert "gx123b" not in lines.getvalue()


def test_error_deep_in_a_library_tells_where_our_own_code_called_it() -> None:
    with pytest.raises(DatabaseError) as broken, enter(Scope(ActorKind.PUBLIC)):
        rows("select 1 / 0")
    said = str(fault(broken.value))
    assert "core/doors.py" in said
    assert "division" not in said
