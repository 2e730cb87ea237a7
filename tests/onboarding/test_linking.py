"""Asking to work for a company by one of its numbers, and the answer."""

import re
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from remise.accounts.models import Account
from remise.core.actor import system
from remise.core.models import Event
from remise.core.scope import enter
from remise.onboarding.models import LinkCase
from remise.onboarding.tasks import expire, forget, look_up
from remise.organisations.appointing import owners_rights
from remise.organisations.models import Grant, Membership
from tests import jobs, sessions, world
from tests.accounts.visiting import text_of
from tests.journeys.server import Mailbox
from tests.onboarding.door import Door, door
from tests.races import at_once
from tests.world import OWNER, Garage

ASK, INBOX = reverse("links:ask"), reverse("links:inbox")
NAME = {"name": "Joost de Vries"}


@pytest.fixture
def entrance() -> Door:
    cache.clear()  # all tests come from one place
    made = door()
    world.in_english(made.portal)
    return made


@pytest.fixture
def garage(entrance: Door) -> Garage:
    return world.garage(at=entrance.portal)


@pytest.fixture
def kees(garage: Garage) -> Membership:
    return world.member(garage.organisation, rights=["users.manage"], name="Kees Bos")


def person(name: str = "Joost de Vries") -> Account:
    made = world.account()
    from remise.accounts.models import Person

    given, _, surname = name.partition(" ")
    Person.objects.using(OWNER).create(account=made, given_name=given, surname=surname)
    return made


def ask(entrance: Door, who: Account | Membership, *, work: bool = True, **said: object) -> Client:
    client = sessions.client_of(who, entrance.portal)
    answer = client.post(ASK, {"by": "kvk", **NAME, **said})
    assert answer.status_code == 302, answer.content.decode()
    if work:
        jobs.work_off()
    return client


def text(client: Client, address: str) -> str:
    return str(client.get(address).content.decode())


def answer(entrance: Door, who: Membership, case: LinkCase, what: str = "approve", **said: object) -> Any:
    client = sessions.client_of(who, entrance.portal)
    return client.post(reverse(f"links:{what}", args=[case.id]), said, follow=True)


def rights_of(who: Account, garage: Garage) -> set[str]:
    found = Grant.objects.using(OWNER).filter(organisation=garage.organisation.id, membership__account=who.id)
    return set(found.values_list("right", flat=True))


def works(who: Account, garage: Garage) -> int:
    here = Membership.objects.using(OWNER).filter(organisation=garage.organisation.id, account=who, state="active")
    return here.count()


@pytest.mark.parametrize("by", ["kvk", "policy"])
def test_f006_asked_approved_and_works(
    entrance: Door, garage: Garage, kees: Membership, by: str, mailbox: Mailbox
) -> None:
    joost = person()
    number = garage.organisation.kvk if by == "kvk" else garage.policy.number
    client = ask(entrance, joost, by=by, number=number)
    assert "Somebody asks to work for" in str(mailbox.newest(kees.account.email)["Subject"])
    keess = sessions.client_of(kees, entrance.portal)
    assert "1 person asks to work for your company" in text(keess, "/")
    assert "1 person asks to work for your company" in text(keess, reverse("access:inbox"))
    page = text(keess, INBOX)
    assert "Joost de Vries" in page
    assert joost.email in page
    (case,) = entrance.cases()
    answer(entrance, kees, case, role="reader")
    assert (works(joost, garage), rights_of(joost, garage)) == (1, {"vehicles.view"})
    jobs.work_off()
    assert f"You work for {garage.organisation.name} now" in str(mailbox.newest(joost.email)["Subject"])
    assert ">Linked</span>" in text(client, ASK)
    assert client.get(reverse("access:mine")).status_code == 200
    assert entrance.requests()[0].number == ""


