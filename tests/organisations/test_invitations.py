"""Inviting a colleague, and what who was invited does with it."""

import re
from datetime import timedelta
from functools import partial

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from remise.accounts.models import Account, Person
from remise.core.errors import BrokenRule, NotVisible
from remise.core.models import Event
from remise.core.scope import ActorKind, Scope, enter
from remise.organisations.invitations import actions
from remise.organisations.models import Invitation, Membership
from remise.organisations.tasks import forget
from tests import jobs, sessions, world
from tests.accounts.visiting import PASSWORD, Visitor, path_in, text_of
from tests.journeys.server import Mailbox
from tests.organisations.company import MANAGE, REGISTER, VIEW, Company, company, held_by
from tests.races import at_once
from tests.world import OWNER

INVITE = reverse("invitations:invite")
OVERVIEW = reverse("invitations:overview")


@pytest.fixture
def email() -> str:
    return f"new-{world.unique()}@example.test"


@pytest.fixture
def visitor(garage: Company, mailbox: Mailbox) -> Visitor:
    return Visitor(garage.portal, mailbox)


def invite(garage: Company, to: str, **said: str) -> HttpResponse:
    sent = {"name": "Joost Vries", "email": to, "role": "sales", "branch": str(garage.zwolle.id)} | said
    return garage.client(garage.owner).post(INVITE, sent)  # type: ignore[return-value]


def status_of(client: Client, address: str, sent: dict[str, str]) -> int:
    return client.post(address, sent).status_code


def link(mailbox: Mailbox, email: str) -> str:
    """The path of the page behind the newest mailed link."""
    return path_in(mailbox.newest(email))


def secret_of(path: str) -> str:
    found = re.fullmatch(r"/invitations/for/([\w-]{43})/", path)
    assert found, path
    return found[1]


def only(garage: Company) -> Invitation:
    return Invitation.objects.using(OWNER).get(organisation=garage.organisation.id)


def expire(garage: Company) -> None:
    Invitation.objects.using(OWNER).filter(organisation=garage.organisation.id).update(expires_at=timezone.now())


def take_steps(visitor: Visitor, path: str) -> HttpResponse:
    """From the invitation to the account; the answer to the last button."""
    who = {"given_name": "Joost", "infix": "de", "surname": "Vries", "phone": "06 12345678"}
    assert visitor.client.post(f"{path}you", who).status_code == 302
    assert visitor.client.post(f"{path}account", {"password": PASSWORD}).status_code == 302
    assert visitor.client.post(f"{path}preferences", {"language": "nl"}).status_code == 302
    assert "<dd>Dutch " in visitor.client.get(f"{path}check").content.decode()
    return visitor.client.post(f"{path}check")  # type: ignore[return-value]


def colleague(garage: Company, email: str) -> Membership:
    return Membership.objects.using(OWNER).get(organisation=garage.organisation.id, account__email=email)


# --- inviting


def test_invite_sends_one_mail_with_a_link(garage: Company, mailbox: Mailbox, email: str) -> None:
    assert invite(garage, email).status_code == 302
    mail = mailbox.newest(email)
    assert secret_of(link(mailbox, email))
    assert "Kees Bos" in str(mail["Subject"])
    one = only(garage)
    assert (one.email, one.display_name, one.sent) == (email, "Joost Vries", 1)
    assert [garage.zwolle.id] == sorted({branch for _right, branch in one.rights})
    page = garage.client(garage.owner).get(OVERVIEW).content.decode()
    assert "Joost Vries" in page
    assert email in page


