"""Offering, changing and ending a mandate, and what an office does with it."""

import re
from collections.abc import Callable
from functools import partial
from typing import cast

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from remise.accounts.models import Account
from remise.core.errors import BrokenRule, NotVisible
from remise.core.scope import ActorKind, Scope, enter
from remise.mandates import selectors
from remise.mandates.acting import acts_for
from remise.mandates.actions import answering, giving
from remise.mandates.models import Mandate
from remise.mandates.tasks import forget, settle
from remise.organisations.models import Branch, Membership, Organisation
from tests import jobs, sessions, world
from tests.accounts.visiting import PASSWORD, Visitor, code_of, path_in, text_of
from tests.journeys.server import Mailbox
from tests.mandates import offices
from tests.mandates.offices import REGISTER, VIEW, Office, days
from tests.races import at_once
from tests.world import OWNER, Garage

OVERVIEW, OFFER = reverse("mandates:overview"), reverse("mandates:offer")
RECEIVED = reverse("clients:received")


def only(garage: Garage) -> Mandate:
    return Mandate.objects.using(OWNER).get(organisation=garage.organisation.id)


def form(to: str, **said: str) -> dict[str, str]:
    return {"to": to, "purpose": "de jaarrekening", "rights": VIEW} | said


# --- offering


def test_offer_by_number_tells_nothing_of_the_office(garage: Garage, owner: Membership, visser: Office) -> None:
    """Known or unknown: the same answer, and the same row."""
    client = sessions.client_of(owner, garage.portal)
    answers = {}
    for number in (visser.organisation.kvk or "", "99999990"):
        answer = client.post(OFFER, form(number), follow=True)
        assert answer.redirect_chain == [(OVERVIEW, 302)]
        answers[number] = re.sub(number, "NUMBER", answer.content.decode())
        row = Mandate.objects.using(OWNER).filter(addressed_to=number).values_list("office_name", flat=True).get()
        assert row == ""
        client.post(reverse("mandates:withdraw", args=[Mandate.objects.using(OWNER).latest("id").id]))
    assert visser.organisation.name not in "".join(answers.values())


@pytest.mark.parametrize("kind", ["kvk", "relation", "intermediary"])
def test_offer_is_found_by_each_number_of_the_office(
    garage: Garage, owner: Membership, visser: Office, kind: str
) -> None:
    branch = world.branch(visser.organisation)
    tier = offices.tier(garage.portal, "silver", 1, opens=False)
    ranked = offices.intermediary(visser, tier)
    number = {"kvk": visser.organisation.kvk, "relation": branch.relation_number, "intermediary": ranked.number}[kind]
    typed = f" {'.'.join(str(number).lower().replace('-', ''))} "  # dots between, no dashes, small letters
    made = offices.offer(owner, typed)
    page = visser.client(visser.head).get(RECEIVED).content.decode()
    assert f"{garage.organisation.name} offers you a mandate" in page
    assert "7 days left" in visser.client(visser.head).get("/").content.decode()
    offices.accept(made, visser.head)
    assert only(garage).office_id == visser.organisation.id


def test_number_of_an_intermediary_goes_before_a_relation_number(
    garage: Garage, owner: Membership, visser: Office
) -> None:
    tier = offices.tier(garage.portal, "gold", 2, opens=True)
    ranked = offices.intermediary(visser, tier)
    other = offices.office(garage.portal, name="Iemand Anders")
    branch = world.branch(other.organisation)
    branch.relation_number = ranked.number
    branch.save(using=OWNER)
    made = offices.offer(owner, ranked.number)
    with pytest.raises(BrokenRule):
        offices.accept(made, other.head)
    offices.accept(made, visser.head)


def test_office_reads_who_gives_also_when_that_one_administers_apart(
    garage: Garage, owner: Membership, visser: Office
) -> None:
    """By one name, however many memberships bear it."""
    world.was_apart(owner)
    offices.offer(owner, visser.organisation.kvk or "")
    client = visser.client(visser.head)
    assert owner.display_name in client.get(RECEIVED).content.decode()
    assert client.get("/").status_code == 200


