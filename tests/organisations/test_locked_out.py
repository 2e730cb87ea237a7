"""Who cannot sign in is let in again by the administrator, an administrator by the desk, and nobody by oneself."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from remise.accounts.models import Block, LostPhone
from remise.core.models import Event
from remise.organisations.models import Membership
from remise.organisations.rights import LetInRight, OrganisationRight
from tests import jobs, world
from tests.accounts.visiting import text_of
from tests.journeys.server import Mailbox
from tests.sessions import client_of
from tests.world import OWNER, Garage

MANAGES: list[str] = [OrganisationRight.MANAGE_USERS]
LETS_IN: list[str] = [LetInRight.LET_IN]


@pytest.fixture
def garage() -> Garage:
    made = world.garage()
    world.in_english(made.portal)
    return made


def blocked(who: Membership) -> Block:
    return Block.objects.using(OWNER).create(account=who.account, since=timezone.now())


def phone_lost(who: Membership) -> LostPhone:
    return LostPhone.objects.using(OWNER).create(account=who.account, at_portal=who.portal, asked_at=timezone.now())


def post(by: Membership, name: str, about: Membership, garage: Garage, **data: str) -> int:
    return int(client_of(by, garage.portal).post(reverse(name, args=[about.id]), data).status_code)


def page(by: Membership, about: Membership, garage: Garage) -> str:
    return str(client_of(by, garage.portal).get(reverse("organisations:person", args=[about.id])).content.decode())


def test_f033_administrator_lets_a_colleague_in_again(garage: Garage, mailbox: Mailbox) -> None:
    owner = world.member(garage.organisation, rights=MANAGES, name="Kees Bos")
    colleague = world.member(garage.organisation, rights=[], name="Piet Vos")
    block = blocked(colleague)
    assert "Blocked since" in page(owner, colleague, garage)
    assert post(owner, "organisations:unblock", colleague, garage) == 302
    block.refresh_from_db(using=OWNER)
    assert (block.how, block.lifted_by) == ("administrator", owner.account_id)
    shown = page(owner, colleague, garage)
    assert "Blocked since" not in shown
    assert "let <b>Piet Vos</b> in again" in shown
    event = Event.objects.using(OWNER).get(kind="membership.unblocked", organisation=garage.organisation.id)
    assert (event.account, event.subject) == (owner.account_id, colleague.id)
    jobs.work_off()
    told = mailbox.newest(colleague.account.email)
    assert told["Subject"] == "You can sign in everywhere again at Koetspoort"


def test_f033_colleague_without_the_right_cannot(garage: Garage) -> None:
    world.member(garage.organisation, rights=MANAGES)
    colleague = world.member(garage.organisation, rights=[])
    block = blocked(colleague)
    other = world.member(garage.organisation, rights=["vehicles.view"])
    assert post(other, "organisations:unblock", colleague, garage) == 403
    block.refresh_from_db(using=OWNER)
    assert block.lifted_at is None


def test_f034_administrator_is_not_let_in_by_a_colleague_or_oneself(garage: Garage) -> None:
    owner, other = (world.member(garage.organisation, rights=MANAGES, name=name) for name in ("Kees", "Bram"))
    block = blocked(owner)
    for by in (other, owner):
        assert "insurer" in page(by, owner, garage)
        assert reverse("organisations:unblock", args=[owner.id]) not in page(by, owner, garage)
        assert post(by, "organisations:unblock", owner, garage) == 302  # with the reason
        block.refresh_from_db(using=OWNER)
        assert block.lifted_at is None


def test_f034_desk_lets_an_administrator_in_after_verification(garage: Garage, mailbox: Mailbox) -> None:
    owner = world.member(garage.organisation, rights=MANAGES, name="Kees Bos")
    desk = world.member(world.insurer(garage.portal), rights=LETS_IN, name="Mirjam")
    block = blocked(owner)
    queue = client_of(desk, garage.portal).get(reverse("locked_out:queue")).content.decode()
    assert "Kees Bos" in queue
    assert garage.organisation.name in queue
    assert post(desk, "locked_out:unblock", owner, garage) == 422  # how does the desk know?
    assert post(desk, "locked_out:unblock", owner, garage, verified="called_back") == 302
    block.refresh_from_db(using=OWNER)
    assert (block.how, block.lifted_by, block.verified) == ("desk", desk.account_id, "called_back")
    event = Event.objects.using(OWNER).get(kind="membership.unblocked", organisation=garage.organisation.id)
    assert (event.account, event.after) == (desk.account_id, {"how": "desk", "verified": "called_back"})
    jobs.work_off()
    assert "sign in everywhere" in mailbox.newest(owner.account.email)["Subject"]


def test_desk_sees_administrators_only(garage: Garage) -> None:
    """Their colleagues are their own matter."""
    desk = world.member(world.insurer(garage.portal), rights=LETS_IN)
    world.member(garage.organisation, rights=MANAGES)
    colleague = world.member(garage.organisation, rights=[], name="Piet Vos")
    blocked(colleague)
    assert "Piet Vos" not in client_of(desk, garage.portal).get(reverse("locked_out:queue")).content.decode()
    assert post(desk, "locked_out:unblock", colleague, garage, verified="called_back") == 404


def test_desk_of_another_insurer_sees_nobody(garage: Garage) -> None:
    owner = world.member(garage.organisation, rights=MANAGES, name="Kees Bos")
    block = blocked(owner)
    other = world.garage()
    desk = world.member(world.insurer(other.portal), rights=LETS_IN)
    assert "Kees Bos" not in client_of(desk, other.portal).get(reverse("locked_out:queue")).content.decode()
    assert post(desk, "locked_out:unblock", owner, other, verified="called_back") == 404
    block.refresh_from_db(using=OWNER)
    assert block.lifted_at is None


def test_administrator_of_another_company_meets_nothing(garage: Garage) -> None:
    colleague = world.member(garage.organisation, rights=[])
    block = blocked(colleague)
    elsewhere = world.garage(at=garage.portal)
    stranger = world.member(elsewhere.organisation, rights=MANAGES)
    assert post(stranger, "organisations:unblock", colleague, garage) == 404
    block.refresh_from_db(using=OWNER)
    assert block.lifted_at is None


def test_page_of_who_gets_in_says_nothing(garage: Garage) -> None:
    owner = world.member(garage.organisation, rights=MANAGES)
    colleague = world.member(garage.organisation, rights=[])
    assert 'id="locked-out"' not in page(owner, colleague, garage)


def test_second_click_hears_that_it_is_done(garage: Garage) -> None:
    owner, colleague = (world.member(garage.organisation, rights=rights) for rights in (MANAGES, []))
    blocked(colleague)
    client = client_of(owner, garage.portal)
    for _ in range(2):
        client.post(reverse("organisations:unblock", args=[colleague.id]))
    shown = client.get(reverse("organisations:person", args=[colleague.id])).content.decode()
    assert "Somebody was faster" in shown
    assert Event.objects.using(OWNER).filter(kind="membership.unblocked", subject=colleague.id).count() == 1


def test_lost_phone_is_confirmed_and_waits(garage: Garage, mailbox: Mailbox) -> None:
    owner = world.member(garage.organisation, rights=MANAGES)
    colleague = world.member(garage.organisation, rights=[])
    lost = phone_lost(colleague)
    assert "Lost the phone" in page(owner, colleague, garage)
    assert post(owner, "organisations:phone_lost", colleague, garage) == 302
    lost.refresh_from_db(using=OWNER)
    assert lost.confirmed_by == owner.account_id
    assert lost.due_at is not None
    assert lost.confirmed_at is not None
    assert lost.due_at - lost.confirmed_at == timedelta(hours=24)
    jobs.work_off()
    assert "/phone-lost/stop/" in text_of(mailbox.newest(colleague.account.email))
    assert post(owner, "organisations:phone_lost", colleague, garage) == 302  # once is enough
    assert LostPhone.objects.using(OWNER).get(pk=lost.pk).due_at == lost.due_at


def test_lost_phone_of_an_administrator_is_the_desks(garage: Garage) -> None:
    owner, other = (world.member(garage.organisation, rights=MANAGES) for _ in range(2))
    desk = world.member(world.insurer(garage.portal), rights=LETS_IN)
    lost = phone_lost(owner)
    post(other, "organisations:phone_lost", owner, garage)
    lost.refresh_from_db(using=OWNER)
    assert lost.confirmed_at is None
    assert post(desk, "locked_out:phone_lost", owner, garage, verified="in_person") == 302
    lost.refresh_from_db(using=OWNER)
    assert (lost.confirmed_by, lost.verified) == (desk.account_id, "in_person")


def test_nobody_at_the_desk_lets_oneself_in(garage: Garage) -> None:
    desk = world.member(world.insurer(garage.portal), rights=[*LETS_IN, *MANAGES])
    block = blocked(desk)
    assert post(desk, "locked_out:unblock", desk, garage, verified="in_person") == 302
    block.refresh_from_db(using=OWNER)
    assert block.lifted_at is None


def test_desk_lets_in_who_works_where_nobody_gives_rights(garage: Garage) -> None:
    desk = world.member(world.insurer(garage.portal), rights=LETS_IN)
    piet, anna = (world.member(garage.organisation, rights=["vehicles.view"], name=name) for name in ("Piet", "Anna"))
    block, lost = blocked(piet), phone_lost(anna)
    queue = client_of(desk, garage.portal).get(reverse("locked_out:queue")).content.decode()
    assert queue.count("This company has no administrator.") == 2
    assert post(desk, "locked_out:unblock", piet, garage, verified="called_back") == 302
    assert post(desk, "locked_out:phone_lost", anna, garage, verified="in_person") == 302
    block.refresh_from_db(using=OWNER)
    lost.refresh_from_db(using=OWNER)
    assert (block.how, block.lifted_by) == ("desk", desk.account_id)
    assert (lost.confirmed_by, lost.verified) == (desk.account_id, "in_person")


def test_who_administers_apart_stands_at_the_desk_once(garage: Garage) -> None:
    owner = world.member(garage.organisation, rights=MANAGES, name="Kees Bos")
    world.was_apart(owner)
    Membership.objects.using(OWNER).filter(account=owner.account).update(state=Membership.State.ACTIVE)
    blocked(owner)
    desk = world.member(world.insurer(garage.portal), rights=LETS_IN)
    queue = client_of(desk, garage.portal).get(reverse("locked_out:queue")).content.decode()
    assert queue.count("Kees Bos") == 1


def home(by: Membership, garage: Garage) -> str:
    return client_of(by, garage.portal).get("/").content.decode()


def test_home_page_names_colleagues_who_cannot_sign_in(garage: Garage) -> None:
    owner = world.member(garage.organisation, rights=MANAGES)
    joost = world.member(garage.organisation, rights=[], name="Joost Vries")
    anna = world.member(garage.organisation, rights=[], name="Anna Smit")
    assert "cannot sign in" not in home(owner, garage)
    blocked(joost)
    phone_lost(anna)
    shown = home(owner, garage)
    assert "Joost Vries cannot sign in" in shown
    assert "Anna Smit cannot sign in" in shown
    assert reverse("organisations:person", args=[joost.id]) in shown
    assert "cannot sign in" not in home(world.member(garage.organisation, rights=["vehicles.view"]), garage)
    post(owner, "organisations:unblock", joost, garage)
    post(owner, "organisations:phone_lost", anna, garage)  # that waits for nobody any more
    assert "cannot sign in" not in home(owner, garage)


def test_home_page_names_three_and_counts_the_others(garage: Garage) -> None:
    owner = world.member(garage.organisation, rights=MANAGES)
    for name in ("Een", "Twee", "Drie", "Vier", "Vijf"):
        blocked(world.member(garage.organisation, rights=[], name=name))
    shown = home(owner, garage)
    assert [f"{name} cannot sign in" in shown for name in ("Een", "Drie", "Vier")] == [True, True, False]
    assert "2 more colleagues cannot sign in" in shown


def test_home_page_names_nobody_of_another_company(garage: Garage) -> None:
    """Also to who gives rights in both."""
    owner = world.member(garage.organisation, rights=MANAGES)
    beside = world.garage(at=garage.portal)
    world.membership(beside.organisation, owner.account, rights=MANAGES, name="Kees Bos")
    blocked(world.member(beside.organisation, rights=[], name="Joost Vries"))
    client = client_of(owner, garage.portal)
    for company, is_told in ((garage.organisation, False), (beside.organisation, True)):
        own = Membership.objects.using(OWNER).get(organisation=company.id, account=owner.account_id)
        client.post(reverse("organisations:switch"), {"to": str(own.id)})
        assert ("Joost Vries cannot sign in" in client.get("/").content.decode()) is is_told


def test_home_page_of_the_desk_counts_administrators(garage: Garage) -> None:
    desk = world.member(world.insurer(garage.portal), rights=[*LETS_IN, *MANAGES])
    blocked(desk)  # oneself is nobody that one lets in
    assert "cannot sign in" not in home(desk, garage)
    kees = world.member(garage.organisation, rights=MANAGES, name="Kees Bos")
    blocked(kees)
    phone_lost(kees)
    assert "1 administrator of a customer cannot sign in" in home(desk, garage)
    beside = world.garage(at=garage.portal)
    blocked(world.member(beside.organisation, rights=[]))
    shown = home(desk, garage)
    assert "2 people at customers cannot sign in" in shown
    assert reverse("locked_out:queue") in shown
    other = world.member(world.insurer(garage.portal, name="Tweede"), rights=["desk.view"])
    assert "cannot sign in" not in home(other, garage)


def test_who_looks_as_a_colleague_is_told_of_nobody(garage: Garage) -> None:
    owner, other = (world.member(garage.organisation, rights=MANAGES) for _ in range(2))
    blocked(world.member(garage.organisation, rights=[], name="Joost Vries"))
    client = client_of(owner, garage.portal)
    assert "Joost Vries cannot sign in" in client.get("/").content.decode()
    client.post(reverse("organisations:preview", args=[other.id]))
    assert "cannot sign in" not in client.get("/").content.decode()
