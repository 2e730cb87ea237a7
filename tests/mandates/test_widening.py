"""Only the company's own people say what a mandate allows: nobody of the office, by whatever page, form or role, and
nobody who acts by it."""

from typing import Any

import pytest
from django.urls import reverse

from remise.core.errors import DomainError
from remise.core.scope import enter
from remise.mandates.actions import answering, giving
from remise.mandates.models import Mandate
from remise.mandates.rights import can_be_mandated
from remise.organisations import actions
from remise.organisations.asking import actions as asking
from remise.organisations.models import AccessRequest, Grant, Membership
from remise.organisations.rights import ROLES, catalogue
from tests import sessions, world
from tests.mandates import offices
from tests.mandates.offices import ACT, CLIENTS, GIVE, REGISTER, VIEW, Office
from tests.onboarding.test_linking import ask as ask_to_join
from tests.onboarding.test_linking import person
from tests.world import OWNER, Garage

WIDER = {"rights": [VIEW, REGISTER], "last_day": "", "everywhere": "on", "branches_all": "on"}


@pytest.fixture
def given(garage: Garage, visser: Office) -> Mandate:
    return offices.mandate(offices.owner_of(garage), visser, branches=[garage.branch.id])


def said_of(mandate: Mandate) -> list[object]:
    mandate.refresh_from_db(using=OWNER)
    return [mandate.rights, mandate.branches, mandate.starts, mandate.ends, mandate.version, mandate.ended_at]


@pytest.mark.parametrize("who", ["head", "clerk"])
def test_who_acts_for_a_client_changes_no_mandate(garage: Garage, visser: Office, given: Mandate, who: str) -> None:
    """By each page and form, also sent by hand with the number of the mandate."""
    before = said_of(given)
    browser = visser.client(getattr(visser, who))
    offices.act(browser, garage.organisation)
    for name in ("overview", "offer"):
        assert browser.get(reverse(f"mandates:{name}")).status_code == 403, name
    form = WIDER | {"to": visser.organisation.kvk, "purpose": "alles", "why": ""}
    assert browser.post(reverse("mandates:offer"), form).status_code == 403
    for name in ("show", "receipt"):
        assert browser.get(reverse(f"mandates:{name}", args=[given.id])).status_code == 403, name
    for name in ("change", "end", "again", "withdraw"):
        made_for = {"for_company": f"{garage.organisation.id}@{visser.organisation.id}"}
        assert browser.post(reverse(f"mandates:{name}", args=[given.id]), form | made_for).status_code == 403, name
    assert said_of(given) == before
    assert Mandate.objects.using(OWNER).filter(organisation=garage.organisation.id).count() == 1


def test_office_answers_and_hands_back_and_says_nothing_else(garage: Garage, visser: Office) -> None:
    """What its own pages take besides is not read."""
    made = offices.offer(offices.owner_of(garage), visser.organisation.kvk or "")
    head = visser.client(visser.head)
    head.post(reverse("clients:accept", args=[made.id]), WIDER)
    assert said_of(made)[:4] == [[VIEW], None, made.starts, None]
    offices.act(head, garage.organisation)
    for name in ("accept", "decline"):
        head.post(reverse(f"clients:{name}", args=[made.id]), WIDER)
    assert said_of(made)[:4] == [[VIEW], None, made.starts, None]
    clerk = visser.client()  # may act, and neither take on nor hand back
    assert clerk.post(reverse("clients:hand_back", args=[made.id]), {"why": ""}).status_code == 403


@pytest.mark.parametrize("role", [role.name for role in ROLES if not role.staff])
def test_no_role_gives_an_office_what_the_company_keeps(
    garage: Garage, visser: Office, given: Mandate, role: str
) -> None:
    """Nor does a row or a tier in which it stands."""
    rights = [str(entry.right) for one in ROLES if one.name == role for entry in one.entries()]
    Mandate.objects.using(OWNER).filter(id=given.id).update(rights=rights, branches=None)
    tier = offices.tier(garage.portal, f"t{world.number()}", 1, opens=True, rights=rights)
    garage.policy.agent = offices.intermediary(visser, tier)
    garage.policy.save(using=OWNER)
    held = {right for right, _branch in offices.acts_as(visser, garage.organisation.id).grants}
    assert held == {right for right in rights if can_be_mandated(catalogue[right].right)}
    assert not held & {GIVE, CLIENTS, ACT, "users.manage", "tokens.manage"}