def test_offer_is_nobody_elses(garage: Garage, owner: Membership, visser: Office) -> None:
    made = offices.offer(owner, visser.organisation.kvk or "")
    other = offices.office(garage.portal, name="Kantoor De Haan")
    client = other.client(other.head)
    assert "offers you" not in client.get(RECEIVED).content.decode()
    for verb in ("accept", "decline", "hand_back", "receipt"):
        path = reverse(f"clients:{verb}", args=[made.id])
        assert (client.get(path) if verb == "receipt" else client.post(path)).status_code == 404
    with pytest.raises(BrokenRule):
        offices.accept(made, other.head)
    assert only(garage).accepted_at is None


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"to": ""}, "Fill in a number or an e-mail address."),
        ({"to": "jan@"}, "e-mail address"),
        ({"purpose": " "}, "Say what the mandate is for."),
        ({"rights": []}, "Choose what the office may do."),
        ({"rights": "users.manage"}, "Select a valid choice"),
        ({"last_day": "2020-01-01"}, "This day is over."),
        ({"to": "bestaat niet!!"}, "This is no number and no e-mail address."),
        ({"to": "bestaatniet"}, "This is no number and no e-mail address."),
    ],
)
def test_offer_says_what_is_wrong(garage: Garage, owner: Membership, said: dict[str, str], words: str) -> None:
    answer = sessions.client_of(owner, garage.portal).post(OFFER, form("12345678") | said)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Mandate.objects.using(OWNER).filter(organisation=garage.organisation.id).exists()


def test_offer_tells_all_that_is_wrong_at_once(garage: Garage, owner: Membership) -> None:
    wrong = {"to": "bestaat niet!!", "rights": [], "last_day": "2020-01-01", "purpose": " "}
    told = sessions.client_of(owner, garage.portal).post(OFFER, form("12345678") | wrong).content.decode()
    for words in ("This is no number", "Choose what the office may do.", "This day is over.", "Say what the mandate"):
        assert words in told


def test_offer_to_ones_own_company_says_so(garage: Garage, owner: Membership) -> None:
    number = Branch.objects.using(OWNER).get(id=garage.branch.id).relation_number
    for own in filter(None, (garage.organisation.kvk, number)):
        answer = sessions.client_of(owner, garage.portal).post(OFFER, form(own))
        assert answer.status_code == 422
        assert "your own company" in answer.content.decode()


def test_offer_again_to_the_same_number_says_so_beside_it(garage: Garage, owner: Membership) -> None:
    """Answered the same whether or not there is such an office."""
    client = sessions.client_of(owner, garage.portal)
    assert client.post(OFFER, form("87654321")).status_code == 302
    answer = client.post(OFFER, form("87654321") | {"purpose": "De Jaarrekening"})
    assert answer.status_code == 422
    assert "You offered this already, for the same purpose." in answer.content.decode()


def test_insurer_may_want_a_last_day(garage: Garage, owner: Membership) -> None:
    garage.portal.mandates_must_end = True
    garage.portal.save(using=OWNER)
    client = sessions.client_of(owner, garage.portal)
    assert "every mandate has one" in client.post(OFFER, form("12345678")).content.decode()
    day = offices.today(garage.portal) + days(30)
    assert client.post(OFFER, form("12345678", last_day=day.isoformat())).status_code == 302
    assert only(garage).ends == day + days(1)


def test_offer_of_what_no_mandate_gives_is_refused(owner: Membership) -> None:
    for right in ("users.manage", "mandates.manage", "clients.act", "desk.decide", "nonsense"):
        with pytest.raises(NotVisible):
            offices.offer(owner, "12345678", rights=[right])


def test_same_number_written_otherwise_is_the_same(garage: Garage, owner: Membership) -> None:
    garage.branch.relation_number = "40.12-A"
    garage.branch.save(using=OWNER, update_fields=["relation_number"])
    with pytest.raises(BrokenRule, match="your own company's number"):
        offices.offer(owner, "40 12a")
    offices.offer(owner, "77.12-B")
    with pytest.raises(BrokenRule, match="offered this already"):
        offices.offer(owner, "7712b")


def test_offer_twice_says_so(garage: Garage, owner: Membership) -> None:
    offices.offer(owner, "12345678")
    with pytest.raises(BrokenRule, match="You offered this already"):
        offices.offer(owner, "12345678", purpose="De Jaarrekening")


def test_branch_of_another_company_is_refused(owner: Membership) -> None:
    foreign = world.garage().branch
    with pytest.raises(NotVisible):
        offices.offer(owner, "12345678", branches=[foreign.id])