def test_f006_who_has_no_name_yet_is_known_by_the_one_given(entrance: Door, garage: Garage, kees: Membership) -> None:
    joost = world.account()
    client = ask(entrance, joost, number=garage.organisation.kvk, name=" Joost Vries ")
    keess = sessions.client_of(kees, entrance.portal)
    assert "From Joost Vries." in text(keess, "/")
    page = text(keess, INBOX)
    assert "Let Joost Vries in" in page
    assert joost.email in page
    done = answer(entrance, kees, entrance.cases()[0], role="reader").content.decode()
    assert "Joost Vries works here now." in done
    joined = Membership.objects.using(OWNER).get(organisation=garage.organisation.id, account=joost)
    assert joined.display_name == "Joost Vries"
    jobs.work_off()
    assert entrance.requests()[0].name == ""  # the company has it; who asked needs it no more
    assert 'value="Joost Vries"' in text(client, ASK)


@pytest.mark.parametrize("name", ["", "   ", "Joost\x01Vries", "x" * 161])
def test_f006_without_a_readable_name_nothing_is_asked(entrance: Door, garage: Garage, name: str) -> None:
    client = sessions.client_of(world.account(), entrance.portal)
    page = client.post(ASK, {"by": "kvk", "number": garage.organisation.kvk, "name": name})
    assert (page.status_code, entrance.requests()) == (422, [])
    assert page.context["form"].has_error("name")


def test_name_that_is_known_stands_there_already(entrance: Door, garage: Garage, kees: Membership) -> None:
    joost = person("Joost Vries")
    assert 'value="Joost Vries"' in text(sessions.client_of(joost, entrance.portal), ASK)
    assert 'value="Kees Bos"' in text(sessions.client_of(kees, entrance.portal), ASK)
    nobody = text(sessions.client_of(world.account(), entrance.portal), ASK)
    assert re.search(r'<input[^>]*name="name"[^>]*value=', nobody) is None


@pytest.mark.parametrize("over", ["withdrawn", "expired", "declined"])
def test_name_of_a_request_that_is_over_is_let_go_of(
    entrance: Door, garage: Garage, kees: Membership, over: str
) -> None:
    client = ask(entrance, person(), number=garage.organisation.kvk)
    assert entrance.requests()[0].name == "Joost de Vries"
    if over == "withdrawn":
        withdraw(entrance, client)
    elif over == "declined":
        answer(entrance, kees, entrance.cases()[0], "decline", reason="Nee.")
        jobs.work_off()
    else:
        _days(entrance, 15)
        expire.run(portal=entrance.portal.id)
    (asked,) = entrance.requests()
    assert (asked.state, asked.name, asked.number) == (over, "", "")


def test_link_in_a_mail_that_a_job_writes_carries_the_port(
    entrance: Door, garage: Garage, kees: Membership, mailbox: Mailbox, settings: Settings
) -> None:
    """There is no request to take it from."""
    settings.PUBLIC_PORT = 8123
    ask(entrance, person(), number=garage.organisation.kvk)
    told = text_of(mailbox.newest(kees.account.email))
    assert f"http://{entrance.portal.slug}.localhost:8123{INBOX}" in told


@pytest.mark.parametrize("typed", ["4711a", "47-11 A", "47.11–a", " 4711.A "])
def test_f006_policy_number_is_found_however_it_is_typed(
    entrance: Door, garage: Garage, kees: Membership, typed: str
) -> None:
    garage.policy.number = "47.11-A"
    garage.policy.save(using=OWNER)
    ask(entrance, person(), by="policy", number=typed)
    assert len(entrance.cases()) == 1


def test_asking_by_one_number_typed_two_ways_is_asking_once(entrance: Door, garage: Garage, kees: Membership) -> None:
    joost = person()
    for typed in ("47.11-a", "4711 A"):
        ask(entrance, joost, by="policy", number=typed)
    assert len(entrance.requests()) == 1


def test_f006_declined_with_a_word(entrance: Door, garage: Garage, kees: Membership, mailbox: Mailbox) -> None:
    joost = person()
    client = ask(entrance, joost, number=garage.organisation.kvk)
    answer(entrance, kees, entrance.cases()[0], "decline", reason="Ik ken je niet.")
    jobs.work_off()
    assert works(joost, garage) == 0
    assert "Ik ken je niet." in text_of(mailbox.newest(joost.email))
    page = text(client, ASK)
    assert "Not linked" in page
    assert "Ik ken je niet." in page


