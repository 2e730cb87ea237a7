"""A program with a key, calling the API in this process."""

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from remise.fleet.rights import FleetRight
from remise.organisations.models import ApiToken, Membership
from remise.organisations.tokens.secrets import Secret
from remise.portals.models import Portal
from tests import world
from tests.world import OWNER, Garage

EVERY = tuple(FleetRight)


def token(of: Membership, *, rights: Iterable[str] = EVERY, **more: Any) -> tuple[ApiToken, Secret]:
    """A key of this person, made as the owner of the tables."""
    secret = Secret.fresh()
    made = ApiToken.objects.using(OWNER).create(
        portal=of.portal,
        organisation=of.organisation,
        membership=of,
        prefix=secret.prefix,
        secret_sha=secret.fingerprint,
        rights=sorted(rights),
        **{"name": f"program {world.unique()}", "expires_at": timezone.now() + timedelta(days=30)} | more,
    )
    return made, secret


@dataclass
class Program:
    """Calls with one key. `headers` are added to each call."""

    portal: Portal
    secret: Secret | None
    token: ApiToken | None = None
    headers: dict[str, str] = field(default_factory=dict)
    address: str = "127.0.0.1"

    @property
    def client(self) -> Client:
        return Client(HTTP_HOST=f"{self.portal.slug}.localhost", REMOTE_ADDR=self.address)

    def get(self, path: str, **query: str | int) -> Any:
        return self.client.get(_full(path), query, headers=self._headers())

    def post(self, path: str, sent: object = None, *, key: str = "", **headers: str) -> Any:
        return self.write("POST", path, sent, key=key, **headers)

    def patch(self, path: str, sent: object, *, key: str = "") -> Any:
        return self.write("PATCH", path, sent, key=key)

    def write(self, method: str, path: str, sent: object = None, *, key: str = "", **headers: str) -> Any:
        body = b"" if sent is None else json.dumps(sent).encode()
        more = self._headers() | {"Idempotency-Key": key or str(uuid.uuid4())} | headers
        return self.client.generic(method, _full(path), body, content_type="application/json", headers=more)

    def _headers(self) -> dict[str, str]:
        known = {"Authorization": f"Bearer {self.secret.text}"} if self.secret else {}
        return {"Accept-Language": "en"} | known | self.headers


def program(at: Garage, *, held: Iterable[str] = EVERY, rights: Iterable[str] | None = None, **more: Any) -> Program:
    """A program of a colleague who holds these rights; its key has them all, where nothing else is asked."""
    held = list(held)
    member = world.member(at.organisation, rights=held)
    made, secret = token(member, rights=held if rights is None else rights, **more)
    return Program(at.portal, secret, made)


def _full(path: str) -> str:
    return path if path.startswith("/api/") else f"/api/v1{path}"
