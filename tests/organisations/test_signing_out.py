"""Somebody is signed out everywhere at this insurer: colleagues by the administrator, administrators by the desk."""

import pytest
from django.contrib.messages import get_messages
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from remise.accounts.models import Account, OpenSession
from remise.core.actor import Assurance
from remise.core.doors import rows
from remise.core.models import Event
from remise.core.scope import enter
from remise.organisations.models import Membership
from remise.organisations.rights import LetInRight, OrganisationRight
from tests import jobs, world
from tests.accounts.visiting import PASSWORD, Visitor, code_of, text_of
from tests.journeys.server import Mailbox
from tests.sessions import actor_of, client_of
from tests.world import OWNER, Garage

MANAGES: list[str] = [OrganisationRight.MANAGE_USERS]
LETS_IN: list[str] = [LetInRight.LET_IN]


@pytest.fixture
def garage() -> Garage:
    made = world.garage()
    world.in_english(made.portal)
    return made


@pytest.fixture
def owner(garage: Garage) -> Membership:
    return world.member(garage.organisation, rights=MANAGES, name="Kees Bos", password=PASSWORD, coupled=True)


@pytest.fixture
def colleague(garage: Garage) -> Membership:
    return world.member(garage.organisation, rights=[], name="Piet Vos", password=PASSWORD, coupled=True)


def signed_in(who: Membership, garage: Garage, mailbox: Mailbox, *, periods: int = 0) -> Visitor:
    visitor = Visitor(garage.portal, mailbox)
    visitor.sign_in(who.account.email)
    assert visitor.post("mfa_authenticate", code=code_of(periods=periods)).status_code == 302
    return visitor


def sign_out(by: Membership, whom: Membership, garage: Garage, *, at: str = "organisations") -> tuple[int, str]:
    """The answer, and what the next page says first."""
    client = client_of(by, garage.portal)
    answer = client.post(reverse(f"{at}:sign_out", args=[whom.id]))
    said = client.get(answer["Location"]) if answer.status_code == 302 else answer
    return answer.status_code, " ".join(str(one) for one in get_messages(said.wsgi_request))


def told(whom: Membership) -> list[Event]:
    return list(Event.objects.using(OWNER).filter(kind="membership.signed_out", subject=whom.id).order_by("id"))


def test_administrator_signs_a_colleague_out_in_every_browser(
    garage: Garage, owner: Membership, colleague: Membership, mailbox: Mailbox
) -> None:
    browsers = [signed_in(colleague, garage, mailbox, periods=number) for number in range(2)]
    assert [one.client.get("/").status_code for one in browsers] == [200, 200]
    client = client_of(owner, garage.portal)
    assert client.post(reverse("organisations:sign_out", args=[colleague.id])).status_code == 302
    page = client.get(reverse("organisations:person", args=[colleague.id])).content.decode()
    assert "Piet Vos is signed out everywhere." in page
    assert "<b>Kees Bos</b> signed <b>Piet Vos</b> out everywhere" in page
    for one in browsers:
        assert one.assurance() is Assurance.NONE
        out = one.client.get("/")["Location"]
        assert out.startswith(reverse("account_login"))
        assert "signed out everywhere by who gives rights" in one.client.get(out).content.decode()
    [event] = told(colleague)
    assert (event.account, event.organisation, event.after) == (
        owner.account_id,
        garage.organisation.id,
        {"how": "administrator"},
    )
    jobs.work_off()
    mail = mailbox.newest(colleague.account.email)
    assert mail["Subject"] == "You were signed out at Koetspoort"
    assert reverse("account_login") in text_of(mail)
    assert reverse("account_reset_password") in text_of(mail)


def test_who_was_signed_out_signs_in_again(
    garage: Garage, owner: Membership, colleague: Membership, mailbox: Mailbox
) -> None:
    signed_in(colleague, garage, mailbox)
    sign_out(owner, colleague, garage)
    assert signed_in(colleague, garage, mailbox, periods=1).assurance() is Assurance.TWO_FACTORS