def test_offers_end_at_so_many_an_hour(owner: Membership) -> None:
    for number in range(30):
        offices.offer(owner, f"{20_000_000 + number}")
    with pytest.raises(BrokenRule, match="many mandates"):
        offices.offer(owner, "20000099")


def test_overview_shows_what_can_be_ended_however_much_came_after(
    owner: Membership, visser: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "MOST", 1)
    offices.mandate(owner, visser, purpose="oud")
    for purpose in ("een", "twee"):
        offices.end(owner, offices.mandate(owner, visser, purpose=purpose).id)
    by = sessions.actor_of(owner)
    with enter(by.scope):
        assert [one.purpose for one in selectors.given(by)] == ["oud", "twee"]


def test_giving_needs_the_right(garage: Garage, owner: Membership, visser: Office) -> None:
    given = offices.mandate(owner, visser)
    client = sessions.client_of(world.member(garage.organisation, rights=[VIEW]), garage.portal)
    for path in (OVERVIEW, OFFER, reverse("mandates:show", args=[given.id])):
        assert client.get(path).status_code == 403
    for verb in ("change", "end", "again", "withdraw"):
        assert client.post(reverse(f"mandates:{verb}", args=[given.id])).status_code == 403


# --- by mail


def mailed(owner: Membership, garage: Garage, mailbox: Mailbox) -> tuple[str, str]:
    """The address it went to, and the path behind the link."""
    email = f"boekhouder-{world.unique()}@example.test"
    assert sessions.client_of(owner, garage.portal).post(OFFER, form(email)).status_code == 302
    return email, path_in(mailbox.newest(email))


def test_bookkeeper_without_an_office_gets_one_alone(garage: Garage, owner: Membership, mailbox: Mailbox) -> None:
    email, path = mailed(owner, garage, mailbox)
    account = world.account(email=email)
    client = sessions.client_of(account, garage.portal)
    assert "Accept for myself" in client.get(path).content.decode()
    answer = client.post(f"{path}accept", {"office": ""}, follow=True)
    assert answer.status_code == 200
    assert f"You act for {garage.organisation.name}." in answer.content.decode()
    one = only(garage)
    assert one.office_id is not None
    made = Organisation.objects.using(OWNER).get(id=one.office_id)
    assert (made.kind, one.office_is_person) == ("person", True)
    (member,) = Membership.objects.using(OWNER).filter(organisation=made.id)
    assert member.account_id == account.id
    # The next one comes to the same office.
    second = world.garage(at=garage.portal)
    told: list[str] = []
    offices.offer(offices.owner_of(second), email, told=told)
    with enter(Scope(ActorKind.ACCOUNT, garage.portal.id, account.id)):
        taken = answering.accept_mailed(account=account.id, secret=told[0], office=None)
    assert taken is not None
    assert taken.office == made.id
    assert offices.reached(made) == {garage.organisation.id, second.organisation.id}


STEPS: tuple[tuple[str, dict[str, str]], ...] = (
    ("person", {"given_name": "Jan", "infix": "de", "surname": "Boer"}),
    ("account", {"password": PASSWORD}),
    ("preferences", {"language": "en"}),
    ("check", {}),
)


def take_steps(visitor: Visitor, path: str) -> HttpResponse:
    answer = HttpResponse()
    for step, said in STEPS:
        answer = cast("HttpResponse", visitor.client.post(f"{path}{step.replace('person', 'you')}", said))
        assert answer.status_code == 302, answer.content.decode()
    return answer


def test_f025_newcomer_makes_an_account_and_is_back_at_the_offer(
    garage: Garage, owner: Membership, mailbox: Mailbox
) -> None:
    email, path = mailed(owner, garage, mailbox)
    visitor = Visitor(garage.portal, mailbox)
    page = visitor.client.get(path).content.decode()
    assert f"Make an account with {email}" in page
    mailbox.reset()
    login = take_steps(visitor, path)["Location"]
    assert login == reverse("account_login", query={"next": path})
    after = visitor.client.post(login, {"login": email, "password": PASSWORD})["Location"]
    assert after == path
    coupling = visitor.client.get(path)["Location"]
    assert coupling == reverse("mfa_activate_totp", query={"next": path})
    codes = visitor.client.post(coupling, {"code": code_of(visitor.secret_on_page())})["Location"]
    assert f'href="{path}"' in visitor.client.get(codes).content.decode()
    assert "Accept for myself" in visitor.client.get(path).content.decode()
    assert visitor.client.post(f"{path}accept", {"office": ""}).status_code == 302
    assert only(garage).accepted_at is not None
    jobs.work_off()
    assert not [mail for mail in mailbox.delivered() if "/for/" in text_of(mail) or "confirm" in text_of(mail)]


