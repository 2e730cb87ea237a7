"""Who asked for a right reads the answer in a mail: once, in the own language, also after a click in the matrix."""

import re
from html import unescape

import pytest
from django.urls import reverse

from remise.accounts.models import Account
from remise.core.scope import enter
from remise.messages.models import Mail
from remise.organisations.asking import actions
from remise.organisations.models import AccessRequest
from tests import jobs, sessions
from tests.accounts.visiting import text_of
from tests.journeys.server import Mailbox
from tests.organisations.company import MANAGE, VIEW, Company, company
from tests.world import OWNER

pytestmark = pytest.mark.usefixtures("nothing_waits")


@pytest.fixture
def garage() -> Company:
    made = company()
    Account.objects.using(OWNER).filter(id=made.salesman.account_id).update(language="en")
    return made


def asked(of: Company, page: str = "") -> AccessRequest:
    by = sessions.actor_of(of.salesman)
    with enter(by.scope):
        return actions.ask_for_right(by=by, right=VIEW, branch=None, why="", page=page, tell=lambda _asked: None)


def only(of: Company) -> AccessRequest:
    return AccessRequest.objects.using(OWNER).get(organisation=of.organisation.id)


def text(mailbox: Mailbox) -> str:
    return text_of(mailbox.taken[0])


def told(mailbox: Mailbox) -> list[str]:
    jobs.work_off()
    return [str(message["Subject"]) for message in mailbox.taken]


@pytest.mark.parametrize("way", ["inbox", "matrix"])
def test_given_right_is_told_to_who_asked_for_it(garage: Company, mailbox: Mailbox, way: str) -> None:
    request = asked(garage)
    client = garage.client(garage.owner)
    if way == "inbox":
        client.post(reverse("access:approve", args=[request.id]))
    else:
        client.post(reverse("organisations:change"), {"change": f"grant:{garage.salesman.id}:{VIEW}:"})
    assert told(mailbox) == ["You have the right: View vehicles"]
    assert mailbox.taken[0]["To"] == garage.salesman.account.email
    assert reverse("access:mine") in text(mailbox)
    assert "Kees Bos answered your request." in text(mailbox)


def test_answer_leads_back_to_where_the_right_was_missing(garage: Company, mailbox: Mailbox) -> None:
    page = reverse("fleet:stock")
    refused = garage.client(garage.salesman).get(f"{page}?search=12-ABC-3").content.decode()
    (ask,) = re.findall(rf'action="({reverse("access:ask")}[^"]+)"', refused)
    garage.client(garage.salesman).post(unescape(ask))
    garage.client(garage.owner).post(reverse("access:approve", args=[only(garage).id]))
    assert told(mailbox)[-1] == "You have the right: View vehicles"
    answer = text_of(mailbox.taken[-1])
    assert page in answer
    assert "12-ABC-3" not in answer  # what was searched for is nobody else's
    mine = garage.client(garage.salesman).get(reverse("access:mine")).content.decode()
    assert f'href="{page}">Go on where you were' in mine


@pytest.mark.parametrize("page", ["https://elsewhere.test/", "//elsewhere.test/", "javascript:alert(1)", "wagens"])
def test_page_elsewhere_is_no_way_back(garage: Company, page: str) -> None:
    garage.client(garage.salesman).post(reverse("access:ask"), {"right": VIEW, "page": page})
    assert only(garage).page == ""


def test_refusal_is_told_with_its_reason(garage: Company, mailbox: Mailbox) -> None:
    address = reverse("access:decline", args=[asked(garage).id])
    garage.client(garage.owner).post(address, {"reason": "Vraag het Piet."})
    assert told(mailbox) == ["Not given: View vehicles"]
    assert "Vraag het Piet." in text(mailbox)


def test_answer_to_oneself_and_to_who_left_is_no_mail(garage: Company, mailbox: Mailbox) -> None:
    request = asked(garage)
    garage.grant(garage.salesman, MANAGE)
    garage.client(garage.salesman).post(reverse("access:approve", args=[request.id]))
    assert told(mailbox) == []
    garage.revoke(garage.salesman, VIEW)
    garage.revoke(garage.salesman, MANAGE)
    garage.client(garage.owner).post(reverse("access:decline", args=[asked(garage).id]), {"reason": ""})
    garage.end(garage.salesman)
    assert told(mailbox) == ["You no longer work at Garage De Brug in Koetspoort"]


def test_name_in_the_answer_is_let_go_of_when_it_has_gone(garage: Company, mailbox: Mailbox) -> None:
    garage.client(garage.owner).post(reverse("access:approve", args=[asked(garage).id]))
    assert len(told(mailbox)) == 1
    (row,) = Mail.objects.using(OWNER).filter(portal=garage.portal.id, kind="access.answer")
    assert (row.state, row.recipient, row.subject, row.text, row.html) == ("sent", "", "", "", "")
