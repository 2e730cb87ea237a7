"""A program beside the browser, which calls the same installation with a key."""

import uuid
from typing import Any

import httpx

from remise.fleet.rights import FleetRight
from remise.organisations.tokens.secrets import Secret
from tests import world
from tests.api.program import token
from tests.journeys.browsing import Browse
from tests.world import Garage


class Caller:
    def __init__(self, browse: Browse, garage: Garage, key: Secret) -> None:
        self.browse, self.garage, self.key = browse, garage, key

    def __call__(self, method: str, path: str, sent: object = None, **query: str) -> httpx.Response:
        port = self.browse.server.port
        full = path if path.startswith("/api/") else f"/api/v1{path}"
        headers = {
            "Host": f"{self.garage.portal.slug}.localhost:{port}",
            "Authorization": f"Bearer {self.key.text}",
            "Idempotency-Key": str(uuid.uuid4()),
            "Accept-Language": "nl",
        }
        body: dict[str, Any] = {} if sent is None else {"json": sent}
        address = f"http://127.0.0.1:{port}{full}"
        return httpx.request(method, address, headers=headers, params=query, timeout=60, **body)


def caller_of(browse: Browse, garage: Garage) -> Caller:
    _row, secret = token(world.member(garage.organisation, rights=[*FleetRight]), rights=[*FleetRight])
    return Caller(browse, garage, secret)
