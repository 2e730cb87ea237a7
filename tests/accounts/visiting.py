"""What a person does in a browser at the sign-in pages."""

import re
import time
from collections.abc import Sequence
from email.message import EmailMessage
from typing import cast

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from remise.accounts.assurance import assurance_of
from remise.accounts.sessions import SessionStore
from remise.core.actor import Assurance
from remise.core.scope import ActorKind, Scope, enter
from remise.portals.models import Portal
from tests import world
from tests.journeys.server import Mailbox

PASSWORD = "een goede lange zin"


def code_of(secret: str = world.SECRET, *, periods: int = 0) -> str:
    """What an app with this secret shows now, or some periods of half a minute from now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + periods)))


class Visitor:
    """A browser with its own cookies and network address."""

    def __init__(self, portal: Portal, mailbox: Mailbox) -> None:
        number = world.number()
        place = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        self.host = f"{portal.slug}.localhost"
        self.client = Client(HTTP_HOST=self.host, REMOTE_ADDR=place, HTTP_ACCEPT_LANGUAGE="en")
        self.portal, self.mailbox = portal, mailbox

    email: str = ""  # of the person at this browser, where a test needs it
    used: str = ""  # the code that coupled the app
    codes: Sequence[str] = ()  # the recovery codes that were shown last
    coupled: HttpResponse  # the page after coupling an app

    def get(self, name: str, /, *args: object, **query: str) -> HttpResponse:
        return cast("HttpResponse", self.client.get(reverse(name, args=args), query))

    def post(self, name: str, /, *args: object, query: str = "", **data: str) -> HttpResponse:
        return cast("HttpResponse", self.client.post(reverse(name, args=args) + query, data))

    def sign_up(self, email: str) -> HttpResponse:
        return self.post("account_signup", email=email)

    def activate(self, email: str, password: str = PASSWORD) -> HttpResponse:
        """Choose a password behind the link in the newest mail."""
        return cast("HttpResponse", self.client.post(self.follow_mail(email), {"password1": password}))

    def sign_in(self, email: str, password: str = PASSWORD, **more: str) -> HttpResponse:
        return self.post("account_login", login=email, password=password, **more)

    def follow_mail(self, to: str) -> str:
        """The path of the link in the newest mail to this address."""
        return path_in(self.mailbox.newest(to))

    def secret_on_page(self) -> str:
        page = self.get("mfa_activate_totp").content.decode()
        found = re.search(r'data-copy="([A-Z2-7]{32})"', page)
        assert found, page
        return found[1]

    def assurance(self) -> Assurance:
        """How strongly the session in this browser has proven who it is."""
        cookie = self.client.cookies.get(settings.SESSION_COOKIE_NAME)
        request = RequestFactory().get("/")
        with enter(Scope(ActorKind.PUBLIC, self.portal.id)):
            request.session = SessionStore(cookie.value if cookie else None)
            request.user = get_user(request)
            return assurance_of(request)

    def new_codes(self) -> HttpResponse:
        """Make ten new recovery codes; gives the page that shows them."""
        return self._read_codes(self.post("mfa_generate_recovery_codes"))

    def couple(self, **more: str) -> str:
        """Couple an app; gives its secret. Recovery codes that come with it are read from the page after it."""
        secret = self.secret_on_page()
        self.used = code_of(secret)
        answer = self.post("mfa_activate_totp", code=self.used, **more)
        assert answer.status_code == 302, answer.content.decode()
        self.coupled = self._read_codes(answer)
        return secret

    def _read_codes(self, answer: HttpResponse) -> HttpResponse:
        page = cast("HttpResponse", self.client.get(answer["Location"]))
        self.codes = re.findall(r"<li>(\d{4} \d{4})</li>", page.content.decode())
        return page


def text_of(mail: EmailMessage) -> str:
    plain = mail.get_body(("plain",))
    assert plain is not None
    return str(plain.get_content())


def path_in(mail: EmailMessage) -> str:
    found = re.search(r"http://[^/\s]+(/\S+)", text_of(mail))
    assert found, text_of(mail)
    return found[1]
