"""Asking for a right with one click, and the answer."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse
from django.utils import timezone

from remise.core.models import Event
from remise.organisations.models import AccessRequest, Membership
from remise.organisations.tasks import forget
from tests import sessions, world
from tests.journeys.server import Mailbox
from tests.organisations.company import MANAGE, REGISTER, VIEW, Company, company, held_by
from tests.races import at_once
from tests.world import OWNER

MINE, ASK, INBOX = reverse("access:mine"), reverse("access:ask"), reverse("access:inbox")


def ask(garage: Company, right: str = VIEW, branch: object = "", why: str = "") -> Client:
    client = garage.client(garage.salesman)
    assert client.post(ASK, {"right": right, "branch": branch, "why": why}).status_code == 302
    return client


def only(garage: Company) -> AccessRequest:
    return AccessRequest.objects.using(OWNER).get(organisation=garage.organisation.id)


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


@override_settings(ROOT_URLCONF="tests.organisations.routes")
def test_refusal_offers_to_ask_with_one_click(garage: Company, mailbox: Mailbox) -> None:
    client = garage.client(garage.salesman)
    page = text(client, "/try/view")
    assert "Ask Kees Bos for this right" in page
    assert f'action="{ASK}?right=vehicles.view&amp;branch=&amp;page=%2Ftry%2Fview"' in page
    assert client.post(f"{ASK}?right=vehicles.view&branch=").headers["Location"] == MINE
    assert only(garage).right == VIEW
    assert "You asked for it. See how it stands" in text(client, "/try/view")
    mail = mailbox.newest(garage.owner.account.email)
    assert "Sanne de Wit asks for a right" in str(mail["Subject"])
    assert INBOX in str(mail.get_body(("plain",)))


def test_asking_twice_is_asking_once(garage: Company, mailbox: Mailbox) -> None:
    mailbox.reset()
    ask(garage, why="Ik sta aan de balie.")
    ask(garage)
    assert only(garage).why == "Ik sta aan de balie."
    assert len([mail for mail in mailbox.delivered() if garage.owner.account.email in str(mail["To"])]) == 1


def test_asking_at_once_is_asking_once(garage: Company) -> None:
    clients = [garage.client(garage.salesman) for _ in range(4)]
    posts = [partial(client.post, ASK, {"right": VIEW, "branch": ""}) for client in clients]
    assert [answer.status_code for answer in at_once(*posts)] == [302] * 4
    assert only(garage).state == "open"


def test_approve_gives_the_right_that_was_asked(garage: Company) -> None:
    client = ask(garage, REGISTER, garage.zwolle.id)
    owner = garage.client(garage.owner)
    assert "Sanne de Wit: Register vehicles" in text(owner, INBOX)
    assert "1 request for a right" in text(owner, "/")
    assert owner.post(reverse("access:approve", args=[only(garage).id])).status_code == 302
    assert held_by(garage.salesman) == {(REGISTER, garage.zwolle.id), (VIEW, garage.zwolle.id)}  # useless without
    answered = only(garage)
    assert (answered.state, answered.decided_by) == ("granted", garage.owner.account_id)
    assert "Zwolle" in text(client, MINE)
    assert "Nobody asks for a right" in text(owner, INBOX)
    again = owner.post(reverse("access:approve", args=[answered.id]), follow=True)
    assert "answered this already" in again.content.decode()
    assert len(garage.events("right.granted")) == 2


def test_decline_is_told_with_its_reason(garage: Company) -> None:
    client = ask(garage)
    address = reverse("access:decline", args=[only(garage).id])
    garage.client(garage.owner).post(address, {"reason": "Vraag het Piet."})
    assert held_by(garage.salesman) == set()
    page = text(client, MINE)
    assert "Kees Bos did not give it" in page
    assert "Vraag het Piet." in page
    ask(garage)  # may be asked again
    assert AccessRequest.objects.using(OWNER).filter(membership=garage.salesman, state="open").count() == 1


@override_settings(ROOT_URLCONF="tests.organisations.routes")
def test_refusal_tells_who_declined_and_why(garage: Company) -> None:
    client = ask(garage)
    address = reverse("access:decline", args=[only(garage).id])
    garage.client(garage.owner).post(address, {"reason": "Vraag het Piet."})
    page = text(client, "/try/view")
    assert "You asked for this right. Kees Bos did not give it, on" in page
    assert "“Vraag het Piet.” You can ask again at any moment." in page
    assert "Ask Kees Bos for this right" in page
    ask(garage)
    assert "did not give it" not in text(client, "/try/view")


@pytest.mark.parametrize(
    ("verb", "words"), [("approve", "You have the right now:"), ("decline", "You did not get the")]
)
def test_answer_is_on_the_home_page_until_it_is_seen(garage: Company, verb: str, words: str) -> None:
    client = ask(garage)
    assert words not in text(client, "/")
    garage.client(garage.owner).post(reverse(f"access:{verb}", args=[only(garage).id]))
    assert words in text(client, "/")
    text(client, MINE)
    assert words not in text(client, "/")


def test_who_gives_rights_is_not_asked_but_gives(garage: Company) -> None:
    client = garage.client(garage.owner)
    page = text(client, MINE)
    assert "Give yourself this right" in page
    assert "Ask for it" not in page
    answer = client.post(ASK, {"right": VIEW, "branch": ""}, follow=True)
    assert "You give rights here: you need not ask." in answer.content.decode()
    assert not AccessRequest.objects.using(OWNER).filter(organisation=garage.organisation.id).exists()


@override_settings(ROOT_URLCONF="tests.organisations.routes")
def test_who_administers_apart_gives_it_as_administrator(garage: Company) -> None:
    client = garage.client(garage.owner)
    client.post(reverse("organisations:administer"), {"apart": "yes"})
    apart = Membership.objects.using(OWNER).get(account=garage.owner.account, as_administrator=True)
    client.post(reverse("organisations:switch"), {"to": str(garage.owner.id)})
    for page in (text(client, MINE), text(client, "/try/view")):
        assert "Give yourself this right, as administrator" in page
        assert f"to={apart.id}" in page
    client.post(ASK, {"right": VIEW, "branch": ""})
    assert not AccessRequest.objects.using(OWNER).filter(organisation=garage.organisation.id).exists()


def test_right_given_in_the_matrix_answers_what_was_asked(garage: Company) -> None:
    ask(garage, VIEW, garage.zwolle.id)
    garage.grant(garage.salesman, VIEW)  # everywhere is in Zwolle too
    assert only(garage).state == "granted"


def test_right_given_elsewhere_leaves_the_question(garage: Company) -> None:
    ask(garage, VIEW, garage.zwolle.id)
    garage.grant(garage.salesman, VIEW, garage.deventer)
    assert only(garage).state == "open"


def test_who_leaves_asks_no_more(garage: Company) -> None:
    ask(garage)
    garage.end(garage.salesman)
    assert only(garage).state == "withdrawn"


def test_withdraw_is_for_who_asked(garage: Company) -> None:
    client = ask(garage)
    address = reverse("access:withdraw", args=[only(garage).id])
    assert garage.client(garage.owner).post(address).status_code == 404
    assert client.post(address).status_code == 302
    assert only(garage).state == "withdrawn"


@pytest.mark.parametrize("right", ["desk.decide", "customers.keep", "no.right"])
def test_right_that_nobody_here_can_give_does_not_exist(garage: Company, right: str) -> None:
    assert garage.client(garage.salesman).post(ASK, {"right": right, "branch": ""}).status_code == 404


def test_branch_of_another_company_does_not_exist(garage: Company) -> None:
    other = company(at=garage.portal, name="Autobedrijf Vos")
    sent = {"right": VIEW, "branch": other.zwolle.id}
    assert garage.client(garage.salesman).post(ASK, sent).status_code == 404


def test_right_for_the_whole_company_is_asked_for_the_whole_company(garage: Company) -> None:
    ask(garage, MANAGE, garage.zwolle.id)
    assert only(garage).branch_id is None


def test_right_that_is_held_is_not_asked(garage: Company) -> None:
    garage.grant(garage.salesman, VIEW)
    answer = garage.client(garage.salesman).post(ASK, {"right": VIEW, "branch": garage.zwolle.id}, follow=True)
    assert "You have this right already." in answer.content.decode()
    assert not AccessRequest.objects.using(OWNER).filter(organisation=garage.organisation.id).exists()


def test_requests_of_another_company_stay_out(garage: Company) -> None:
    ask(garage)
    other = company(at=garage.portal, name="Autobedrijf Vos")
    client = other.client(other.owner)
    assert "Sanne" not in text(client, INBOX)
    for verb in ("approve", "decline", "withdraw"):
        assert client.post(reverse(f"access:{verb}", args=[only(garage).id])).status_code == 404


def test_inbox_needs_the_right_to_manage(garage: Company) -> None:
    client = ask(garage)
    assert client.get(INBOX).status_code == 403
    for verb in ("approve", "decline"):
        assert client.post(reverse(f"access:{verb}", args=[only(garage).id])).status_code == 403
    assert only(garage).state == "open"


def test_staff_ask_their_own_head(garage: Company, mailbox: Mailbox) -> None:
    insurer = world.insurer(garage.portal)
    head = world.member(insurer, rights=[MANAGE], name="Mirjam Postma")
    new = world.member(insurer, rights=[], name="Noor Bakker")
    client = sessions.client_of(new, garage.portal)
    assert client.post(ASK, {"right": "desk.view", "branch": ""}).status_code == 302
    assert "Noor Bakker" in text(sessions.client_of(head, garage.portal), INBOX)


def test_events_hold_no_words(garage: Company) -> None:
    ask(garage, why="Vertel het aan niemand")
    said = Event.objects.using(OWNER).filter(organisation=garage.organisation.id, kind="access.asked")
    assert [(event.after or {}) for event in said] == [{"right": VIEW, "branch": None}]


def test_one_open_question_for_each_right_is_kept_by_the_table(garage: Company) -> None:
    ask(garage)
    one = only(garage)
    with pytest.raises(DatabaseError), transaction.atomic(using=OWNER):
        AccessRequest.objects.using(OWNER).create(
            portal=one.portal, organisation=one.organisation, membership_id=one.membership_id, right=one.right
        )


def test_approve_and_a_click_in_the_matrix_at_once_give_it_once(garage: Company) -> None:
    """Both hold the people first: neither waits for the other in a circle."""
    for turn in range(10):
        right = (VIEW, MANAGE)[turn % 2]
        ask(garage, right)
        asked = AccessRequest.objects.using(OWNER).get(membership=garage.salesman, state="open")
        clients = [garage.client(garage.owner) for _ in range(2)]
        approves = partial(clients[0].post, reverse("access:approve", args=[asked.id]))
        change = {"change": f"grant:{garage.salesman.id}:{right}:"}
        clicks = partial(clients[1].post, reverse("organisations:change"), change)
        assert [answer.status_code for answer in at_once(approves, clicks)] == [302, 302]
        assert held_by(garage.salesman) == {(right, None)}
        garage.revoke(garage.salesman, right)


def test_right_held_elsewhere_can_be_asked_for_here(garage: Company) -> None:
    garage.grant(garage.salesman, VIEW, garage.zwolle)
    garage.grant(garage.salesman, REGISTER, garage.deventer)
    client = garage.client(garage.salesman)
    client.post(reverse("organisations:switch"), {"to": f"{garage.salesman.id}:{garage.deventer.id}"})
    page = text(client, MINE)
    assert 'aria-label="Ask for the right: View vehicles"' in page
    assert 'aria-label="Ask for the right: Register vehicles"' not in page


def test_words_about_a_right_are_let_go_of(garage: Company) -> None:
    ask(garage, why="Ik sta aan de balie.")
    address = reverse("access:decline", args=[only(garage).id])
    garage.client(garage.owner).post(address, {"reason": "Vraag het Piet."})
    for days, kept in ((89, True), (91, False)):
        AccessRequest.objects.using(OWNER).filter(organisation=garage.organisation.id).update(
            decided_at=timezone.now() - timedelta(days=days)
        )
        forget.run(portal=garage.portal.id)
        assert bool(only(garage).why) is kept
        assert bool(only(garage).answer) is kept
    assert only(garage).state == "declined"


def test_page_of_ones_own_rights_says_where_one_works(garage: Company) -> None:
    page = text(garage.client(garage.salesman), MINE)
    assert 'class="place-name"' in page or garage.organisation.name in page.split("<main")[0]