def test_f025_last_step_pressed_twice_makes_one_account(garage: Garage, owner: Membership, mailbox: Mailbox) -> None:
    email, path = mailed(owner, garage, mailbox)
    visitor = Visitor(garage.portal, mailbox)
    take_steps(visitor, path)
    again = visitor.client.post(f"{path}check")
    assert again["Location"] == path
    assert Account.objects.using(OWNER).filter(email=email).count() == 1
    page = visitor.client.get(path).content.decode()
    assert f"There is an account with {email}." in page
    assert "You are new here" not in page


def test_f025_who_is_signed_out_signs_in_and_is_back_at_the_offer(
    garage: Garage, owner: Membership, mailbox: Mailbox
) -> None:
    email, path = mailed(owner, garage, mailbox)
    world.account(email=email, password=PASSWORD, coupled=True)
    visitor = Visitor(garage.portal, mailbox)
    login = reverse("account_login", query={"next": path})
    assert login in visitor.client.get(path).content.decode()
    code = visitor.client.post(login, {"login": email, "password": PASSWORD})["Location"]
    assert visitor.client.post(code, {"code": code_of()})["Location"] == path
    assert "Accept for myself" in visitor.client.get(path).content.decode()


def test_f025_no_account_is_made_for_an_offer_that_is_over(
    garage: Garage, owner: Membership, mailbox: Mailbox
) -> None:
    email, path = mailed(owner, garage, mailbox)
    visitor = Visitor(garage.portal, mailbox)
    visitor.client.post(f"{path}decline")
    for step in ("you", "account", "preferences", "check"):
        assert visitor.client.post(f"{path}{step}")["Location"] == path
    assert not Account.objects.using(OWNER).filter(email=email).exists()


def test_mailed_offer_is_accepted_for_an_office(
    garage: Garage, owner: Membership, visser: Office, mailbox: Mailbox
) -> None:
    _email, path = mailed(owner, garage, mailbox)
    clerk = visser.client(visser.clerk)
    assert "Accept for Kantoor Visser" not in clerk.get(path).content.decode()
    assert clerk.post(f"{path}accept", {"office": visser.organisation.id}).status_code == 400
    head = visser.client(visser.head)
    assert "Accept for Kantoor Visser" in head.get(path).content.decode()
    assert head.post(f"{path}accept", {"office": visser.organisation.id}).status_code == 302
    assert offices.reached(visser.organisation) == {garage.organisation.id}
    assert "This mandate was accepted" in head.get(path).content.decode()


def test_secret_is_in_the_mail_alone(garage: Garage, owner: Membership, mailbox: Mailbox) -> None:
    email, path = mailed(owner, garage, mailbox)
    secret = path.rstrip("/").rpartition("/")[2]
    client = sessions.client_of(owner, garage.portal)
    for page in (OVERVIEW, reverse("mandates:show", args=[only(garage).id])):
        assert secret not in client.get(page).content.decode()
    by = sessions.actor_of(owner)
    with enter(by.scope), connection.cursor() as cursor:
        cursor.execute("select count(*) from mandates_mandate m where strpos(m::text, %s) > 0", [secret])
        assert cursor.fetchone() == (0,)
    client.post(reverse("mandates:again", args=[only(garage).id]))
    assert sessions.client_of(owner, garage.portal).get(path).status_code == 404  # the older link is dead
    assert path_in(mailbox.newest(email)) != path


def test_expired_offer_is_asked_again(garage: Garage, owner: Membership, visser: Office, mailbox: Mailbox) -> None:
    email, path = mailed(owner, garage, mailbox)
    Mandate.objects.using(OWNER).filter(id=only(garage).id).update(expires_at=timezone.now())
    client = visser.client(visser.head)
    assert "This offer has expired" in client.get(path).content.decode()
    assert client.post(f"{path}accept", {"office": visser.organisation.id}).status_code == 200
    assert only(garage).accepted_at is None
    for _ in range(2):
        assert client.post(f"{path}ask-again").status_code == 302
    home = sessions.client_of(owner, garage.portal).get("/").content.decode()
    assert "1 office asks for a new link to its mandate" in home
    assert email in home


