"""Who asked for a right reads the answer in a mail: once, in the own language, also after a click in the matrix."""

from collections.abc import Iterator

import pytest
from django.urls import reverse

from remise.accounts.models import Account
from remise.core.scope import enter
from remise.organisations.asking import actions
from remise.organisations.models import AccessRequest
from tests import jobs, sessions
from tests.accounts.visiting import text_of
from tests.journeys.server import Mailbox
from tests.organisations.company import MANAGE, VIEW, Company, company
from tests.world import OWNER


@pytest.fixture(autouse=True)
def nothing_waits(mailbox: Mailbox) -> Iterator[None]:
    jobs.forget()
    yield
    jobs.forget()


@pytest.fixture
def garage() -> Company:
    made = company()
    Account.objects.using(OWNER).filter(id=made.salesman.account_id).update(language="en")
    return made


def asked(of: Company) -> AccessRequest:
    by = sessions.actor_of(of.salesman)
    with enter(by.scope):
        return actions.ask_for_right(by=by, right=VIEW, branch=None, why="", tell=lambda _asked: None)


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
