"""Who may do what: a member what was granted, the system what stands beside its job, and nobody by being somebody."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from remise.core import jobs
from remise.core.actor import RIGHTS_OF_JOBS, Actor, Assurance, can, system
from remise.core.rights import Right
from remise.core.scope import ActorKind

HERE, ELSEWHERE, ZWOLLE = 5, 6, 51


class TrialRight(Right):
    RENEW = "trial.renew"
    CLOSE = "trial.close"


@pytest.fixture
def renewal() -> Iterator[Actor]:
    """A job that may renew and nothing else, in one company."""
    RIGHTS_OF_JOBS["trial.renewal"] = frozenset({TrialRight.RENEW})
    yield system(portal=1, name="trial.renewal").acting_for(HERE)
    del RIGHTS_OF_JOBS["trial.renewal"]


def test_system_may_do_what_stands_beside_its_job(renewal: Actor) -> None:
    assert can(renewal, TrialRight.RENEW, organisation=HERE)
    assert can(renewal, TrialRight.RENEW, organisation=HERE, branch=ZWOLLE)
    refused = can(renewal, TrialRight.CLOSE, organisation=HERE)
    assert (refused.allowed, refused.code, refused.right) == (False, "right_missing", TrialRight.CLOSE)


def test_system_may_do_it_in_the_company_it_acts_for_only(renewal: Actor) -> None:
    assert not can(renewal, TrialRight.RENEW, organisation=ELSEWHERE)
    nowhere = system(portal=1, name="trial.renewal")
    assert not can(nowhere, TrialRight.RENEW, organisation=HERE)
    assert not can(nowhere, TrialRight.RENEW)


def test_job_that_nothing_is_written_down_for_may_do_nothing() -> None:
    assert not can(system(portal=1, name="trial.unknown").acting_for(HERE), TrialRight.RENEW, organisation=HERE)


def test_jobs_that_there_are_need_no_rights() -> None:
    """They act as a member, or ask for none. One that gets a right gets its line here."""
    ours = {name: rights for name, rights in RIGHTS_OF_JOBS.items() if name.startswith(("core.deliver", "runs."))}
    assert ours == {
        "core.deliver": frozenset(),
        "core.deliver_all": frozenset(),
        "runs.advance": frozenset(),
        "runs.check": frozenset(),
        "runs.export": frozenset(),
        "runs.forget": frozenset(),
    }


@pytest.mark.parametrize("kind", [ActorKind.PUBLIC, ActorKind.ACCOUNT, ActorKind.AGENT, ActorKind.STAFF])
def test_other_kinds_may_do_nothing_yet(renewal: Actor, kind: ActorKind) -> None:
    assert not can(replace(renewal, kind=kind), TrialRight.RENEW, organisation=HERE)


def test_second_factor_comes_first(renewal: Actor) -> None:
    refused = can(replace(renewal, assurance=Assurance.ONE_FACTOR), TrialRight.RENEW, organisation=HERE)
    assert refused.code == "second_factor_missing"


def test_member_may_do_what_was_granted_where_it_was_granted() -> None:
    grants = frozenset({(TrialRight.RENEW.value, None), (TrialRight.CLOSE.value, ZWOLLE)})
    member = Actor(ActorKind.MEMBER, 1, account=7, organisation=HERE, grants=grants, assurance=Assurance.TWO_FACTORS)
    assert can(member, TrialRight.RENEW)
    assert can(member, TrialRight.CLOSE, branch=ZWOLLE)
    assert not can(member, TrialRight.CLOSE)
    assert not can(member, TrialRight.CLOSE, branch=ZWOLLE + 1)
    assert not can(member, TrialRight.RENEW, organisation=ELSEWHERE)


def test_actor_has_no_name_to_be_logged_or_stored() -> None:
    assert "name" not in Actor.__slots__


def test_job_is_tried_again_for_over_an_hour() -> None:
    waits = [2 ** (attempt + 1) for attempt in range(jobs.ATTEMPTS)]
    assert 60 * 60 < sum(waits) < 2 * 60 * 60
