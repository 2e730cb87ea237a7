"""An office and a garage without an administrator appoint one; after verification the mail with the link goes out."""

import pytest
from playwright.sync_api import expect

from remise.organisations.models import Membership
from tests import world
from tests.accounts.visiting import PASSWORD, code_of, path_in
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.coming_in_pages import desk_of, go_in_by, open_application, person, send, work
from tests.journeys.server import Mailbox
from tests.journeys.sign_in_pages import give_code, give_password
from tests.world import OWNER


@pytest.mark.phone
def test_f036_f037_garage_gets_an_administrator(browse: Browse, mailbox: Mailbox) -> None:
    garage = world.garage()
    desk = desk_of(garage)
    email = f"eva-{world.unique()}@example.test"
    world.account(email=email, password=PASSWORD, coupled=True)

    hers = browse(None, garage.portal)
    answers = []
    for number in ("40.31415", garage.policy.number):
        go_in_by(hers, "Appoint an administrator of a garage")
        hers.get_by_label(words("Company name")).fill("Garage De Brug")
        hers.get_by_label(words("Policy number")).fill(number)
        person(hers, email)
        hers.get_by_text(words("Female"), exact=True).click()
        reference = send(hers)
        answers.append(hers.locator("main").inner_text().replace(reference, ""))
    assert answers[0] == answers[1]
    work()
    assert "/invitations/" not in str(mailbox.newest(email))

    page = browse(desk, garage.portal)
    open_application(page, reference)
    expect(page.get_by_role("heading", level=3, name=garage.organisation.name)).to_be_visible()
    page.get_by_text(words("Called back on a number that we knew already")).click()
    page.get_by_role("button", name=words("Approve and invite")).dblclick()
    expect(page.get_by_role("button", name=words("Send a new invitation"))).to_be_visible()
    no_violations(page)

    work()
    hers.goto(path_in(mailbox.newest(email)))
    hers.get_by_role("link", name=words("Sign in and accept")).click()
    give_password(hers, email, PASSWORD)
    give_code(hers, code_of())
    hers.get_by_role("button", name=words("Accept"), exact=True).click()
    hers.goto("/invitations/new")  # can let employees in from now on
    expect(hers.get_by_role("heading", level=1, name=words("Invite a colleague"))).to_be_visible()
    assert Membership.objects.using(OWNER).filter(organisation=garage.organisation.id).count() == 1


def test_f035_office_gets_an_administrator(browse: Browse, mailbox: Mailbox) -> None:
    garage = world.garage()
    garage.organisation.kind = "intermediary"
    garage.organisation.save(using=OWNER)
    desk = desk_of(garage)
    email = f"eva-{world.unique()}@example.test"
    hers = browse(None, garage.portal)
    go_in_by(hers, "Appoint an administrator of an intermediary's office")
    hers.get_by_label(words("Intermediary number")).fill("?")
    hers.locator("form.join button[type=submit]").click()
    expect(hers.locator("#id_intermediary_number_error, .invalid-feedback").first).to_be_visible()
    no_violations(hers)
    hers.get_by_label(words("Intermediary number")).fill(str(garage.branch.relation_number))
    hers.get_by_label(words("Company name")).fill("Adviesbureau")
    person(hers, email)
    reference = send(hers)

    page = browse(desk, garage.portal)
    open_application(page, reference)
    page.get_by_text(words("Known in person to our account manager")).click()
    page.get_by_role("button", name=words("Approve and invite")).click()
    expect(page.get_by_role("button", name=words("Send a new invitation"))).to_be_visible()
    work()
    assert "/invitations/for/" in path_in(mailbox.newest(email))
