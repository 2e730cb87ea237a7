"""A passkey instead of a code, and as the way in when the phone is lost: in a real browser, with a key of its own."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests import world
from tests.accounts.visiting import PASSWORD, text_of
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.door_pages import heading, press
from tests.journeys.server import Mailbox
from tests.journeys.sign_in_pages import couple, give_password, sign_in, sign_out


def give_key(page: Page) -> None:
    """What a laptop with a fingerprint reader has built in."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal"}
    finger = {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": {**kind, **finger, "hasResidentKey": True}})


@pytest.mark.phone
def test_passkey_opens_where_the_phone_is_lost(browse: Browse, mailbox: Mailbox) -> None:
    garage = world.garage()
    piet = world.member(garage.organisation, rights=[], name="Piet Vos", password=PASSWORD, coupled=True)
    page = browse(None, garage.portal)
    give_key(page)
    sign_in(page, piet.account.email, PASSWORD)
    page.goto(reverse("mfa_index"))
    page.get_by_role("link", name=words("Add one"), exact=True).click()
    page.get_by_label(words("Name"), exact=True).fill("Laptop aan de balie")
    no_violations(page)
    press(page, words("Make a passkey"))
    expect(page.locator(".proofs")).to_contain_text("Laptop aan de balie")
    no_violations(page)
    assert "Laptop aan de balie" in text_of(mailbox.newest(piet.account.email))

    sign_out(page)
    page.goto("/account/sign-in/")
    give_password(page, piet.account.email, PASSWORD)
    no_violations(page)
    press(page, words("Use your passkey"))
    expect(page).to_have_url("/")
    page.goto(reverse("mfa_activate_totp"))
    heading(page, words("Couple your new phone"))
    couple(page, "Replace my old app")

    page.goto(reverse("mfa_index"))
    page.get_by_role("button", name=words("Remove the passkey %(name)s") % {"name": "Laptop aan de balie"}).click()
    expect(page.locator(".proofs")).not_to_contain_text("Laptop aan de balie")