def test_f058_known_and_unknown_numbers_are_answered_alike(
    entrance: Door, garage: Garage, kees: Membership, mailbox: Mailbox
) -> None:
    told: list[tuple[object, ...]] = []
    for by, number in (("policy", garage.policy.number), ("policy", "40.31415"), ("policy", "40.31416")):
        client = sessions.client_of(person(), entrance.portal)
        jobs.forget()
        mailbox.reset()
        with CaptureQueriesContext(connection) as asked:
            sent = client.post(ASK, {"by": by, "number": number, **NAME})
        statements = [re.sub(r"'[^']*'|\d+", "", each["sql"]) for each in asked]
        page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text(client, sent["Location"]))
        page = re.sub(r"/links/\d+/", "", page)
        waiting = [(name, sorted(arguments)) for _number, name, arguments in jobs.waiting()]
        told.append((sent.status_code, page.replace(number, "NUMBER"), statements, waiting, mailbox.delivered()))
        jobs.work_off()
        later = re.sub(r'"\w{64}"|/links/\d+/', "", text(client, ASK))
        told[-1] += (later.replace(number, "NUMBER"),)
    first = [re.sub(r'name="csrfmiddlewaretoken" value="\w+"|[\w.-]+@example.test', "", str(one)) for one in told]
    assert first[1] == first[0]
    assert first[1] == first[2]


def test_nobodys_number_stays_open_until_it_expires(entrance: Door, mailbox: Mailbox) -> None:
    joost = person()
    client = ask(entrance, joost, number="00000000")
    assert entrance.cases() == []
    assert ">Asked</span>" in text(client, ASK)
    _days(entrance, 15)
    assert ">Expired</span>" in text(client, ASK)
    expire.run(portal=entrance.portal.id)
    jobs.work_off()
    assert "Your request to join a company" in str(mailbox.newest(joost.email)["Subject"])
    assert entrance.requests()[0].number == ""


def test_expired_wish_is_answered_no_more(entrance: Door, garage: Garage, kees: Membership) -> None:
    joost = person()
    ask(entrance, joost, number=garage.organisation.kvk)
    _days(entrance, 15)
    said = answer(entrance, kees, entrance.cases()[0], role="reader")
    assert "not asked any more" in said.content.decode()
    assert works(joost, garage) == 0
    expire.run(portal=entrance.portal.id)
    assert entrance.cases()[0].state == "expired"
    assert "Nobody asks to work here" in text(sessions.client_of(kees, entrance.portal), INBOX)


def test_asking_twice_and_by_both_numbers_is_one_case(entrance: Door, garage: Garage, kees: Membership) -> None:
    joost = person()
    ask(entrance, joost, number=garage.organisation.kvk)
    ask(entrance, joost, number=garage.organisation.kvk)
    ask(entrance, joost, by="policy", number=garage.policy.number)
    (case,) = entrance.cases()
    assert len(case.requests) == 2
    answer(entrance, kees, case)
    jobs.work_off()
    assert {one.state for one in entrance.requests()} == {"approved"}
    assert rights_of(joost, garage) == set()


def test_look_up_twice_is_once(entrance: Door, garage: Garage, kees: Membership) -> None:
    ask(entrance, person(), number=garage.organisation.kvk)
    for _ in range(2):
        look_up.run(portal=entrance.portal.id, request=entrance.requests()[0].id)
    assert len(entrance.cases()) == 1


def test_asking_at_once_is_asking_once(entrance: Door, garage: Garage, kees: Membership) -> None:
    joost = person()
    clients = [sessions.client_of(joost, entrance.portal) for _ in range(3)]
    said = {"by": "kvk", "number": garage.organisation.kvk, **NAME}
    assert [one.status_code for one in at_once(*(partial(client.post, ASK, said) for client in clients))] == [302] * 3
    assert len(entrance.requests()) == 1


def test_numbers_are_limited(entrance: Door) -> None:
    client = sessions.client_of(person(), entrance.portal)
    said = [client.post(ASK, {"by": "kvk", "number": f"{n:08d}", **NAME}).status_code for n in range(8)]
    assert said == [302] * 6 + [422] * 2


