"""A form was refused once, corrected and accepted: the browser's Back shows a page again, and never asks whether to
send the form once more."""

from playwright.sync_api import Page, expect

from remise.organisations.models import Invitation
from tests import world
from tests.journeys.browsing import Browse, no_violations, words
from tests.onboarding.door import door
from tests.world import OWNER


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=words(button)).click()


def test_back_to_an_invitation_that_was_corrected(browse: Browse) -> None:
    garage = world.garage()
    owner = world.member(garage.organisation, rights=["users.manage"], name="Kees Bos")
    page = browse(owner, garage.portal)
    page.goto("/invitations/")
    page.get_by_role("link", name=words("Invite a colleague")).first.click()
    page.locator('input[name="name"]').fill("Eva Bakker")
    press(page, "Send the invitation")
    expect(page.locator(".error-summary")).to_be_visible()
    page.locator('input[name="email"]').fill("eva@example.test")
    page.locator('label:has(input[value="reader"])').click()
    press(page, "Send the invitation")
    expect(page.get_by_text("eva@example.test").first).to_be_visible()
    page.go_back()
    expect(page.get_by_role("button", name=words("Send the invitation"))).to_be_visible()
    expect(page.locator('input[name="name"]')).to_have_value("")  # nothing to send twice by mistake
    no_violations(page)
    page.go_forward()
    expect(page.get_by_text("eva@example.test").first).to_be_visible()
    assert Invitation.objects.using(OWNER).filter(organisation=garage.organisation.id).count() == 1


def test_back_to_an_answer_at_an_address_that_only_takes_forms(browse: Browse) -> None:
    entrance = door()
    asked = entrance.asked("contact")
    page = browse(entrance.mirjam, entrance.portal)
    page.goto(f"/applications/{asked.id}")
    press(page, "Note it and close")
    expect(page.locator(".error-summary")).to_be_visible()
    page.locator("textarea").fill("Gebeld.")
    press(page, "Note it and close")
    expect(page.get_by_text(words("Noted and closed."))).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", level=1, name=words("There is no page here"))).to_be_visible()
    page.go_back()
    expect(page.get_by_text("Gebeld.")).to_be_visible()
    no_violations(page)