def test_declined_offer_is_over(garage: Garage, owner: Membership, visser: Office, mailbox: Mailbox) -> None:
    _email, path = mailed(owner, garage, mailbox)
    client = visser.client(visser.head)
    client.post(f"{path}decline")
    client.post(f"{path}accept", {"office": visser.organisation.id})
    assert (only(garage).accepted_at, only(garage).declined_at is None) == (None, False)
    assert "Declined" in sessions.client_of(owner, garage.portal).get(OVERVIEW).content.decode()


def test_accepting_asks_for_both_factors(garage: Garage, owner: Membership, mailbox: Mailbox) -> None:
    _email, path = mailed(owner, garage, mailbox)
    account = world.account()
    sessions.couple(account)
    client = sessions.client_of(account, garage.portal, factors=1)
    answer = client.post(f"{path}accept", {"office": ""})
    assert answer["Location"].startswith(reverse("mfa_reauthenticate"))
    assert only(garage).accepted_at is None


def test_link_of_another_insurer_opens_nothing(garage: Garage, owner: Membership, mailbox: Mailbox) -> None:
    _email, path = mailed(owner, garage, mailbox)
    elsewhere = offices.office(world.portal())
    assert elsewhere.client(elsewhere.head).get(path).status_code == 404


# --- afterwards


def test_receipts_of_both_parties_are_their_own(garage: Garage, owner: Membership, visser: Office) -> None:
    given = offices.mandate(owner, visser, last_day=offices.today(garage.portal) + days(9))
    ours, theirs = sessions.client_of(owner, garage.portal), visser.client(visser.head)
    for client, path in (
        (ours, reverse("mandates:receipt", args=[given.id])),
        (theirs, reverse("clients:receipt", args=[given.id])),
    ):
        answer = client.get(path, follow=True)
        assert answer["Content-Type"] == "application/pdf"
        assert client.get(path)["Location"] == answer.redirect_chain[0][0]  # the same document
    offices.end(owner, given.id)
    again = ours.get(reverse("mandates:receipt", args=[given.id]))
    assert again["Location"] != answer.redirect_chain[0][0]
    mine = ours.get(reverse("mandates:receipt", args=[given.id]))["Location"]
    assert theirs.get(mine).status_code == 404


def test_mandate_handed_back_is_over(garage: Garage, owner: Membership, visser: Office) -> None:
    given = offices.mandate(owner, visser)
    client = visser.client(visser.head)
    assert client.post(reverse("clients:hand_back", args=[given.id]), {"why": "Wij stoppen."}).status_code == 302
    assert offices.reached(visser.organisation) == set()
    page = sessions.client_of(owner, garage.portal).get(OVERVIEW).content.decode()
    assert "Handed back" in page
    assert client.post(reverse("clients:hand_back", args=[given.id])).status_code == 404
    (event,) = offices.events(garage.organisation, "mandate.handed_back")
    assert (event.account, event.office) == (visser.head.account_id, visser.organisation.id)


def test_over_mandate_is_not_changed(garage: Garage, owner: Membership, visser: Office) -> None:
    given = offices.mandate(owner, visser)
    offices.end(owner, given.id)
    with pytest.raises(BrokenRule):
        offices.change(owner, given.id, rights=[REGISTER], branches=None, last_day=None)
    with pytest.raises(BrokenRule):
        offices.end(owner, given.id)


def test_mandate_of_another_company_does_not_exist(garage: Garage, owner: Membership, visser: Office) -> None:
    given = offices.mandate(owner, visser)
    other = offices.owner_of(world.garage(at=garage.portal))
    with pytest.raises(NotVisible):
        offices.end(other, given.id)
    client = sessions.client_of(other, garage.portal)
    assert client.get(reverse("mandates:show", args=[given.id])).status_code == 404


# --- at once