def test_many_wishes_do_not_fill_a_mailbox(
    entrance: Door, garage: Garage, kees: Membership, mailbox: Mailbox
) -> None:
    mailbox.reset()
    for _ in range(12):
        ask(entrance, person(), number=garage.organisation.kvk, work=False)
    jobs.work_off()
    assert len([mail for mail in mailbox.taken if kees.account.email in str(mail["To"])]) == 10
    assert len(entrance.cases()) == 12


def test_two_administrators_at_once_make_one_colleague(entrance: Door, garage: Garage, kees: Membership) -> None:
    other = world.member(garage.organisation, rights=["users.manage"], name="Piet Bos")
    joost = person()
    ask(entrance, joost, number=garage.organisation.kvk)
    (case,) = entrance.cases()
    at_once(*(partial(answer, entrance, who, case, role="reader") for who in (kees, other, kees)))
    assert works(joost, garage) == 1
    assert rights_of(joost, garage) == {"vehicles.view"}
    began = Event.objects.using(OWNER).filter(organisation=garage.organisation.id, kind="membership.began")
    assert began.count() == 1


def withdraw(entrance: Door, client: Client, number: int | None = None) -> Any:
    wish = entrance.requests()[-1].id if number is None else number
    return client.post(reverse("links:withdraw", args=[wish]), follow=True)


def test_withdrawn_request_is_asked_no_longer(entrance: Door, garage: Garage, kees: Membership) -> None:
    joost = person()
    client = ask(entrance, joost, number=garage.organisation.kvk)
    page = withdraw(entrance, client).content.decode()
    assert "Nobody is asked any more." in page
    assert ">Withdrawn</span>" in page
    assert "Withdraw the request" not in page
    assert entrance.requests()[0].number == ""
    keess = sessions.client_of(kees, entrance.portal)
    inbox = text(keess, INBOX)
    assert "Joost de Vries" in inbox
    assert "Withdrew the request on" in inbox
    assert "asks to work for your company" not in text(keess, "/")
    for what in ("approve", "decline"):
        late = answer(entrance, kees, entrance.cases()[0], what).content.decode()
        assert "Who asked has withdrawn this request" in late
    assert works(joost, garage) == 0
    told = Event.objects.using(OWNER).get(organisation=garage.organisation.id, kind="link.withdrawn")
    assert (told.account, told.subject, told.after) == (joost.id, entrance.cases()[0].id, {})


def test_withdrawing_twice_is_once_and_asking_again_is_new(entrance: Door, garage: Garage, kees: Membership) -> None:
    client = ask(entrance, person(), number=garage.organisation.kvk)
    pages = [withdraw(entrance, client).content.decode() for _ in range(2)]
    assert all("Nobody is asked any more." in page for page in pages)
    client.post(ASK, {"by": "kvk", "number": garage.organisation.kvk, **NAME})
    jobs.work_off()
    assert [case.state for case in entrance.cases()] == ["withdrawn", "open"]


def test_withdrawing_one_of_two_numbers_leaves_the_other(entrance: Door, garage: Garage, kees: Membership) -> None:
    joost = person()
    client = ask(entrance, joost, number=garage.organisation.kvk)
    ask(entrance, joost, by="policy", number=garage.policy.number)
    first, second = entrance.requests()
    withdraw(entrance, client, first.id)
    assert [(case.state, case.requests) for case in entrance.cases()] == [("open", [second.id])]
    withdraw(entrance, client, second.id)
    assert entrance.cases()[0].state == "withdrawn"


def test_withdrawn_before_it_is_looked_up_reaches_nobody(entrance: Door, garage: Garage, kees: Membership) -> None:
    client = ask(entrance, person(), number=garage.organisation.kvk, work=False)
    withdraw(entrance, client)
    jobs.work_off()
    assert (entrance.cases(), entrance.requests()[0].state) == ([], "withdrawn")


