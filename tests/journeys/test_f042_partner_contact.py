"""A customer by way of a partner meets that partner's contact, and no other partner's."""

from playwright.sync_api import expect

from tests import world
from tests.help.people import contact, partner
from tests.journeys.browsing import Browse, no_violations


def test_f042_user_of_partner_b_sees_the_contact_of_b(browse: Browse) -> None:
    at = world.portal()
    ours, theirs = world.organisation(at), world.organisation(at)
    contact(at, "Dealerlijn Lantaarn", partner=partner(at, "Lantaarn Finance", theirs), phone="033 000 00 01")
    contact(at, "Dealerlijn Windvaan", partner=partner(at, "Windvaan Lease", ours), phone="033 000 00 02")
    page = browse(world.member(ours, rights=[]), at)
    for path in ("/help/who", "/help/contacts", "/help/"):
        page.goto(path)
        main = page.get_by_role("main")
        expect(main).to_contain_text("033 000 00 02")
        expect(main).to_contain_text("Windvaan Lease")
        expect(main).not_to_contain_text("Lantaarn")
        no_violations(page)