def test_of_two_acceptances_one_stands(garage: Garage, owner: Membership, visser: Office) -> None:
    """Two people of the office click at the same moment."""
    second = world.member(visser.organisation, rights=[offices.CLIENTS], name="Piet Visser")
    made = offices.offer(owner, visser.organisation.kvk or "")
    results = at_once(*(partial(offices.accept, made, who) for who in (visser.head, second, visser.head)))
    assert [type(one) for one in results].count(BrokenRule) == 2
    assert len(offices.events(garage.organisation, "mandate.accepted")) == 1


def test_of_acceptance_and_withdrawal_one_stands(garage: Garage, owner: Membership, visser: Office) -> None:
    for _ in range(5):
        made = offices.offer(owner, visser.organisation.kvk or "", purpose=world.unique())
        actor = sessions.actor_of(owner)

        def take_back(number: int = made.id) -> None:
            with enter(actor.scope):
                giving.withdraw_offer(by=actor, mandate=number)

        acts: list[Callable[[], None]] = [partial(offices.accept, made, visser.head), take_back]
        at_once(*acts)
        row = Mandate.objects.using(OWNER).get(id=made.id)
        assert (row.accepted_at is None) != (row.withdrawn_at is None)


def test_two_who_accept_for_themselves_make_one_office_each(garage: Garage, owner: Membership) -> None:
    account = world.account()
    told: list[str] = []
    for purpose in ("een", "twee", "drie"):
        offices.offer(owner, f"{purpose}@example.test", purpose=purpose, told=told)

    def take(secret: str) -> None:
        with enter(Scope(ActorKind.ACCOUNT, garage.portal.id, account.id)):
            answering.accept_mailed(account=account.id, secret=secret, office=None)

    at_once(*(partial(take, secret) for secret in told))
    assert Membership.objects.using(OWNER).filter(account=account).count() == 1
    assert (
        Mandate.objects.using(OWNER).filter(organisation=garage.organisation.id, accepted_by=account.id).count() == 3
    )


def test_who_gives_a_mandate_never_acts_by_it(garage: Garage, visser: Office) -> None:
    """Else the right to give mandates were every right of the company, without the mark of one given to oneself."""
    owner = offices.owner_of(garage)
    account, told = owner.account_id, list[str]()
    offices.offer(owner, "kees@elders.example", rights=[VIEW, REGISTER], told=told)
    with enter(Scope(ActorKind.ACCOUNT, garage.portal.id, account)):
        assert answering.accept_mailed(account=account, secret=told[0], office=None) is None
    offices.mandate(owner, visser, rights=[VIEW, REGISTER])
    there = world.membership(visser.organisation, owner.account, rights=[offices.ACT], name="Kees Bos")
    assert offices.rights_for(there, garage.organisation) is None
    assert offices.rights_for(visser.clerk, garage.organisation) == {(VIEW, None), (REGISTER, None)}


def test_revoked_within_a_request_leaves_that_request_whole(
    garage: Garage, owner: Membership, visser: Office
) -> None:
    """What was begun before stands, what comes after is refused: there is no half."""
    given = offices.mandate(owner, visser, rights=[VIEW, REGISTER])
    with enter(Scope(ActorKind.ACCOUNT, garage.portal.id, visser.clerk.account_id)):
        assert (
            acts_for(visser.clerk.account_id, office=visser.organisation.id, client=garage.organisation.id)
            is not None
        )
        at_once(partial(offices.end, owner, given.id))
        transaction.set_rollback(True)
    assert offices.rights_for(visser.clerk, garage.organisation) is None


def test_jobs_settle_the_calendar_and_let_go_of_mailboxes(garage: Garage, owner: Membership, visser: Office) -> None:
    given = offices.mandate(owner, visser)
    ahead = offices.mandate(owner, visser, purpose="later", starts=offices.today(garage.portal) + days(2))
    offices.shift(given.id, starts=-9, ends=0)
    settle.run(portal=garage.portal.id)
    assert offices.reached(visser.organisation) == set()
    offices.shift(ahead.id, starts=0)
    settle.run(portal=garage.portal.id)
    assert offices.reached(visser.organisation) == {garage.organisation.id}
    old = offices.offer(owner, "lang@geleden.example")
    Mandate.objects.using(OWNER).filter(id=old.id).update(expires_at=timezone.now() - days(100))
    forget.run(portal=garage.portal.id)
    row = Mandate.objects.using(OWNER).get(id=old.id)
    assert (row.addressed_to, row.withdrawn_at is None) == ("", False)