def test_nobody_withdraws_another_persons_request(entrance: Door, garage: Garage, kees: Membership) -> None:
    ask(entrance, person(), number=garage.organisation.kvk)
    wish = reverse("links:withdraw", args=[entrance.requests()[0].id])
    for who in (person(), kees, entrance.mirjam):
        assert sessions.client_of(who, entrance.portal).post(wish).status_code == 404
    assert entrance.requests()[0].state == "open"


@pytest.mark.parametrize("what", ["approve", "decline"])
def test_answer_and_withdrawal_at_once_have_one_outcome(
    entrance: Door, garage: Garage, kees: Membership, what: str
) -> None:
    for _ in range(4):
        joost = person()
        client = ask(entrance, joost, number=garage.organisation.kvk)
        case, wish = entrance.cases()[-1], entrance.requests()[-1]
        acts = [partial(withdraw, entrance, client, wish.id), partial(answer, entrance, kees, case, what)]
        his, hers = (page.content.decode() for page in at_once(*acts))
        jobs.work_off()
        case.refresh_from_db(using=OWNER)
        wish.refresh_from_db(using=OWNER)
        assert case.state == wish.state
        is_withdrawn = case.state == "withdrawn"
        assert ("Nobody is asked any more." in his) is is_withdrawn
        assert ("This request is over already." in his) is not is_withdrawn
        assert ("Who asked has withdrawn this request" in hers) is is_withdrawn
        assert works(joost, garage) == (0 if is_withdrawn or what == "decline" else 1)


def test_withdrawing_known_and_unknown_numbers_is_alike(entrance: Door, garage: Garage, kees: Membership) -> None:
    told = []
    for number in ("40.31415", garage.policy.number, "40.31416"):
        client = ask(entrance, person(), by="policy", number=number)
        wish = reverse("links:withdraw", args=[entrance.requests()[-1].id])
        with CaptureQueriesContext(connection) as asked:
            sent = client.post(wish)
        page = re.sub(r'"\w{64}"|[\w.-]+@example.test', "", text(client, sent["Location"]))
        told.append((sent.status_code, [re.sub(r"'[^']*'|\d+", "", each["sql"]) for each in asked], page))
    assert told[1] == told[2]


def test_desk_reads_that_a_request_was_withdrawn(entrance: Door, garage: Garage) -> None:
    joost = person()
    client = ask(entrance, joost, number=garage.organisation.kvk)
    withdraw(entrance, client)
    (case,) = entrance.cases()
    staff = entrance.staff()
    page = text(staff, reverse("applications:link", args=[case.id]))
    assert "Joost de Vries withdrew this request on" in page
    assert "Make administrator" not in page
    late = staff.post(reverse("applications:approve_link", args=[case.id]), {"verified": ["called"]})
    assert "Who asked has withdrawn this request" in late.content.decode()
    assert works(joost, garage) == 0


def test_another_company_answers_nothing(entrance: Door, garage: Garage, kees: Membership) -> None:
    other = world.garage(at=entrance.portal)
    stranger = world.member(other.organisation, rights=["users.manage"], name="Ander")
    joost = person()
    ask(entrance, joost, number=garage.organisation.kvk)
    (case,) = entrance.cases()
    assert answer(entrance, stranger, case).status_code == 404
    assert joost.email not in text(sessions.client_of(stranger, entrance.portal), INBOX)
    assert entrance.staff().get(reverse("applications:link", args=[case.id])).status_code == 404
    assert works(joost, garage) == 0


def test_f061_old_account_ends_in_the_same_step(entrance: Door, garage: Garage, kees: Membership) -> None:
    old = world.member(garage.organisation, rights=["vehicles.view"], name="Joost de Vries")
    joost = person()
    ask(entrance, joost, number=garage.organisation.kvk, had_account="on")
    page = text(sessions.client_of(kees, entrance.portal), INBOX)
    assert "Whose old account ends?" in page
    (case,) = entrance.cases()
    answer(entrance, kees, case, role="reader", replaces=old.id)
    assert works(joost, garage) == 1
    assert works(old.account, garage) == 0
    history = text(sessions.client_of(kees, entrance.portal), reverse("organisations:changes"))
    assert "closed the old account of <b>Joost de Vries</b>" in history
    assert "who asked to work here" in history


