"""An attempt stays counted and written down, whatever becomes of the request it was made in."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from unittest.mock import Mock

import pytest
from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponseBase
from django.test import RequestFactory, override_settings
from django.urls import reverse

from remise.config.handler import Handler
from remise.core.models import Event
from tests import world
from tests.accounts.visiting import PASSWORD, Visitor, code_of

type Next = Callable[[HttpRequest], HttpResponseBase]
WRONG = "guess guess guess"
HOSTILE = ["unicode_escape", "idna", "utf-7", "utf-16", "no-such-thing"]
NO_TEXT = ["zlib", "rot13"]  # with these Django cannot even make a request


class FallsOver:
    """Something breaks after the attempt, as when an answer cannot be written."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        self.get_response(request)
        raise RuntimeError("broken")


falling = override_settings(
    MIDDLEWARE=[
        *settings.MIDDLEWARE[: settings.MIDDLEWARE.index("remise.core.middleware.Transaction") + 1],
        f"{__name__}.FallsOver",
        *settings.MIDDLEWARE[settings.MIDDLEWARE.index("remise.core.middleware.Transaction") + 1 :],
    ]
)


def falls(visitor: Visitor) -> Visitor:
    """The same browser, before a server whose every answer breaks."""
    other = Visitor(visitor.portal, visitor.mailbox)
    other.client.defaults["REMOTE_ADDR"] = visitor.client.defaults["REMOTE_ADDR"]
    other.client.cookies = visitor.client.cookies
    other.client.raise_request_exception = False
    return other


@pytest.mark.parametrize("charset", HOSTILE)
def test_other_encodings_than_utf_8_are_refused(visitor: Visitor, charset: str) -> None:
    visitor.client.raise_request_exception = False
    for form in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=xx"):
        kind = f"{form}; charset={charset}"
        asked = visitor.client.get(reverse("account_login") + "?next=+AAA-", CONTENT_TYPE=kind)
        body = '--xx\r\nContent-Disposition: form-data; name="next"\r\n\r\n/\\ud800\r\n--xx--\r\n'
        posted = visitor.client.generic("POST", reverse("account_login"), body, content_type=kind)
        assert (asked.status_code, posted.status_code) == (400, 400), kind


@pytest.mark.parametrize("charset", [*HOSTILE, *NO_TEXT])
def test_server_refuses_other_encodings_too(visitor: Visitor, charset: str) -> None:
    kinds = [f"text/plain; charset={charset}", "text/plain; a*=nonsense''x"]
    for kind in kinds:
        request = RequestFactory().get(reverse("account_login"), {"next": "+AAA-"}, HTTP_HOST=visitor.host)
        answer = Mock()
        Handler()({**request.META, "CONTENT_TYPE": kind, "wsgi.input": BytesIO()}, answer)
        assert answer.call_args.args[0] == "400 Bad Request", kind


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"', "utf8"])
def test_utf_8_may_be_named(visitor: Visitor, charset: str) -> None:
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    assert visitor.client.get(reverse("account_login"), CONTENT_TYPE=kind).status_code == 200


def test_wrong_password_counts_although_the_request_ends_in_an_error(visitor: Visitor) -> None:
    email = world.account(password=PASSWORD).email
    with falling:
        broken = falls(visitor)
        assert [broken.sign_in(email, WRONG).status_code for _ in range(5)] == [500] * 5
    assert "is blocked for browsers" in visitor.sign_in(email).content.decode()


def test_wrong_code_counts_and_is_written_down_although_the_request_ends_in_an_error(visitor: Visitor) -> None:
    account = world.account(password=PASSWORD, coupled=True)
    visitor.sign_in(account.email)
    with falling:
        broken = falls(visitor)
        assert [broken.post("mfa_authenticate", code="000000").status_code for _ in range(5)] == [500] * 5
    assert "Wait five minutes" in visitor.post("mfa_authenticate", code=code_of()).content.decode()
    assert _failures(account.pk) == 5


def test_wrong_codes_at_the_same_time_are_all_counted(visitor: Visitor) -> None:
    account = world.account(password=PASSWORD, coupled=True)
    visitors = [Visitor(visitor.portal, visitor.mailbox) for _ in range(10)]
    for one in visitors:
        one.sign_in(account.email)

    def guess(one: Visitor) -> str:
        try:
            return one.post("mfa_authenticate", code="000000").content.decode()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(visitors)) as pool:
        pages = list(pool.map(guess, visitors))
    assert sum("This code is not right" in page for page in pages) == 5
    assert sum("Wait five minutes" in page for page in pages) == 5
    assert _failures(account.pk) == 5


def _failures(account: int) -> int:
    return Event.objects.using(world.OWNER).filter(account=account, kind="account.second_factor_failed").count()
