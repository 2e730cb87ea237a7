"""What the room tells: own memberships through the door, everybody's rights in a fixed number of queries."""

import pytest
from django.db import ProgrammingError, connection
from django.test.utils import CaptureQueriesContext

from remise.accounts.models import Account
from remise.core.scope import ActorKind, Scope, enter
from remise.organisations import selectors
from remise.organisations.access import visible_branches
from remise.organisations.models import Membership
from remise.organisations.selectors import OwnMembership
from tests import sessions, world
from tests.organisations.company import MANAGE, REGISTER, VIEW, Company, company

doors = pytest.mark.parametrize("kind", [ActorKind.ACCOUNT, ActorKind.SYSTEM])


def told(kind: ActorKind, of: Membership, portal: int) -> tuple[OwnMembership, ...]:
    """What each of the two doors says of this person, asked by who may open it."""
    scope = Scope(kind, portal, of.account_id if kind is ActorKind.ACCOUNT else None)
    with enter(scope):
        own = kind is ActorKind.ACCOUNT
        return selectors.own_memberships() if own else selectors.memberships_of(of.account_id)


@doors
def test_memberships_are_those_at_this_insurer_only(garage: Company, kind: ActorKind) -> None:
    garage.grant(garage.salesman, VIEW, garage.zwolle)
    held = frozenset({(VIEW, garage.zwolle.id)})
    own = OwnMembership(garage.salesman.id, garage.organisation.id, "Garage De Brug", "Sanne de Wit", held)
    assert told(kind, garage.salesman, garage.portal.id) == (own,)
    assert told(kind, garage.salesman, company().portal.id) == ()


@doors
def test_memberships_leave_out_where_one_no_longer_works(garage: Company, kind: ActorKind) -> None:
    garage.end(garage.salesman)
    assert told(kind, garage.salesman, garage.portal.id) == ()


@doors
def test_account_that_is_closed_works_nowhere(garage: Company, kind: ActorKind) -> None:
    Account.objects.using(world.OWNER).filter(id=garage.salesman.account_id).update(is_active=False)
    assert told(kind, garage.salesman, garage.portal.id) == ()


def test_own_memberships_are_of_the_account_in_the_scope_and_of_no_other(garage: Company) -> None:
    """There is nothing to say in the call: whose they are, and at which insurer, is the scope's."""
    with enter(Scope(ActorKind.ACCOUNT, garage.portal.id, garage.owner.account_id)):
        assert [one.id for one in selectors.own_memberships()] == [garage.owner.id]
    with enter(Scope(ActorKind.ACCOUNT, garage.portal.id)):
        assert selectors.own_memberships() == ()


@pytest.mark.parametrize("kind", [kind for kind in ActorKind if kind is not ActorKind.SYSTEM])
def test_nobody_but_the_system_asks_for_another_account(garage: Company, kind: ActorKind) -> None:
    scope = Scope(kind, garage.portal.id, garage.owner.account_id, garage.organisation.id)
    with pytest.raises(ProgrammingError, match="permission denied"), enter(scope):
        selectors.memberships_of(garage.salesman.account_id)


@pytest.mark.parametrize("kind", [kind for kind in ActorKind if kind is not ActorKind.ACCOUNT])
def test_strangers_do_not_open_the_door_of_an_account(garage: Company, kind: ActorKind) -> None:
    scope = Scope(kind, garage.portal.id, garage.owner.account_id, garage.organisation.id)
    with pytest.raises(ProgrammingError, match="permission denied"), enter(scope):
        selectors.own_memberships()


def test_administrators_by_name(garage: Company) -> None:
    with enter(sessions.actor_of(garage.salesman).scope):
        assert selectors.administrators(garage.organisation.id) == ["Kees Bos"]


def test_matrix_shows_who_gave_what_where(garage: Company) -> None:
    garage.grant(garage.salesman, VIEW, garage.deventer)
    with enter(sessions.actor_of(garage.owner).scope):
        found = selectors.matrix(garage.organisation.id)
    assert [place.name for place in found.branches] == ["Deventer", "Zwolle"]
    kees, sanne = found.people
    assert list(kees.held) == [(MANAGE, None)]
    assert [(cell, held.by) for cell, held in sanne.held.items()] == [((VIEW, garage.deventer.id), "Kees Bos")]


def test_matrix_asks_as_often_for_one_as_for_thirty(garage: Company) -> None:
    garage.grant(garage.salesman, VIEW)

    def queries() -> int:
        with enter(sessions.actor_of(garage.owner).scope), CaptureQueriesContext(connection) as asked:
            selectors.matrix(garage.organisation.id)
        return len(asked)

    few = queries()
    for _ in range(28):
        world.member(garage.organisation, rights=[VIEW, REGISTER])
    assert (few, queries()) == (4, 4)


def test_visible_branches(garage: Company) -> None:
    garage.grant(garage.salesman, VIEW, garage.zwolle)
    garage.grant(garage.salesman, REGISTER)
    actor = sessions.actor_of(garage.salesman)
    assert visible_branches(actor, VIEW) == frozenset({garage.zwolle.id})
    assert visible_branches(actor, REGISTER) is None
    assert visible_branches(actor, MANAGE) == frozenset()