def test_sessions_of_others_go_on(garage: Garage, owner: Membership, colleague: Membership, mailbox: Mailbox) -> None:
    other = world.member(garage.organisation, rights=[], name="Anna Smit", password=PASSWORD, coupled=True)
    signed_in(colleague, garage, mailbox)
    beside = signed_in(other, garage, mailbox)
    sign_out(owner, colleague, garage)
    assert beside.client.get("/").status_code == 200


def test_sessions_at_another_insurer_go_on(
    garage: Garage, owner: Membership, colleague: Membership, mailbox: Mailbox
) -> None:
    elsewhere = world.garage()
    world.membership(elsewhere.organisation, colleague.account, rights=[], name="Piet Vos")
    there = signed_in(colleague, elsewhere, mailbox)
    assert sign_out(owner, colleague, garage)[1] == "Piet Vos is signed in nowhere."
    here = signed_in(colleague, garage, mailbox, periods=1)
    assert sign_out(owner, colleague, garage)[1] == "Piet Vos is signed out everywhere."
    assert (here.assurance(), there.assurance()) == (Assurance.NONE, Assurance.TWO_FACTORS)
    assert Account.objects.using(OWNER).get(pk=colleague.account_id).trust == 0  # nor is what it knows of browsers


def test_second_click_and_who_is_signed_in_nowhere_change_nothing(
    garage: Garage, owner: Membership, colleague: Membership, mailbox: Mailbox
) -> None:
    signed_in(colleague, garage, mailbox)
    said = [sign_out(owner, colleague, garage)[1] for _ in range(2)]
    assert said == ["Piet Vos is signed out everywhere.", "Piet Vos is signed in nowhere."]
    assert len(told(colleague)) == 1
    jobs.work_off()
    mails = [str(mail["Subject"]) for mail in mailbox.delivered() if colleague.account.email in str(mail["To"])]
    assert mails.count("You were signed out at Koetspoort") == 1


def test_session_that_ran_out_is_not_told_as_open(
    garage: Garage, owner: Membership, colleague: Membership, mailbox: Mailbox
) -> None:
    signed_in(colleague, garage, mailbox)
    key = OpenSession.objects.using(OWNER).get(account=colleague.account_id).key
    Session.objects.using(OWNER).filter(session_key=key).update(expire_date=timezone.now())
    assert sign_out(owner, colleague, garage)[1] == "Piet Vos is signed in nowhere."
    assert told(colleague) == []


def test_colleague_without_the_right_cannot(garage: Garage, colleague: Membership, mailbox: Mailbox) -> None:
    other = world.member(garage.organisation, rights=["vehicles.view"])
    here = signed_in(colleague, garage, mailbox)
    assert sign_out(other, colleague, garage)[0] == 403
    assert here.assurance() is Assurance.TWO_FACTORS


def test_administrator_is_signed_out_by_the_desk_alone(garage: Garage, owner: Membership, mailbox: Mailbox) -> None:
    """Two who throw each other out would leave the company to whoever is faster."""
    other = world.member(garage.organisation, rights=MANAGES, name="Bram Kok")
    desk = world.member(world.insurer(garage.portal), rights=LETS_IN, name="Mirjam")
    here = signed_in(owner, garage, mailbox)
    shown = client_of(other, garage.portal).get(reverse("organisations:person", args=[owner.id])).content.decode()
    assert reverse("organisations:sign_out", args=[owner.id]) not in shown
    assert garage.portal.desk_phone in shown
    for by in (other, owner):
        assert "insurer's desk" in sign_out(by, owner, garage)[1]
    assert here.assurance() is Assurance.TWO_FACTORS

    queue = client_of(desk, garage.portal).get(reverse("locked_out:queue"), {"q": "kees"}).content.decode()
    assert reverse("locked_out:sign_out", args=[owner.id]) in queue
    assert sign_out(desk, owner, garage, at="locked_out")[1] == "Kees Bos is signed out everywhere."
    assert here.assurance() is Assurance.NONE
    assert [(event.account, event.after) for event in told(owner)] == [(desk.account_id, {"how": "desk"})]


