"""A program asks for cards, opens the PDF, and whoever scans the code beside the card reads that it is valid."""

from playwright.sync_api import expect

from remise.fleet.rights import FleetRight
from tests import world
from tests.green_cards.cards import held
from tests.green_cards.pdf import Pdf
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.programs import caller_of
from tests.journeys.server import Mailbox


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
