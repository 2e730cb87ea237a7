from datetime import timedelta

from remise.core import jobs
from remise.core.scope import ActorKind, Scope, enter
from tests import world


def test_job_acts_by_the_clock_of_its_portal() -> None:
    ahead, behind = world.portal(offset=timedelta(days=12)), world.portal()
    for portal in (ahead, behind):
        with enter(Scope(ActorKind.SYSTEM, portal.id)):
            assert jobs.clock_of_portal(portal.id) == portal.clock_offset
