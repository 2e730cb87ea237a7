"""A program asks for cards, opens the PDF, and whoever scans the code beside the card reads that it is valid."""

import uuid
from typing import Any

import httpx
from playwright.sync_api import expect

from remise.fleet.rights import FleetRight
from remise.organisations.tokens.secrets import Secret
from tests import world
from tests.api.program import token
from tests.green_cards.cards import held
from tests.green_cards.pdf import Pdf
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.server import Mailbox
from tests.world import Garage


class Caller:
    """A program beside the browser: over the wire, with a key."""

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


def test_f131_f134_cards_by_api(browse: Browse, mailbox: Mailbox) -> None:
    garage = world.garage()
    call = caller_of(browse, garage)
    on_cover = [held(garage) for _each in range(3)]
    to = f"jan-{world.unique()}@example.test"
    plates = [one.plate.formatted for one in on_cover]
    asked = call("POST", f"/policies/{garage.policy.number}/cards", {"plates": plates, "recipient": to})
    assert asked.status_code == 201
    made = [one["card"] for one in asked.json()["verdicts"]]
    assert [card["plate_formatted"] for card in made] == plates
    opened = call("GET", f"/cards/{made[0]['id']}/pdf")
    assert opened.headers["Content-Type"] == "application/pdf"
    assert made[0]["number"] in Pdf(opened.content).pages[0]
    # Whoever scans the code is nobody here.
    page = browse(None, garage.portal)
    page.goto("/" + made[0]["check_url"].split("/", 3)[3])
    expect(page.get_by_role("heading", level=1, name=words("Valid"))).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(on_cover[0].plate.formatted)
    no_violations(page)
    # One is a misprint before the mail goes: the driver gets the two others.
    assert call("POST", f"/cards/{made[0]['id']}/void", {"reason": "misprint"}).status_code == 200
    page.reload()
    expect(page.get_by_role("heading", level=1, name=words("Void"))).to_be_visible()
    message = mailbox.newest(to)
    fronts = [Pdf(bytes(part.get_content())).pages[0] for part in message.iter_attachments()]
    assert [card["number"] in front for card, front in zip(made[1:], fronts, strict=True)] == [True, True]
    owner = browse(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)
    owner.goto(f"/cards/{made[0]['id']}")
    expect(owner.locator(".mailed")).to_contain_text(words("Withdrawn"))
    no_violations(owner)
    owner.goto(f"/cards/shipments/{asked.json()['shipment']}")
    expect(owner.locator(".mailed")).to_contain_text(words("Sent"))
    no_violations(owner)
