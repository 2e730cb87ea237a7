"""What is put on a policy and who changes its days wait for each other: no entry is left without a policy."""

import pytest

from remise.core.errors import DomainError
from remise.core.models import Entry
from remise.fleet.rights import FleetRight
from remise.policies.models import Policy
from tests import vehicles, world
from tests.policies.test_keeping import keep
from tests.races import at_once
from tests.world import OWNER


@pytest.mark.parametrize("_again", range(5))
def test_registering_against_ending_the_policy_has_one_outcome(_again: int) -> None:
    garage = world.garage()
    today, by = vehicles.today(garage), garage.actor(*FleetRight)
    registered, ended = at_once(
        lambda: vehicles.on_cover(garage, by=by),
        lambda: keep(garage, garage.policy.starts, today),
    )
    policy = Policy.objects.using(OWNER).get(id=garage.policy.id)
    entries = Entry.objects.using(OWNER).filter(organisation=garage.organisation.id).count()
    assert isinstance(registered, DomainError) != isinstance(ended, DomainError)
    assert (policy.ends, entries) in {(today, 0), (None, 1)}