def test_f061_nobody_of_another_company_nor_oneself_ends(entrance: Door, garage: Garage, kees: Membership) -> None:
    other = world.member(world.organisation(entrance.portal), rights=[], name="Ander")
    joost = person()
    ask(entrance, joost, number=garage.organisation.kvk, had_account="on")
    (case,) = entrance.cases()
    for whom in (other.id, kees.id):
        assert answer(entrance, kees, case, replaces=whom).status_code == 400
    assert works(joost, garage) == 0


def test_f058_first_account_with_the_address_that_is_known_opens_at_once(
    entrance: Door, garage: Garage, mailbox: Mailbox
) -> None:
    joost = person()
    garage.organisation.contact_email = joost.email.upper()
    garage.organisation.save(using=OWNER)
    client = ask(entrance, joost, by="policy", number=garage.policy.number)
    assert rights_of(joost, garage) == set(owners_rights())
    assert ">Linked</span>" in text(client, ASK)
    assert client.get(reverse("organisations:people")).status_code == 200
    jobs.work_off()
    assert garage.organisation.name in str(mailbox.newest(joost.email)["Subject"])
    second = person()
    garage.organisation.contact_email = second.email
    garage.organisation.save(using=OWNER)
    ask(entrance, second, by="policy", number=garage.policy.number)
    assert works(second, garage) == 0  # somebody works there: that one answers


@pytest.mark.parametrize("case", ["unconfirmed", "another", "wrong number"])
def test_f058_number_alone_opens_nothing(entrance: Door, garage: Garage, case: str) -> None:
    joost = world.account(confirmed=case != "unconfirmed")
    garage.organisation.contact_email = "iemand@example.test" if case == "another" else joost.email
    garage.organisation.save(using=OWNER)
    ask(entrance, joost, by="policy", number="40.1" if case == "wrong number" else garage.policy.number)
    assert works(joost, garage) == 0


def test_f058_company_without_administrator_is_answered_by_the_desk(entrance: Door, garage: Garage) -> None:
    joost = person()
    ask(entrance, joost, by="policy", number=garage.policy.number)
    (case,) = entrance.cases()
    assert case.due_at is not None
    staff = entrance.staff()
    assert "Joost de Vries" in text(staff, reverse("applications:list"))
    page = text(staff, reverse("applications:link", args=[case.id]))
    assert joost.email in page
    approve = reverse("applications:approve_link", args=[case.id])
    assert staff.post(approve, {}).status_code == 422
    clients = [entrance.staff(who) for who in (entrance.mirjam, entrance.daan, entrance.daan)]
    acts = [partial(client.post, approve, {"verified": ["called"]}) for client in clients]
    assert sorted(one.status_code for one in at_once(*acts)) == [302, 422, 422]
    assert (works(joost, garage), rights_of(joost, garage)) == (1, set(owners_rights()))


def test_nobody_of_the_desk_makes_oneself_administrator(entrance: Door, garage: Garage) -> None:
    ask(entrance, entrance.mirjam, by="policy", number=garage.policy.number)
    (case,) = entrance.cases()
    approve, said = reverse("applications:approve_link", args=[case.id]), {"verified": ["called"]}
    page = entrance.staff(entrance.mirjam).post(approve, said)
    assert (page.status_code, "Nobody lets oneself in" in page.content.decode()) == (422, True)
    assert (works(entrance.mirjam.account, garage), rights_of(entrance.mirjam.account, garage)) == (0, set())
    assert entrance.staff(entrance.daan).post(approve, said).status_code == 302
    assert rights_of(entrance.mirjam.account, garage) == set(owners_rights())


def test_desk_declines(entrance: Door, garage: Garage) -> None:
    joost = person()
    client = ask(entrance, joost, number=garage.organisation.kvk)
    (case,) = entrance.cases()
    entrance.staff().post(reverse("applications:decline_link", args=[case.id]), {"reason": "Bel ons."})
    jobs.work_off()
    assert "Bel ons." in text(client, ASK)


