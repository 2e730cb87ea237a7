"""Giving and taking rights: each change by an administrator, written down, and never the last one away."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from remise.core.errors import DomainError, Forbidden, NotVisible
from remise.core.scope import enter
from remise.organisations import actions
from remise.organisations.models import Membership
from remise.organisations.rights import ROLES, catalogue
from tests import sessions, world
from tests.organisations.company import DEREGISTER, MANAGE, REGISTER, VIEW, Company, company, held_by


def test_grant_writes_right_and_event(garage: Company) -> None:
    garage.grant(garage.salesman, VIEW)
    assert held_by(garage.salesman) == {(VIEW, None)}
    event = garage.events("right.granted")[0]
    assert (event.account, event.by_system, event.subject) == (garage.owner.account_id, "", garage.salesman.id)
    assert (event.before, event.after) == (None, {"right": VIEW, "branch": None})


def test_grant_in_one_branch_holds_there_only(garage: Company) -> None:
    garage.grant(garage.salesman, VIEW, garage.zwolle)
    assert held_by(garage.salesman) == {(VIEW, garage.zwolle.id)}


def test_grant_twice_is_once(garage: Company) -> None:
    garage.grant(garage.salesman, VIEW)
    garage.grant(garage.salesman, VIEW)
    assert len(garage.events("right.granted")) == 1


def test_grant_everywhere_and_back_leaves_what_was_given_in_a_branch(garage: Company) -> None:
    garage.grant(garage.salesman, VIEW, garage.zwolle)
    garage.grant(garage.salesman, VIEW)
    assert held_by(garage.salesman) == {(VIEW, garage.zwolle.id), (VIEW, None)}
    garage.revoke(garage.salesman, VIEW)
    assert held_by(garage.salesman) == {(VIEW, garage.zwolle.id)}


def test_grant_in_branch_of_what_holds_everywhere_changes_nothing(garage: Company) -> None:
    garage.grant(garage.salesman, VIEW)
    garage.grant(garage.salesman, VIEW, garage.zwolle)
    assert held_by(garage.salesman) == {(VIEW, None)}


def test_f002_revoke_and_grant_again_are_both_in_the_trail(garage: Company) -> None:
    garage.grant(garage.salesman, VIEW)
    garage.revoke(garage.salesman, VIEW)
    garage.revoke(garage.salesman, VIEW)
    garage.grant(garage.salesman, VIEW)
    trail = [(event.kind, event.account, event.after or event.before) for event in garage.events()]
    by, said = garage.owner.account_id, {"right": VIEW, "branch": None}
    assert trail == [("right.granted", by, said), ("right.revoked", by, said), ("right.granted", by, said)]
    assert held_by(garage.salesman) == {(VIEW, None)}


def test_f011_grant_to_oneself_is_flagged(garage: Company) -> None:
    garage.grant(garage.owner, VIEW)
    assert garage.events("right.granted")[0].after == {"right": VIEW, "branch": None, "self": True}


def test_grant_without_right_is_forbidden(garage: Company) -> None:
    garage.grant(garage.salesman, VIEW)
    with pytest.raises(Forbidden) as refused:
        garage.grant(garage.salesman, REGISTER, by=garage.salesman)
    assert refused.value.decision.right == MANAGE
    assert held_by(garage.salesman) == {(VIEW, None)}


def test_grant_of_unknown_right_or_branch_or_colleague_is_not_found(garage: Company) -> None:
    other = company(at=garage.portal, name="Bakkerij Smit")
    with pytest.raises(NotVisible):
        garage.grant(garage.salesman, "vehicles.steal")
    with pytest.raises(NotVisible):
        garage.grant(garage.salesman, VIEW, other.zwolle)
    with pytest.raises(NotVisible):
        garage.grant(other.salesman, VIEW)
    with pytest.raises(NotVisible):
        garage.revoke(other.owner, MANAGE)
    assert (held_by(other.salesman), held_by(other.owner)) == (set(), {(MANAGE, None)})


def test_managing_users_is_for_the_company_and_not_for_a_branch(garage: Company) -> None:
    with pytest.raises(DomainError) as refused:
        garage.grant(garage.salesman, MANAGE, garage.zwolle)
    assert refused.value.code == "company_wide"


def test_last_administrator_keeps_the_right(garage: Company) -> None:
    with pytest.raises(DomainError) as refused:
        garage.revoke(garage.owner, MANAGE)
    assert refused.value.code == "last_administrator"
    with pytest.raises(DomainError):
        garage.end(garage.owner)
    assert held_by(garage.owner) == {(MANAGE, None)}


def test_administrator_leaves_when_there_is_another(garage: Company) -> None:
    garage.grant(garage.salesman, MANAGE)
    garage.revoke(garage.owner, MANAGE)
    assert held_by(garage.owner) == set()


def test_administrator_who_left_is_not_another(garage: Company) -> None:
    garage.grant(garage.salesman, MANAGE)
    garage.end(garage.salesman)
    with pytest.raises(DomainError):
        garage.revoke(garage.owner, MANAGE)


def test_end_takes_all_rights_and_is_written_down(garage: Company) -> None:
    garage.grant(garage.salesman, VIEW, garage.zwolle)
    garage.end(garage.salesman)
    ended = Membership.objects.using(world.OWNER).get(id=garage.salesman.id)
    assert (ended.state, held_by(ended)) == (Membership.State.ENDED, set())
    assert garage.events("membership.ended")[0].before == {"rights": [[VIEW, garage.zwolle.id]]}
    with pytest.raises(NotVisible):
        garage.grant(garage.salesman, VIEW)


def test_role_gives_what_goes_together_and_keeps_the_rest(garage: Company) -> None:
    garage.grant(garage.salesman, DEREGISTER)
    actor = sessions.actor_of(garage.owner)
    with enter(actor.scope):
        actions.grant_role(by=actor, membership=garage.salesman.id, role="reader", branch=garage.zwolle.id)
    assert held_by(garage.salesman) == {(DEREGISTER, None), (VIEW, garage.zwolle.id)}


def test_roles_name_rights_that_exist() -> None:
    known = {entry.right.value for entry in catalogue}
    assert [role.name for role in ROLES if role.rights is not None and not role.rights <= known] == []


def test_two_administrators_who_revoke_each_other_leave_one(garage: Company) -> None:
    garage.grant(garage.salesman, MANAGE)
    for _ in range(20):
        one, other = sessions.actor_of(garage.owner), sessions.actor_of(garage.salesman)
        start = Barrier(2)

        def take(by: object, whom: int, start: Barrier = start) -> str:
            start.wait()
            try:
                with enter(by.scope):  # type: ignore[attr-defined]
                    actions.revoke_right(by=by, membership=whom, right=MANAGE)  # type: ignore[arg-type]
            except DomainError as error:
                return error.code
            finally:
                connections.close_all()
            return "done"

        with ThreadPoolExecutor(2) as pool:
            said = list(pool.map(take, [one, other], [garage.salesman.id, garage.owner.id]))
        assert sorted(said) == ["done", "last_administrator"]
        left = held_by(garage.owner) | held_by(garage.salesman)
        assert left == {(MANAGE, None)}
        keeper, loser = (garage.owner, garage.salesman) if held_by(garage.owner) else (garage.salesman, garage.owner)
        garage.grant(loser, MANAGE, by=keeper)
