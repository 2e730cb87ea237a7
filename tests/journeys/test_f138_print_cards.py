"""Cards are printed at once, once more with a mark, and made void when the print went wrong."""

from playwright.sync_api import expect

from remise.fleet.rights import FleetRight
from tests import world
from tests.green_cards.cards import card, held
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.card_pages import ask_for, cards, go_on, pdf, print_out, public_address, to_request


def test_f138_print_reprint_and_void(browse: Browse) -> None:
    garage = world.garage()
    vehicle = held(garage)
    page = browse(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)
    to_request(page, vehicle)
    go_on(page)
    ask_for(page, 1)
    printed = print_out(page, "Open and print")
    made = cards(garage)[0]
    assert made.number in printed.pages[0]
    assert "SPECIMEN" in printed.pages[0]
    mark = words("Reprint %(number)s")
    page.reload()
    once_more = print_out(page, "Print once more")
    assert mark % {"number": 1} in once_more.pages[1]
    assert once_more.pages[0] == printed.pages[0]
    no_violations(page)

    page.goto(f"/cards/{made.id}")
    with page.expect_response(lambda answer: "/documents/" in answer.url) as opened:
        page.get_by_role("button", name=words("Print once more")).click()
    page.goto(f"/cards/{made.id}")
    mark %= {"number": 2}
    expect(page.get_by_role("main")).to_contain_text(mark)
    no_violations(page)
    again = pdf(page, opened.value.url)
    assert mark in again.pages[1]
    assert mark not in printed.pages[1]

    page.get_by_text(words("Make this card void")).click()
    page.get_by_role("button", name=words("Make it void")).click()
    expect(page.get_by_role("main")).to_contain_text(words("Choose why the card is void."))
    no_violations(page)
    page.get_by_label(words("Misprint")).check()
    page.get_by_role("button", name=words("Make it void")).click()
    expect(page.get_by_role("main")).to_contain_text(words("Void since"))
    expect(page.get_by_role("button", name=words("Print once more"))).to_have_count(0)
    no_violations(page)
    officer = browse(None, garage.portal)
    officer.goto(public_address(made))
    expect(officer.get_by_role("heading", level=1, name=words("Void"))).to_be_visible()
    assert card(garage, vehicle).serial == made.serial + 1