def move(entrance: Door, who: Membership, what: str, case: LinkCase) -> str:
    page = entrance.staff(who).post(reverse(f"applications:{what}_link", args=[case.id]), follow=True)
    case.refresh_from_db(using=OWNER)
    return str(page.content.decode())


@pytest.fixture
def at_desk(entrance: Door, garage: Garage) -> LinkCase:
    """Joost asks to work where nobody can answer."""
    ask(entrance, person(), number=garage.organisation.kvk)
    return entrance.cases()[0]


def test_taken_link_case_says_whose_it_is(entrance: Door, at_desk: LinkCase) -> None:
    for _again in range(2):
        assert "You are at it." in move(entrance, entrance.mirjam, "take", at_desk)
    assert at_desk.assignee == entrance.mirjam.account_id
    daan = entrance.staff(entrance.daan)
    assert "Mirjam Postma" in text(daan, reverse("applications:list"))
    page = text(daan, reverse("applications:link", args=[at_desk.id]))
    assert "Mirjam Postma is at it." in page
    assert "Make administrator" not in page
    mine = reverse("applications:list", query={"show": "mine"})
    assert "Joost de Vries" in text(entrance.staff(), mine)
    assert "Nothing is yours now" in text(daan, mine)
    told = Event.objects.using(OWNER).filter(portal=entrance.portal.id, kind="link.taken")
    # Of the insurer: the company does not read who there is at it.
    assert list(told.values_list("account", "subject", "organisation")) == [
        (entrance.mirjam.account_id, at_desk.id, entrance.insurer.id)
    ]


def test_colleagues_link_case_is_answered_by_nobody_else(entrance: Door, garage: Garage, at_desk: LinkCase) -> None:
    move(entrance, entrance.mirjam, "take", at_desk)
    daan, said = entrance.staff(entrance.daan), {"verified": ["called"]}
    approve, decline = (reverse(f"applications:{what}_link", args=[at_desk.id]) for what in ("approve", "decline"))
    late = daan.post(approve, said)
    assert (late.status_code, "Mirjam Postma is at it already." in late.content.decode()) == (422, True)
    late = daan.post(decline, {"reason": "Nee."}, follow=True)
    assert "Mirjam Postma is at it already." in late.content.decode()
    assert "Mirjam Postma is at it already." in move(entrance, entrance.daan, "take", at_desk)
    assert (at_desk.state, at_desk.assignee) == ("open", entrance.mirjam.account_id)
    move(entrance, entrance.daan, "give_back", at_desk)
    assert (at_desk.state, at_desk.assignee) == ("open", None)
    assert daan.post(approve, said).status_code == 302
    at_desk.refresh_from_db(using=OWNER)
    assert (at_desk.state, at_desk.assignee) == ("approved", entrance.daan.account_id)
    assert "A colleague answered this already" in move(entrance, entrance.mirjam, "take", at_desk)
    assert at_desk.assignee == entrance.daan.account_id


def test_two_who_take_a_link_case_at_once_one_has_it(entrance: Door, at_desk: LinkCase) -> None:
    pages = at_once(*(partial(move, entrance, who, "take", at_desk) for who in (entrance.mirjam, entrance.daan)))
    at_desk.refresh_from_db(using=OWNER)
    winner = "Mirjam Postma" if at_desk.assignee == entrance.mirjam.account_id else "Daan Vos"
    assert sorted((f"{winner} is at it already." in page, "You are at it." in page) for page in pages) == [
        (False, True),
        (True, False),
    ]
    assert Event.objects.using(OWNER).filter(portal=entrance.portal.id, kind="link.taken").count() == 1


