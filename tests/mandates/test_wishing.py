"""Who acts by a mandate asks for one right more where it is missing; the company says yes or no; both read it."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from remise.accounts.models import Account
from remise.core.errors import NotVisible
from remise.core.scope import enter
from remise.mandates.actions import wishing
from remise.mandates.models import Mandate
from remise.organisations.models import Membership
from tests import jobs, sessions, world
from tests.journeys.server import Mailbox
from tests.mandates import offices
from tests.mandates.offices import GIVE, REGISTER, VIEW, Office
from tests.races import at_once
from tests.world import OWNER, Garage

pytestmark = pytest.mark.usefixtures("nothing_waits")

ASK, MINE, HOME = reverse("clients:ask"), reverse("access:mine"), "/"
REGISTER_PAGE = reverse("fleet:register")


@pytest.fixture
def given(owner: Membership, visser: Office) -> Mandate:
    made = offices.mandate(owner, visser, rights=[VIEW])
    Account.objects.using(OWNER).filter(id__in=[owner.account_id, visser.head.account_id]).update(language="en")
    jobs.forget()
    return made


@pytest.fixture
def clerk(garage: Garage, visser: Office, given: Mandate) -> Browser:
    """Acting for the garage."""
    browser = visser.client()
    offices.act(browser, garage.organisation)
    return browser


def text(browser: Browser, address: str) -> str:
    return browser.get(address).content.decode()


def press(browser: Browser, address: str) -> Any:
    """The one click that the refusal of this page offers."""
    (button,) = re.findall(rf'action="({ASK}[^"]+)"', text(browser, address))
    return browser.post(unescape(button))


def told(mailbox: Mailbox) -> list[tuple[str, str]]:
    jobs.work_off()
    found = [(str(mail["To"]), str(mail["Subject"])) for mail in mailbox.taken]
    mailbox.reset()
    return found


def answer(owner: Membership, garage: Garage, given: Mandate, name: str) -> int:
    page = reverse(f"mandates:{name}", args=[given.id])
    return sessions.client_of(owner, garage.portal).post(page, {"right": REGISTER}).status_code


def test_f025_right_is_asked_with_one_click_and_given_with_one(
    garage: Garage, owner: Membership, visser: Office, given: Mandate, clerk: Browser, mailbox: Mailbox
) -> None:
    assert press(clerk, REGISTER_PAGE)["Location"] == MINE
    assert told(mailbox) == [(owner.account.email, "Kantoor Visser asks for one right more")]
    assert ASK not in text(clerk, REGISTER_PAGE)  # asked already, by whoever of the office
    theirs = sessions.client_of(owner, garage.portal)
    assert "Kantoor Visser asks for one right more" in text(theirs, HOME)
    assert "Register vehicles" in text(theirs, reverse("mandates:show", args=[given.id]))
    assert answer(owner, garage, given, "grant_wish") == 302
    assert clerk.get(REGISTER_PAGE).status_code == 200
    given.refresh_from_db(using=OWNER)
    assert (set(given.rights), given.version) == ({VIEW, REGISTER}, 2)
    assert "asks for one right more" not in text(theirs, HOME)
    assert told(mailbox) == [(visser.head.account.email, "Garage De Brug changed your mandate")]


def test_no_is_told_and_it_can_be_asked_again(
    garage: Garage, owner: Membership, visser: Office, given: Mandate, clerk: Browser, mailbox: Mailbox
) -> None:
    press(clerk, REGISTER_PAGE)
    told(mailbox)
    assert answer(owner, garage, given, "decline_wish") == 302
    assert told(mailbox) == [(visser.head.account.email, "Garage De Brug leaves your mandate as it is")]
    assert clerk.get(REGISTER_PAGE).status_code == 403
    assert press(clerk, REGISTER_PAGE).status_code == 302
    assert len(told(mailbox)) == 1
    assert answer(owner, garage, given, "grant_wish") == 302
    assert answer(owner, garage, given, "grant_wish") == 302  # a second click is told that it was answered
    given.refresh_from_db(using=OWNER)
    assert given.version == 2


def test_two_clicks_at_once_are_one_request(clerk: Browser, mailbox: Mailbox, garage: Garage, visser: Office) -> None:
    others = [visser.client(one) for one in (visser.head, visser.clerk)]
    for other in others:
        offices.act(other, garage.organisation)
    at_once(*(lambda browser=one: browser.post(ASK, {"right": REGISTER}) for one in others))
    assert len(told(mailbox)) == 1


@pytest.mark.parametrize("right", [GIVE, "users.manage", "no.such", VIEW])
def test_what_no_mandate_gives_or_this_one_has_is_not_asked(clerk: Browser, mailbox: Mailbox, right: str) -> None:
    assert clerk.post(ASK, {"right": right}).status_code == (302 if right == VIEW else 404)
    assert told(mailbox) == []


def test_nobody_else_asks_or_answers(garage: Garage, owner: Membership, visser: Office, given: Mandate) -> None:
    stranger = offices.office(garage.portal, name="Kantoor Anders")
    for who in (stranger.clerk, visser.clerk, owner):
        actor = sessions.actor_of(who)
        with enter(actor.scope), pytest.raises(NotVisible):
            wishing.wish_for_right(by=actor, right=REGISTER)
    reader = world.member(garage.organisation, rights=[VIEW])
    elsewhere = world.member(world.garage(at=garage.portal).organisation, rights=[GIVE])
    for name in ("grant_wish", "decline_wish"):
        assert answer(reader, garage, given, name) == 403
        assert answer(stranger.head, garage, given, name) == 403
        assert answer(elsewhere, garage, given, name) == 404


def test_nothing_is_given_that_nobody_asked_for(garage: Garage, owner: Membership, given: Mandate) -> None:
    assert answer(owner, garage, given, "grant_wish") == 302
    given.refresh_from_db(using=OWNER)
    assert given.rights == [VIEW]


def test_who_acts_does_not_answer_the_own_request(clerk: Browser, given: Mandate) -> None:
    press(clerk, REGISTER_PAGE)
    for name in ("grant_wish", "decline_wish"):
        assert clerk.post(reverse(f"mandates:{name}", args=[given.id]), {"right": REGISTER}).status_code == 403
    given.refresh_from_db(using=OWNER)
    assert given.rights == [VIEW]