def test_who_acts_for_a_client_gives_nobody_a_right(garage: Garage, visser: Office, given: Mandate) -> None:
    """Neither a role, nor a click in the matrix, nor a yes to who asks for a right or to join."""
    Mandate.objects.using(OWNER).filter(id=given.id).update(
        rights=[entry.right for entry in catalogue], branches=None
    )
    colleague = world.member(garage.organisation, rights=[], name="Piet Vos")
    by = sessions.actor_of(colleague)
    with enter(by.scope):
        asked = asking.ask_for_right(by=by, right=GIVE, branch=None, why="", tell=lambda _one: None)
    door = _door(garage)
    world.member(garage.organisation, rights=["users.manage"], name="Kees Bos")
    ask_to_join(door, person(), number=garage.organisation.kvk)
    (case,) = door.cases()
    browser = visser.client()
    offices.act(browser, garage.organisation)
    forms: list[tuple[str, list[int], dict[str, Any]]] = [
        ("organisations:change", [], {"change": f"grant:{colleague.id}:{GIVE}:"}),
        ("organisations:give_role", [colleague.id], {"role": "owner"}),
        ("access:approve", [asked.id], {}),
        ("links:approve", [case.id], {"role": "owner"}),
        ("invitations:invite", [], {"email": "x@example.test", "name": "X", "role": "owner"}),
        ("organisations:preview", [colleague.id], {}),
        ("organisations:administer", [], {"apart": "yes"}),
    ]
    for name, numbers, form in forms:
        answer = browser.post(reverse(name, args=numbers), form)
        assert answer.status_code == 403, (name, answer.status_code)
    assert browser.post(reverse("access:ask"), {"right": GIVE}).status_code == 404
    assert not Grant.objects.using(OWNER).filter(membership=colleague).exists()
    assert AccessRequest.objects.using(OWNER).get(id=asked.id).state == "open"
    assert door.cases()[0].state == "open"


def test_actions_refuse_an_office_whatever_it_holds(garage: Garage, visser: Office, given: Mandate) -> None:
    """As if a rule above had failed: the actor says that it acts from an office."""
    from dataclasses import replace

    colleague = world.member(garage.organisation, rights=[], name="Piet Vos")
    all_rights = frozenset((str(entry.right), None) for entry in catalogue)
    by = replace(offices.acts_as(visser, garage.organisation.id), grants=all_rights)
    wider: dict[str, Any] = {"rights": [VIEW, REGISTER], "branches": None, "last_day": None}
    with enter(by.scope):
        for deed in (
            lambda: giving.change_mandate(by=by, mandate=given.id, **wider),
            lambda: giving.end_mandate(by=by, mandate=given.id),
            lambda: actions.grant_right(by=by, membership=colleague.id, right=GIVE),
            lambda: actions.grant_role(by=by, membership=colleague.id, role="owner"),
        ):
            with pytest.raises(DomainError):
                deed()


def both(garage: Garage, visser: Office) -> tuple[Membership, Membership]:
    """Somebody who gives mandates in the company and acts at the office."""
    inside = world.member(garage.organisation, rights=[GIVE], name="Piet Vos")
    return inside, world.membership(visser.organisation, inside.account, rights=[ACT, CLIENTS], name="Piet Vos")


def test_who_widens_a_colleagues_mandate_never_acts_by_it(garage: Garage, visser: Office, given: Mandate) -> None:
    """Else changing what another gave were a right given to oneself, without its mark; also once somebody changed it
    after that."""
    inside, there = both(garage, visser)
    assert offices.rights_for(there, garage.organisation) == {(VIEW, garage.branch.id)}
    offices.change(inside, given.id, rights=[VIEW, REGISTER], branches=None, last_day=None)
    assert offices.rights_for(there, garage.organisation) is None
    assert offices.rights_for(visser.clerk, garage.organisation) == {(VIEW, None), (REGISTER, None)}
    other = offices.owner_of(garage)
    offices.change(other, given.id, rights=[REGISTER], branches=None, last_day=None)
    assert offices.rights_for(there, garage.organisation) is None
    browser = visser.client(there)
    browser.post(reverse("organisations:switch"), {"to": str(there.id)})
    assert offices.act(browser, garage.organisation).status_code == 404


def test_who_widens_an_offer_does_not_take_it_on(garage: Garage, visser: Office) -> None:
    inside, there = both(garage, visser)
    made = offices.offer(offices.owner_of(garage), visser.organisation.kvk or "")
    offices.change(inside, made.id, rights=[VIEW, REGISTER], branches=None, last_day=None)
    actor = sessions.actor_of(there)
    with enter(actor.scope), pytest.raises(DomainError):
        answering.accept_offer(by=actor, mandate=made.id)
    offices.accept(made, visser.head)
    assert offices.rights_for(there, garage.organisation) is None


def _door(garage: Garage) -> Any:
    from django.core.cache import cache

    from tests.onboarding.door import door

    cache.clear()
    return door(garage.portal)
