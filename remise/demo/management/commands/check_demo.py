"""Does the main job over HTTP as a user would, says what it did, and ends with 0 or 1."""

import os
import re
import secrets
import time
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import httpx
from allauth.mfa.totp.internal.auth import hotp_value
from django.core.management.base import BaseCommand, CommandError, CommandParser

from remise.core.identifiers import Plate
from remise.demo.people import BRAM, PASSWORD, SANNE, TOTP_SECRET, DemoPerson


class CheckFailedError(CommandError):
    """A step did not give what a user would expect."""


class Visitor:
    """A browser without a screen: keeps cookies, fills in forms, follows where it is sent."""

    def __init__(self, address: str, host: str) -> None:
        port = urlsplit(address).port
        self._client = httpx.Client(
            base_url=address, headers={"Host": f"{host}:{port}", "Accept-Language": "en"}, timeout=20
        )
        self._host = f"{host}:{port}"

    def open(self, path: str) -> str:
        return self._seen(self._client.get(path, headers={"Host": self._host}))

    def send(self, path: str, action: str = "", /, **fields: str) -> str:
        """Fill in the form on the page at `path`; it posts to `action`, or to the page itself."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.open(path))
        if token is None:
            raise CheckFailedError(f"No form at {path}")
        data = {"csrfmiddlewaretoken": token[1], **fields}
        answer = self._client.post(
            action or path, data=data, headers={"Host": self._host, "Origin": f"http://{self._host}"}
        )
        return self._seen(answer)

    def _seen(self, answer: httpx.Response) -> str:
        for _hop in range(6):
            if answer.is_redirect:
                place = urlsplit(answer.headers["location"])
                target = place.path + (f"?{place.query}" if place.query else "")
                answer = self._client.get(target, headers={"Host": self._host})
        self.path = answer.url.path
        self.status = answer.status_code
        return unescape(answer.text)


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--address", default=os.environ.get("REMISE_ADDRESS", "http://127.0.0.1:8000"))
        parser.add_argument("--check", action="store_true", help="said by the starting script")

    def handle(self, *args: Any, address: str, **options: Any) -> None:
        sanne = self._sign_in(address, SANNE)
        plate, shown = _plate()
        page = sanne.send(
            "/vehicles/register", plate=plate, check_code="0413", day=_today(sanne), branch=_branch(sanne)
        )
        receipt = re.search(r"\d{4}-\d{6}", page)
        self._expect(
            bool(receipt) and shown in page, f"{SANNE.name} registers {shown}: receipt {receipt and receipt[0]}"
        )
        item = re.search(r'href="/vehicles/(\d+)"', sanne.open(f"/vehicles/?q={plate}"))
        self._expect(item is not None, f"{shown} stands in the stock")
        again = sanne.send(
            "/vehicles/register", plate=plate, check_code="0413", day=_today(sanne), branch=_branch(sanne)
        )
        self._expect(
            sanne.status == 422 and "already insured" in again, "a second registration is refused with the reason"
        )
        bram = self._sign_in(address, BRAM)
        bram.open(f"/vehicles/deregister?item={item[1] if item else ''}")
        self._expect(bram.status == 403, f"{BRAM.name} may not deregister, and is told why")
        path = f"/vehicles/deregister?item={item[1] if item else ''}"
        page = sanne.send(path, item=item[1] if item else "", day=_today(sanne))
        self._expect("up to and including" in page, f"{SANNE.name} deregisters {shown} as of today")

    def _sign_in(self, address: str, person: DemoPerson) -> Visitor:
        visitor = Visitor(address, "koetspoort.localhost")
        visitor.send("/account/sign-in/", login=person.email, password=PASSWORD)
        visitor.send("/account/sign-in/code/", code=f"{hotp_value(TOTP_SECRET, int(time.time()) // 30):06d}")
        page = visitor.open("/")
        self._expect(visitor.status == 200, f"{person.name} signs in with password and code")
        if visitor.path != "/":
            company = re.search(r'name="to" value="(\d+)"((?!</button>).)*Garage De Brug', page, re.DOTALL)
            visitor.send("/company/choose", "/company/switch", to=company[1] if company else "")
        page = visitor.open("/")
        at_home = visitor.path == "/" and "Garage De Brug" in page
        self._expect(at_home, f"{person.name} works for Garage De Brug")
        return visitor

    def _expect(self, holds: bool, what: str) -> None:
        if not holds:
            raise CheckFailedError(f"FAILED: {what}")
        self.stdout.write(f"ok  {what}")


def _plate() -> tuple[str, str]:
    """A plate of the newest series, as typed and as shown."""
    letters = "".join(secrets.choice("BDFGHJKLNPRSTVXZ") for _ in range(3))
    plate = Plate(f"X{letters[:2]}{secrets.randbelow(90) + 10}{letters[2]}")
    return plate.value.lower(), plate.formatted


def _today(visitor: Visitor) -> str:
    found = re.search(r'data-today="(\d{4}-\d\d-\d\d)"', visitor.open("/vehicles/register"))
    if found is None:
        raise CheckFailedError("The form does not say what day it is")
    return found[1]


def _branch(visitor: Visitor) -> str:
    found = re.search(r'<option value="(\d+)"', visitor.open("/vehicles/register"))
    return found[1] if found else ""