def test_secret_reaches_the_mailbox_and_nobody_else(
    garage: Company, mailbox: Mailbox, email: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither page, nor API, nor log, nor any table shows it to who invites."""
    client = garage.client(garage.owner)
    sent = {"name": "Joost Vries", "email": email, "role": "sales", "branch": "0"}
    answers = [
        client.post(INVITE, sent, follow=True),
        client.get(OVERVIEW),
        client.get(reverse("organisations:people")),
    ]
    secret = secret_of(link(mailbox, email))
    assert all(secret not in answer.content.decode() for answer in answers)
    assert secret not in caplog.text
    by = sessions.actor_of(garage.owner)
    with enter(by.scope), connection.cursor() as cursor:
        cursor.execute(
            "select table_name from information_schema.table_privileges"
            " where grantee = 'remise_member' and privilege_type = 'SELECT' and table_schema = 'public'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'select count(*) from "{table}" t where strpos(t::text, %s) > 0', [secret])
            assert cursor.fetchone() == (0,), table


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "Fill in the name."),
        ("email", "joost", "This is no e-mail address."),
        ("email", "", "Fill in the e-mail address."),
        ("role", "", "Choose what your colleague may do."),
        ("role", "king", "Select a valid choice"),
    ],
)
def test_invite_says_what_is_wrong_beside_the_field(
    garage: Company, email: str, field: str, value: str, words: str
) -> None:
    answer = invite(garage, email, **{field: value})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Invitation.objects.using(OWNER).filter(organisation=garage.organisation.id).exists()


def test_invite_twice_says_so(garage: Company, email: str) -> None:
    assert invite(garage, email).status_code == 302
    answer = invite(garage, email.upper())
    assert answer.status_code == 422
    assert "is invited already" in answer.content.decode()


def test_invite_who_works_here_says_so_beside_the_field(garage: Company) -> None:
    for colleague in (garage.owner, garage.salesman):
        answer = invite(garage, colleague.account.email.upper())
        assert answer.status_code == 422
        assert "works here already" in answer.content.decode()
    assert not Invitation.objects.using(OWNER).filter(organisation=garage.organisation.id).exists()


def test_invite_tells_nothing_of_who_works_elsewhere_or_left(garage: Company) -> None:
    other = company(at=garage.portal, name="Autobedrijf Vos")
    assert invite(garage, other.owner.account.email).status_code == 302
    garage.end(garage.salesman)
    assert invite(garage, garage.salesman.account.email).status_code == 302


def test_invite_at_once_makes_one(garage: Company, mailbox: Mailbox, email: str) -> None:
    clients = [garage.client(garage.owner) for _ in range(4)]
    sent = {"name": "Joost Vries", "email": email, "role": "none", "branch": "0"}
    calls = [partial(status_of, client, INVITE, sent) for client in clients]
    assert sorted(at_once(*calls)) == [302, 422, 422, 422]
    assert len([mail for mail in mailbox.delivered() if email in str(mail["To"])]) == 1


def test_invite_needs_the_right_to_manage(garage: Company, email: str) -> None:
    client = garage.client(garage.salesman)
    assert client.get(INVITE).status_code == 403
    assert client.get(OVERVIEW).status_code == 403
    assert client.post(INVITE, {"name": "J", "email": email, "role": "none", "branch": "0"}).status_code == 403
    assert invite(garage, email).status_code == 302
    for verb in ("again", "withdraw"):
        assert client.post(reverse(f"invitations:{verb}", args=[only(garage).id])).status_code == 403


def test_invitation_of_another_company_does_not_exist(garage: Company, email: str) -> None:
    invite(garage, email)
    other = company(at=garage.portal, name="Autobedrijf Vos")
    client = other.client(other.owner)
    for verb in ("again", "withdraw"):
        assert client.post(reverse(f"invitations:{verb}", args=[only(garage).id])).status_code == 404
    assert email not in client.get(OVERVIEW).content.decode()


def test_invitations_end_at_so_many_an_hour(garage: Company) -> None:
    by = sessions.actor_of(garage.owner)
    refused = []
    with enter(by.scope):
        for _ in range(61):
            try:
                actions.invite_colleague(
                    by=by,
                    email=f"n{world.unique()}@example.test",
                    name="J",
                    rights=[],
                    days=7,
                    tell=lambda _one, _secret: None,
                )
            except BrokenRule as error:
                refused.append(error.code)
    assert refused == ["too_often"]


# --- a new account


def test_f016_steps_make_one_account_that_works_for_the_company(
    garage: Company, visitor: Visitor, mailbox: Mailbox, email: str
) -> None:
    invite(garage, email)
    path = link(mailbox, email)
    assert "Work with Garage De Brug" in visitor.client.get(path).content.decode()
    assert take_steps(visitor, path).status_code == 302
    made = colleague(garage, email)
    assert made.display_name == "Joost Vries"
    assert {right for right, _branch in held_by(made)} == {VIEW, REGISTER, "cards.request"}
    assert {branch for _right, branch in held_by(made)} == {garage.zwolle.id}
    person = Person.objects.using(OWNER).get(account__email=email)
    assert (str(person), person.phone) == ("Joost de Vries", "06 12345678")
    assert Account.objects.using(OWNER).get(email=email).language == "nl"
    (event,) = garage.events("membership.began")
    assert (event.account, event.subject) == (made.account_id, made.id)
    assert email not in str(event.after)
    answer = visitor.sign_in(email)
    assert answer.status_code == 302, answer.content


def test_f016_going_back_keeps_what_was_typed(
    garage: Company, visitor: Visitor, mailbox: Mailbox, email: str
) -> None:
    invite(garage, email)
    path = link(mailbox, email)
    visitor.client.post(f"{path}you", {"given_name": "Joost", "infix": "de", "surname": "Vries", "phone": ""})
    page = visitor.client.get(f"{path}you").content.decode()
    assert 'value="Joost"' in page
    assert 'value="de"' in page
    assert visitor.client.get(f"{path}check").headers["Location"] == f"{path}account"
    visitor.client.post(f"{path}account", {"password": PASSWORD})
    with enter(Scope(ActorKind.PUBLIC, garage.portal.id)):
        kept = str(dict(visitor.client.session))
    assert "newcomer" in kept
    assert "Joost" not in kept
    assert PASSWORD not in kept
    assert PASSWORD not in visitor.client.get(f"{path}account").content.decode()


def test_f016_last_step_twice_at_once_makes_one_account(
    garage: Company, visitor: Visitor, mailbox: Mailbox, email: str
) -> None:
    invite(garage, email)
    path = link(mailbox, email)
    take = {"given_name": "Joost", "surname": "Vries"}
    visitor.client.post(f"{path}you", take)
    visitor.client.post(f"{path}account", {"password": PASSWORD})
    visitor.client.post(f"{path}preferences", {"language": "nl"})

    def press() -> int:
        again = Visitor(garage.portal, mailbox)
        again.client.cookies = visitor.client.cookies
        return again.client.post(f"{path}check").status_code

    assert at_once(*[press] * 4) == [302] * 4
    assert Account.objects.using(OWNER).filter(email=email).count() == 1
    assert len(garage.events("membership.began")) == 1


def test_weak_password_is_refused_beside_its_field(
    garage: Company, visitor: Visitor, mailbox: Mailbox, email: str
) -> None:
    invite(garage, email)
    path = link(mailbox, email)
    visitor.client.post(f"{path}you", {"given_name": "Joost", "surname": "Vries"})
    answer = visitor.client.post(f"{path}account", {"password": "kort"})
    assert answer.status_code == 422
    assert "too short" in answer.content.decode()


def test_account_that_was_only_asked_for_is_made_without_what_stood_there(
    garage: Company, visitor: Visitor, mailbox: Mailbox, email: str
) -> None:
    stranger = Visitor(garage.portal, mailbox)
    stranger.sign_up(email)
    mailbox.reset()
    invite(garage, email)
    assert take_steps(visitor, link(mailbox, email)).status_code == 302
    assert visitor.sign_in(email).status_code == 302
    assert colleague(garage, email).state == "active"


# --- an account that one has


def test_f017_existing_account_is_linked_and_no_second_one_made(
    garage: Company, mailbox: Mailbox, email: str
) -> None:
    other = company(at=garage.portal, name="Autobedrijf Vos")
    invite(garage, email)
    path = link(mailbox, email)
    client = other.client(other.salesman)
    assert other.salesman.account.email in client.get(path).content.decode()
    before = Account.objects.using(OWNER).count()
    assert client.post(f"{path}accept").status_code == 302
    assert Account.objects.using(OWNER).count() == before
    made = Membership.objects.using(OWNER).get(organisation=garage.organisation.id, account=other.salesman.account_id)
    assert (VIEW, garage.zwolle.id) in held_by(made)
    home = client.get("/").content.decode()
    assert "Garage De Brug" in home
    assert "Autobedrijf Vos" in home


def test_who_invited_reads_which_other_address_accepted(garage: Company, mailbox: Mailbox, email: str) -> None:
    """The link was meant for one mailbox: it was passed on, or the person has two."""
    other = company(at=garage.portal, name="Autobedrijf Vos")
    invite(garage, email)
    path, theirs = link(mailbox, email), other.salesman.account.email
    client = other.client(other.salesman)
    page = client.get(path).content.decode()
    assert f"The invitation was sent to {email}." in page
    client.post(f"{path}accept")
    jobs.work_off()
    mail = mailbox.newest(garage.owner.account.email)
    assert mail["Subject"] == "Joost Vries heeft met een ander adres aanvaard"  # who never chose: the portal's own
    text = text_of(mail)
    assert email in text
    assert theirs in text
    person = garage.client(garage.owner).get(path_in(mail)).content.decode()
    assert theirs in person


def test_accepted_as_invited_is_told_to_nobody(garage: Company, mailbox: Mailbox) -> None:
    other = company(at=garage.portal, name="Autobedrijf Vos")
    email = other.salesman.account.email
    invite(garage, email.capitalize())
    path = link(mailbox, email.capitalize())
    assert "The invitation was sent to" not in other.client(other.salesman).get(path).content.decode()
    other.client(other.salesman).post(f"{path}accept")
    jobs.work_off()
    assert [mail["To"] for mail in mailbox.delivered()] == [email.capitalize()]


def test_f017_one_factor_links_nothing(garage: Company, mailbox: Mailbox, email: str) -> None:
    other = company(at=garage.portal, name="Autobedrijf Vos")
    invite(garage, email)
    path = link(mailbox, email)
    client = sessions.client_of(other.salesman, garage.portal, factors=1)
    assert client.post(f"{path}accept").status_code == 302
    assert only(garage).accepted_at is None


def test_address_that_has_an_account_signs_in_with_it(garage: Company, visitor: Visitor, mailbox: Mailbox) -> None:
    known = world.account(password=PASSWORD)
    invite(garage, known.email)
    path = link(mailbox, known.email)
    assert f"{path}you" not in visitor.client.get(path).content.decode()
    assert visitor.client.get(f"{path}you").headers["Location"] == path


def test_who_left_comes_back_with_the_rights_of_the_invitation(garage: Company, mailbox: Mailbox) -> None:
    garage.grant(garage.salesman, VIEW)
    garage.end(garage.salesman)
    invite(garage, garage.salesman.account.email, role="none")
    client = sessions.client_of(garage.salesman.account, garage.portal)
    assert client.post(f"{link(mailbox, garage.salesman.account.email)}accept").status_code == 302
    back = Membership.objects.using(OWNER).get(id=garage.salesman.id)
    assert (back.state, back.display_name, held_by(back)) == ("active", "Joost Vries", set())


def test_accept_at_once_makes_one_colleague(garage: Company, mailbox: Mailbox, email: str) -> None:
    other = company(at=garage.portal, name="Autobedrijf Vos")
    invite(garage, email)
    path = link(mailbox, email)
    clients = [other.client(other.salesman) for _ in range(4)]
    calls = [partial(status_of, client, f"{path}accept", {}) for client in clients]
    assert sorted(at_once(*calls))[0] == 200  # told that it was accepted
    found = Membership.objects.using(OWNER).filter(
        organisation=garage.organisation.id, account=other.salesman.account_id
    )
    assert found.count() == 1
    assert len(garage.events("membership.began")) == 1


# --- when it does not hold


def test_f015_expired_invitation_offers_to_ask_for_a_new_one(
    garage: Company, visitor: Visitor, mailbox: Mailbox, email: str
) -> None:
    invite(garage, email)
    path = link(mailbox, email)
    expire(garage)
    assert "has expired" in visitor.client.get(path).content.decode()
    assert visitor.client.get(f"{path}you").headers["Location"] == path
    assert visitor.client.post(f"{path}ask-again").status_code == 302
    asked = only(garage).asked_again_at
    visitor.client.post(f"{path}ask-again")
    assert asked is not None
    assert only(garage).asked_again_at == asked
    client = garage.client(garage.owner)
    assert "asks for a new one" in client.get(OVERVIEW).content.decode()
    assert "asks for a new invitation" in client.get("/").content.decode()
    assert client.post(reverse("invitations:again", args=[only(garage).id])).status_code == 302
    assert visitor.client.get(path).status_code == 404  # the old link is dead
    newer = link(mailbox, email)
    assert "Work with Garage De Brug" in visitor.client.get(newer).content.decode()


def test_f015_withdrawn_invitation_opens_nothing(
    garage: Company, visitor: Visitor, mailbox: Mailbox, email: str
) -> None:
    invite(garage, email)
    path = link(mailbox, email)
    client = garage.client(garage.owner)
    assert client.post(reverse("invitations:withdraw", args=[only(garage).id])).status_code == 302
    assert "was withdrawn" in visitor.client.get(path).content.decode()
    other = company(at=garage.portal, name="Autobedrijf Vos")
    accepting = other.client(other.salesman)
    assert "was withdrawn" in accepting.post(f"{path}accept").content.decode()
    assert invite(garage, email).status_code == 302  # may be invited again


def test_decline_is_seen_by_who_invited(garage: Company, visitor: Visitor, mailbox: Mailbox, email: str) -> None:
    invite(garage, email)
    path = link(mailbox, email)
    visitor.client.post(f"{path}decline")
    assert "You declined" in visitor.client.get(path).content.decode()
    assert "Declined" in garage.client(garage.owner).get(OVERVIEW).content.decode()


def test_unknown_link_is_one_friendly_page_and_ends_at_so_many(visitor: Visitor) -> None:
    answers = [visitor.client.get(f"/invitations/for/{'x' * 43}/").status_code for _ in range(31)]
    assert answers == [404] * 30 + [429]


def test_link_of_another_insurer_opens_nothing(garage: Company, mailbox: Mailbox, email: str) -> None:
    invite(garage, email)
    elsewhere = Visitor(world.portal(), mailbox)
    assert elsewhere.client.get(link(mailbox, email)).status_code == 404


def test_accept_for_another_account_than_the_scope_does_nothing(
    garage: Company, mailbox: Mailbox, email: str
) -> None:
    invite(garage, email)
    secret = secret_of(link(mailbox, email))
    other = world.account()
    with enter(Scope(ActorKind.ACCOUNT, garage.portal.id, garage.owner.account_id)):
        assert actions.accept(account=other.pk, secret=secret) is None


def test_second_open_invitation_is_refused_by_the_table(garage: Company, email: str) -> None:
    invite(garage, email)
    one = only(garage)
    copy = {"portal": one.portal, "organisation": one.organisation, "invited_by": one.invited_by, "email": email}
    with pytest.raises(DatabaseError), transaction.atomic(using=OWNER):
        Invitation.objects.using(OWNER).create(
            **copy, secret_sha="0" * 64, expires_at=timezone.now() + timedelta(days=1)
        )


def test_events_name_nobody(garage: Company, email: str) -> None:
    invite(garage, email)
    said = Event.objects.using(OWNER).filter(organisation=garage.organisation.id, kind__startswith="invitation")
    assert all(email not in str(event.after) and "Joost" not in str(event.after) for event in said)


def test_giving_rights_by_invitation_needs_rights_that_exist(garage: Company, email: str) -> None:
    by = sessions.actor_of(garage.owner)
    for rights in ([("desk.decide", None)], [(MANAGE, garage.zwolle.id)], [(VIEW, 0)]):
        with enter(by.scope), pytest.raises((NotVisible, BrokenRule)):
            actions.invite_colleague(
                by=by, email=email, name="J", rights=rights, days=7, tell=lambda _one, _secret: None
            )


@pytest.mark.parametrize("ended", ["accepted_at", "declined_at", "withdrawn_at", "expires_at"])
def test_who_was_invited_is_let_go_of(garage: Company, mailbox: Mailbox, email: str, ended: str) -> None:
    invite(garage, email)
    one = Invitation.objects.using(OWNER).filter(organisation=garage.organisation.id)
    for days, kept in ((89, True), (91, False)):
        values: dict[str, object] = {ended: timezone.now() - timedelta(days=days)}
        if ended == "accepted_at":
            values["membership"] = garage.salesman.id
        one.update(**values)
        forget.run(portal=garage.portal.id)
        assert (only(garage).email == email) is kept
        assert bool(only(garage).display_name) is kept
    assert invite(garage, email).status_code == 302
