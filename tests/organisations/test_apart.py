"""Administering apart: one account, two memberships, each with its own rights (docs/adr/0024)."""

from django.test import Client, override_settings
from django.urls import reverse

from remise.core.scope import ActorKind, Scope, enter
from remise.organisations import actions, selectors
from remise.organisations.models import Grant, Membership
from tests import sessions, world
from tests.accounts.visiting import path_in
from tests.journeys.server import Mailbox
from tests.organisations.company import MANAGE, REGISTER, VIEW, Company, held_by
from tests.races import at_once

routes = override_settings(ROOT_URLCONF="tests.organisations.routes")
PEOPLE = reverse("organisations:people")


def administer(client: Client, *, apart: bool) -> None:
    said = {"apart": "yes" if apart else "no"}
    assert client.post(reverse("organisations:administer"), said)["Location"] == PEOPLE


def both(garage: Company) -> list[Membership]:
    own = Membership.objects.using(world.OWNER).filter(
        organisation=garage.organisation.id, account=garage.owner.account_id
    )
    return list(own.order_by("as_administrator"))


def switch(client: Client, to: Membership) -> None:
    client.post(reverse("organisations:switch"), {"to": str(to.id)})


@routes
def test_administrator_apart_manages_people_and_sees_no_vehicle_until_given(garage: Company) -> None:
    garage.grant(garage.owner, VIEW)
    client = garage.client(garage.owner)
    administer(client, apart=True)
    everyday, apart = both(garage)
    assert (held_by(everyday), held_by(apart)) == ({(VIEW, None)}, {(MANAGE, None)})
    assert client.get(PEOPLE).status_code == 200
    assert client.get("/try/view").status_code == 403
    change = {"change": f"grant:{apart.id}:{VIEW}:"}
    client.post(reverse("organisations:change"), change)
    assert client.get("/try/view").status_code == 200
    (given,) = [event for event in garage.events("right.granted") if event.subject == apart.id]
    assert given.after == {"right": VIEW, "branch": None, "self": True}


def test_right_given_to_ones_own_everyday_work_is_marked_as_given_to_oneself(garage: Company) -> None:
    """The other context is the same person: the history says so."""
    client = garage.client(garage.owner)
    administer(client, apart=True)
    everyday, _apart = both(garage)
    client.post(reverse("organisations:change"), {"change": f"grant:{everyday.id}:{REGISTER}:"})
    assert (REGISTER, None) in held_by(everyday)
    given = [event for event in garage.events("right.granted") if event.subject == everyday.id][-1]
    assert given.after == {"right": REGISTER, "branch": None, "self": True}


@routes
def test_refusal_in_one_context_goes_to_the_other_with_one_click(garage: Company) -> None:
    garage.grant(garage.owner, VIEW)
    client = garage.client(garage.owner)
    administer(client, apart=True)
    everyday, apart = both(garage)
    page = client.get("/try/view").content.decode()
    assert "You are here as administrator now" in page
    there = f"/company/switch?to={everyday.id}&amp;next=%2Ftry%2Fview"
    assert there in page
    assert client.post(there.replace("&amp;", "&"))["Location"] == "/try/view"
    assert client.get("/try/view").status_code == 200
    page = client.get(PEOPLE).content.decode()
    assert "You are in everyday work now" in page
    assert f"to={apart.id}&amp;" in page


def test_together_again_holds_what_both_held(garage: Company) -> None:
    garage.grant(garage.owner, VIEW)
    client = garage.client(garage.owner)
    administer(client, apart=True)
    _everyday, apart = both(garage)
    client.post(reverse("organisations:change"), {"change": f"grant:{apart.id}:{VIEW}:"})
    client.post(reverse("organisations:change"), {"change": f"grant:{apart.id}:{REGISTER}:"})
    administer(client, apart=False)
    everyday, apart = both(garage)
    assert held_by(everyday) == {(MANAGE, None), (VIEW, None), (REGISTER, None)}
    assert (held_by(apart), apart.state) == (set(), "ended")
    administer(client, apart=True)
    everyday, apart = both(garage)
    assert held_by(everyday) == {(VIEW, None), (REGISTER, None)}
    assert (held_by(apart), apart.state) == ({(MANAGE, None)}, "active")


def test_twice_at_once_makes_one_context(garage: Company) -> None:
    clients = [garage.client(garage.owner), garage.client(garage.owner)]
    said = {"apart": "yes"}
    at_once(*(lambda one=one: one.post(reverse("organisations:administer"), said) for one in clients))
    assert [held_by(one) for one in both(garage)] == [set(), {(MANAGE, None)}]


def test_moved_right_keeps_who_gave_it_and_when(garage: Company) -> None:
    before = Grant.objects.using(world.OWNER).get(membership=garage.owner, right=MANAGE)
    administer(garage.client(garage.owner), apart=True)
    after = Grant.objects.using(world.OWNER).get(membership=both(garage)[1], right=MANAGE)
    assert (after.granted_by, after.by_system, after.granted_at) == (
        before.granted_by,
        before.by_system,
        before.granted_at,
    )


def test_last_administrator_apart_cannot_leave(garage: Company) -> None:
    administer(garage.client(garage.owner), apart=True)
    everyday, apart = both(garage)
    client = garage.client(garage.owner)
    switch(client, apart)
    answer = client.post(reverse("organisations:end", args=[everyday.id]), follow=True)
    assert "Somebody must be able to give rights" in answer.content.decode()
    assert [one.state for one in both(garage)] == ["active", "active"]


def test_who_leaves_leaves_both(garage: Company) -> None:
    administer(garage.client(garage.owner), apart=True)
    garage.grant(garage.salesman, MANAGE, by=both(garage)[1])
    garage.end(garage.owner, by=garage.salesman)
    assert [(one.state, held_by(one)) for one in both(garage)] == [("ended", set()), ("ended", set())]
    with enter(sessions.actor_of(garage.salesman).scope):
        actions.erase_colleague(by=sessions.actor_of(garage.salesman), membership=garage.owner.id)
    assert [one.display_name for one in both(garage)] == ["", ""]


def test_without_the_right_nobody_administers_apart(garage: Company) -> None:
    answer = garage.client(garage.salesman).post(reverse("organisations:administer"), {"apart": "yes"})
    assert answer.status_code == 403


def test_job_goes_on_with_the_rights_of_both(garage: Company) -> None:
    garage.grant(garage.owner, VIEW)
    administer(garage.client(garage.owner), apart=True)
    with enter(Scope(ActorKind.SYSTEM, garage.portal.id)):
        own = selectors.membership_in(garage.organisation.id, garage.owner.account_id)
    assert own is not None
    assert (own.id, own.grants) == (garage.owner.id, frozenset({(MANAGE, None), (VIEW, None)}))


def test_who_is_invited_reads_by_whom(garage: Company, mailbox: Mailbox) -> None:
    """By one name, however many memberships bear it."""
    client, email = garage.client(garage.owner), f"nieuw-{world.unique()}@example.test"
    client.post(
        reverse("invitations:invite"),
        {"email": email, "name": "Joost", "role": "sales", "branch": str(garage.zwolle.id)},
    )
    administer(client, apart=True)
    page = Client(HTTP_HOST=f"{garage.portal.slug}.localhost").get(path_in(mailbox.newest(email)))
    assert page.status_code == 200
    assert garage.owner.display_name in page.content.decode()