@pytest.mark.parametrize("over", ["withdrawn", "expired", "declined"])
def test_taken_link_case_that_is_over_without_the_desk_is_nobodys(
    entrance: Door, garage: Garage, at_desk: LinkCase, over: str
) -> None:
    move(entrance, entrance.mirjam, "take", at_desk)
    if over == "withdrawn":
        asker = Account.objects.using(OWNER).get(id=at_desk.account)
        withdraw(entrance, sessions.client_of(asker, entrance.portal))
    elif over == "declined":  # the company has somebody who answers by now
        answer(entrance, world.member(garage.organisation, rights=["users.manage"], name="Kees"), at_desk, "decline")
    else:
        _days(entrance, 15)
        expire.run(portal=entrance.portal.id)
    at_desk.refresh_from_db(using=OWNER)
    assert (at_desk.state, at_desk.assignee) == (over, None)
    assert "at it" not in text(entrance.staff(), reverse("applications:link", args=[at_desk.id]))


def test_link_case_of_who_closes_the_account_goes_back_to_the_queue(entrance: Door, at_desk: LinkCase) -> None:
    move(entrance, entrance.daan, "take", at_desk)
    with connection.cursor() as cursor, enter(system(portal=entrance.portal.id, name="test").scope):
        cursor.execute("select wishes_to_forget(%s)", [entrance.daan.account_id])
    at_desk.refresh_from_db(using=OWNER)
    assert (at_desk.state, at_desk.assignee) == ("open", None)


def test_link_case_that_the_company_answers_is_not_taken(entrance: Door, garage: Garage, kees: Membership) -> None:
    ask(entrance, person(), number=garage.organisation.kvk)
    (case,) = entrance.cases()
    take = reverse("applications:take_link", args=[case.id])
    assert entrance.staff().post(take).status_code == 404
    assert sessions.client_of(kees, entrance.portal).post(take).status_code == 404


def test_queue_takes_as_many_queries_for_three_link_cases_as_for_one(entrance: Door) -> None:
    client, found = entrance.staff(), []
    for more in (1, 2):
        for _ in range(more):
            ask(entrance, person(), number=world.garage(at=entrance.portal).organisation.kvk)
            move(entrance, entrance.daan, "take", entrance.cases()[-1])
        client.get(reverse("applications:list"))
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("applications:list"))
        found.append(len(captured))
    assert found[0] == found[1]


def test_member_of_another_company_asks_too_and_that_company_learns_nothing(
    entrance: Door, garage: Garage, kees: Membership
) -> None:
    there = world.organisation(entrance.portal, name="Autobedrijf Vos")
    anna = world.member(there, rights=[], name="Anna Smit")
    client = ask(entrance, anna, number=garage.organisation.kvk)
    assert "Asked on" in text(client, ASK)
    assert not Event.objects.using(OWNER).filter(organisation=there.id).exists()
    answer(entrance, kees, entrance.cases()[0])
    assert works(anna.account, garage) == 1


def test_who_works_there_already_is_told_so(entrance: Door, garage: Garage, kees: Membership) -> None:
    client = ask(entrance, kees, number=garage.organisation.kvk)
    assert entrance.cases() == []
    assert ">Linked</span>" in text(client, ASK)


def test_one_factor_and_nobody_ask_nothing(entrance: Door) -> None:
    client = sessions.client_of(person(), entrance.portal, factors=1)
    assert client.post(ASK, {"by": "kvk", "number": "00000000", **NAME}).status_code == 302
    assert entrance.stranger().get(ASK)["Location"].startswith("/account/")
    assert entrance.requests() == []


def test_particulars_are_let_go_of(entrance: Door, garage: Garage, kees: Membership) -> None:
    ask(entrance, person(), number=garage.organisation.kvk)
    answer(entrance, kees, entrance.cases()[0], "decline", reason="Nee.")
    jobs.work_off()
    _days(entrance, 200)
    forget.run(portal=entrance.portal.id)
    (case,) = entrance.cases()
    assert (case.name, case.email, case.answer) == ("", "", "")
    assert entrance.requests()[0].answer == ""


def _days(entrance: Door, days: int) -> None:
    entrance.portal.clock_offset = timedelta(days=days)
    entrance.portal.save(using=OWNER)


def test_who_works_nowhere_is_led_to_what_was_asked(entrance: Door) -> None:
    lars = person()
    assert "Ask to join a company" in text(sessions.client_of(lars, entrance.portal), "/")
    client = ask(entrance, lars, number="99999990")
    assert "You asked to join a company. See how it stands" in text(client, "/")