def test_desk_finds_those_whom_it_may_help(garage: Garage, owner: Membership, colleague: Membership) -> None:
    insurer = world.insurer(garage.portal)
    desk = world.member(insurer, rights=[*LETS_IN, *MANAGES], name="Mirjam Bos")
    other = world.garage()
    world.member(other.organisation, rights=MANAGES, name="Kees Bos")
    client = client_of(desk, garage.portal)

    def found(search: str) -> list[int]:
        page = client.get(reverse("locked_out:queue"), {"q": search}).content.decode()
        people = Membership.objects.using(OWNER).all()
        return [one.id for one in people if reverse("locked_out:sign_out", args=[one.id]) in page]

    assert found("bos") == [owner.id]  # not oneself, and nobody at another insurer
    assert found(garage.organisation.name) == [owner.id]
    assert found("piet") == found("b") == found("") == []


def test_desk_leaves_colleagues_to_their_administrator(
    garage: Garage, owner: Membership, colleague: Membership, mailbox: Mailbox
) -> None:
    desk = world.member(world.insurer(garage.portal), rights=LETS_IN)
    here = signed_in(colleague, garage, mailbox)
    assert sign_out(desk, colleague, garage, at="locked_out")[0] == 404
    assert here.assurance() is Assurance.TWO_FACTORS
    assert owner.id


def test_desk_signs_out_who_has_no_administrator(garage: Garage, colleague: Membership, mailbox: Mailbox) -> None:
    desk = world.member(world.insurer(garage.portal), rights=LETS_IN)
    here = signed_in(colleague, garage, mailbox)
    page = client_of(desk, garage.portal).get(reverse("locked_out:queue"), {"q": "piet"}).content.decode()
    assert reverse("locked_out:sign_out", args=[colleague.id]) in page
    assert sign_out(desk, colleague, garage, at="locked_out")[1] == "Piet Vos is signed out everywhere."
    assert here.assurance() is Assurance.NONE


def test_administrators_elsewhere_and_other_desks_meet_nobody(
    garage: Garage, owner: Membership, colleague: Membership, mailbox: Mailbox
) -> None:
    here = signed_in(colleague, garage, mailbox)
    stranger = world.member(world.garage(at=garage.portal).organisation, rights=MANAGES)
    elsewhere = world.garage()
    desk = world.member(world.insurer(elsewhere.portal), rights=LETS_IN)
    assert sign_out(stranger, colleague, garage)[0] == 404
    assert sign_out(desk, owner, elsewhere, at="locked_out")[0] == 404
    assert here.assurance() is Assurance.TWO_FACTORS


def test_head_of_the_insurers_people_signs_a_colleague_out(garage: Garage, mailbox: Mailbox) -> None:
    insurer = world.insurer(garage.portal)
    head = world.member(insurer, rights=MANAGES, name="Mirjam")
    colleague = world.member(insurer, rights=[], name="Joris", password=PASSWORD, coupled=True)
    here = signed_in(colleague, garage, mailbox)
    assert sign_out(head, colleague, garage)[1] == "Joris is signed out everywhere."
    assert here.assurance() is Assurance.NONE


def test_door_ends_nothing_for_who_may_not(
    garage: Garage, owner: Membership, colleague: Membership, mailbox: Mailbox
) -> None:
    """Whatever a page would ask it."""
    signed_in(colleague, garage, mailbox)
    reader = world.member(garage.organisation, rights=["vehicles.view"])
    stranger = world.member(world.garage(at=garage.portal).organisation, rights=MANAGES)
    for by in (reader, stranger, colleague):
        with enter(actor_of(by).scope):
            assert rows("select key from sessions_end(%s)", colleague.id) == []
    with enter(actor_of(owner).scope):
        assert rows("select key from sessions_end(%s)", owner.id) == []
    assert OpenSession.objects.using(OWNER).filter(account=colleague.account_id).count() == 1
