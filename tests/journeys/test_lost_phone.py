"""Neither phone nor recovery code: asked, confirmed by the administrator, waited for, and a new app coupled."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from remise.accounts.models import LostPhone
from remise.organisations.rights import OrganisationRight
from tests import world
from tests.accounts.visiting import PASSWORD, path_in
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.coming_in_pages import work
from tests.journeys.door_pages import heading, press
from tests.journeys.server import Mailbox
from tests.journeys.sign_in_pages import couple, give_password
from tests.world import OWNER


@pytest.mark.phone
def test_lost_phone_comes_back_with_a_colleagues_help(browse: Browse, mailbox: Mailbox) -> None:
    garage = world.garage()
    owner = world.member(garage.organisation, rights=[OrganisationRight.MANAGE_USERS], name="Kees Bos")
    piet = world.member(garage.organisation, rights=[], name="Piet Vos", password=PASSWORD, coupled=True)
    page = browse(None, garage.portal)
    page.goto("/account/sign-in/")
    give_password(page, piet.account.email, PASSWORD)
    page.get_by_role("link", name=words("No phone at hand? Use a recovery code")).click()
    page.get_by_role("link", name=words("No recovery code either")).click()
    heading(page, words("Lost your phone, and no recovery code?"))
    press(page, words("I lost my phone"))
    heading(page, words("Now ask your administrator"))

    work()
    other = browse(owner, garage.portal)
    other.goto(path_in(mailbox.newest(owner.account.email)))
    expect(other).to_have_url(re.compile(rf"/company/people/{piet.id}#locked-out$"))
    expect(other.locator("#locked-out")).to_contain_text(words("Lost the phone"))
    no_violations(other)
    press(other, words("I spoke to %(name)s: the phone is lost") % {"name": "Piet Vos"})
    expect(other.locator("#locked-out").get_by_role("button")).to_have_count(0)
    page.reload()
    heading(page, words("It is confirmed. Now it takes a while"))

    stranger = browse(None, garage.portal)
    stranger.goto(path_in(mailbox.newest(piet.account.email)))
    heading(stranger, words("Keep your app?"))

    # A day later.
    LostPhone.objects.using(OWNER).update(due_at=timezone.now() - timedelta(seconds=1))
    page.goto(reverse("account_lost_phone"))
    again = browse(None, garage.portal)
    again.goto("/account/sign-in/")
    give_password(again, piet.account.email, PASSWORD)
    heading(again, words("Couple your authenticator app"))
    couple(again)
    heading(again, words("Keep these recovery codes"))
