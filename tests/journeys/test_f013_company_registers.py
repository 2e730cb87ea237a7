"""A company without an account registers; the insurer makes it a customer and invites its first administrator."""

import pytest
from playwright.sync_api import expect

from remise.organisations.models import Organisation
from tests import world
from tests.accounts.visiting import PASSWORD, path_in, text_of
from tests.journeys.browsing import Browse, menu_labels, no_violations, words
from tests.journeys.coming_in_pages import desk_of, go_in_by, open_application, person, send, work
from tests.journeys.server import Mailbox
from tests.journeys.sign_in_pages import couple, give_password
from tests.world import OWNER


@pytest.mark.phone
def test_f013_registration_becomes_company_and_invitation(browse: Browse, mailbox: Mailbox) -> None:
    garage = world.garage()
    desk = desk_of(garage)
    email, kvk = f"eva-{world.unique()}@example.test", f"{world.number() + 70_000_000:08d}"

    hers = browse(None, garage.portal)
    go_in_by(hers, "My company has no account yet")
    hers.locator("form.join button[type=submit]").click()
    expect(hers.get_by_text(words("Fill in the KvK number.")).first).to_be_visible()
    no_violations(hers)
    hers.get_by_label(words("Company name")).fill("Garage Vecht")
    hers.get_by_label(words("KvK number")).fill(kvk)
    person(hers, email, initials=False)
    reference = send(hers)
    work()
    assert reference in str(mailbox.newest(email)["Subject"])

    page = browse(desk, garage.portal)
    open_application(page, reference)
    page.get_by_role("button", name=words("Make the company and invite")).click()
    problem = words("Tick how you made sure that this person may speak for the company.")
    expect(page.get_by_text(problem).first).to_be_visible()
    no_violations(page)
    page.get_by_text(words("Named in the trade register as who represents it")).click()
    page.get_by_role("button", name=words("Make the company and invite")).dblclick()
    expect(page.get_by_role("button", name=words("Send a new invitation"))).to_be_visible()
    no_violations(page)
    assert Organisation.objects.using(OWNER).filter(portal=garage.portal, kvk=kvk).count() == 1

    work()
    approved = mailbox.newest(email)
    assert reference in str(approved["Subject"])
    assert reference in text_of(approved)
    assert "Garage Vecht" in text_of(approved)
    hers.goto(path_in(approved))
    hers.get_by_role("link", name=words("Make an account")).click()
    hers.get_by_label(words("First name")).fill("Eva")
    hers.get_by_label(words("Surname")).fill("Bakker")
    hers.get_by_role("button", name=words("Next")).click()
    hers.get_by_label(words("Password"), exact=True).fill(PASSWORD)
    hers.get_by_role("button", name=words("Next")).click()
    hers.get_by_role("button", name=words("Next")).click()
    hers.get_by_role("button", name=words("Make my account")).click()
    give_password(hers, email, PASSWORD)
    couple(hers)
    hers.goto("/company/people")
    expect(hers.get_by_role("link", name=words("Invite a colleague")).first).to_be_visible()
    assert words("My company") in menu_labels(hers)
