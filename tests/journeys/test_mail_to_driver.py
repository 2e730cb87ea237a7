"""A receipt and a green card go to the driver by mail, from the page on which they stand."""

import pytest
from playwright.sync_api import Page, expect

from remise.fleet.rights import FleetRight
from tests import vehicles, world
from tests.green_cards.cards import card, held
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.card_pages import ask_for, go_on, to_request
from tests.journeys.server import Mailbox


def mail_it(page: Page, to: str, *, language: str = "") -> None:
    page.get_by_text(words("Mail it to the driver")).click()
    page.get_by_label(words("E-mail address")).fill(to)
    if language:
        page.get_by_label(words("Language of the mail")).select_option(language)
    page.get_by_role("button", name=words("Mail the PDF")).click()


@pytest.mark.full
@pytest.mark.phone
def test_mail_receipt_to_the_driver(browse: Browse, mailbox: Mailbox) -> None:
    garage = world.garage()
    on_cover = vehicles.on_cover(garage)
    to = f"jan-{world.unique()}@example.test"
    page = browse(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)
    page.goto(f"/vehicles/receipts/{on_cover.entry}")
    page.get_by_text(words("Mail it to the driver")).click()
    # What the mail will say, in the language that is chosen for it.
    for language in ("de", "en"):
        page.get_by_label(words("Language of the mail")).select_option(language)
        shown = page.locator(".mail-preview:visible")
        expect(shown).to_have_count(1)
        expect(shown).to_have_attribute("lang", language)
        expect(shown).to_contain_text(on_cover.plate.formatted)
    no_violations(page)
    page.goto(f"/vehicles/receipts/{on_cover.entry}")
    mail_it(page, "jan")
    field = page.get_by_label(words("E-mail address"))
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_visible()
    no_violations(page)
    field.fill(to)
    page.get_by_label(words("Language of the mail")).select_option("de")
    page.get_by_role("button", name=words("Mail the PDF")).dblclick()
    expect(page.get_by_role("main")).to_contain_text("j…@example.test")
    message = mailbox.newest(to)
    assert [part.get_content_type() for part in message.iter_attachments()] == ["application/pdf"]
    assert sum(to in str(one["To"]) for one in mailbox.delivered()) == 1
    page.reload()
    expect(page.locator(".mailed")).to_contain_text(words("Sent"))
    no_violations(page)
    reader = browse(world.member(garage.organisation, rights=[FleetRight.VIEW]), garage.portal)
    reader.goto(f"/vehicles/receipts/{on_cover.entry}")
    expect(reader.locator(".mailed li")).to_have_count(1)
    expect(reader.get_by_text(words("Mail it to the driver"))).to_have_count(0)


def test_mail_card_to_the_driver(browse: Browse, mailbox: Mailbox) -> None:
    garage = world.garage()
    made = card(garage, held(garage))
    to = f"jan-{world.unique()}@example.test"
    page = browse(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)
    page.goto(f"/cards/{made.id}")
    mail_it(page, to, language="en")
    expect(page.locator(".mailed")).to_contain_text("j…@example.test")
    message = mailbox.newest(to)
    assert "SPECIMEN" in message["Subject"]
    assert made.number in message["Subject"]
    no_violations(page)
    page.get_by_text(words("Make this card void")).click()
    page.get_by_label(words("Misprint")).check()
    page.get_by_role("button", name=words("Make it void")).click()
    expect(page.get_by_text(words("Mail it to the driver"))).to_have_count(0)
    expect(page.locator(".mailed li")).to_have_count(1)
    no_violations(page)


@pytest.mark.phone
def test_mail_cards_while_they_are_asked_for(browse: Browse, mailbox: Mailbox) -> None:
    """One field more and no click more: choose, go on, look, ask."""
    garage = world.garage()
    vehicles_held = [held(garage) for _each in range(2)]
    to = f"jan-{world.unique()}@example.test"
    page = browse(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)
    to_request(page, *vehicles_held)
    field = page.get_by_label(words("Mail them to"))
    field.fill("jan@")
    page.get_by_role("button", name=words("Next")).click()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("jan@")
    no_violations(page)
    field.fill(to)
    go_on(page)
    expect(page.get_by_role("main")).to_contain_text(to)
    no_violations(page)
    ask_for(page, 2)
    expect(page.locator(".mailed")).to_contain_text("j…@example.test")
    no_violations(page)
    assert len(list(mailbox.newest(to).iter_attachments())) == 2
    page.reload()
    expect(page.locator(".mailed")).to_contain_text(words("Sent"))
