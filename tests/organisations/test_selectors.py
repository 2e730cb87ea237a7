"""What the room tells: own memberships through the door, everybody's rights in a fixed number of queries."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from remise.core.scope import ActorKind, Scope, enter
from remise.organisations import selectors
from remise.organisations.access import visible_branches
from remise.organisations.selectors import OwnMembership
from tests import sessions, world
from tests.organisations.company import MANAGE, REGISTER, VIEW, Company, company


def test_memberships_of_tells_own_companies_of_this_portal_only(garage: Company) -> None:
    garage.grant(garage.salesman, VIEW, garage.zwolle)
    elsewhere = company()
    account = garage.salesman.account_id
    with enter(Scope(ActorKind.ACCOUNT, garage.portal.id, account)):
        found = selectors.memberships_of(account=account, portal=garage.portal.id)
        there = selectors.memberships_of(account=account, portal=elsewhere.portal.id)
    held = frozenset({(VIEW, garage.zwolle.id)})
    own = OwnMembership(garage.salesman.id, garage.organisation.id, "Garage De Brug", "Sanne de Wit", held)
    assert (found, there) == ((own,), ())


def test_memberships_of_leaves_out_where_one_no_longer_works(garage: Company) -> None:
    garage.end(garage.salesman)
    account = garage.salesman.account_id
    with enter(Scope(ActorKind.ACCOUNT, garage.portal.id, account)):
        assert selectors.memberships_of(account=account, portal=garage.portal.id) == ()


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
    def queries() -> int:
        with enter(sessions.actor_of(garage.owner).scope), CaptureQueriesContext(connection) as asked:
            selectors.matrix(garage.organisation.id)
        return len(asked)

    few = queries()
    for _ in range(28):
        world.member(garage.organisation, rights=[VIEW, REGISTER])
    assert (few, queries()) == (3, 3)


def test_visible_branches(garage: Company) -> None:
    garage.grant(garage.salesman, VIEW, garage.zwolle)
    garage.grant(garage.salesman, REGISTER)
    actor = sessions.actor_of(garage.salesman)
    assert visible_branches(actor, VIEW) == frozenset({garage.zwolle.id})
    assert visible_branches(actor, REGISTER) is None
    assert visible_branches(actor, MANAGE) == frozenset()
