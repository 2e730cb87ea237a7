"""Policies as the insurer's book has them; their refusals in words stand in tests/book."""

from datetime import date, timedelta

import pytest

from remise.book.books import KEEPER
from remise.core.actor import system
from remise.core.errors import DomainError
from remise.core.keeping import Kept
from remise.core.models import Event
from remise.core.scope import enter
from remise.policies.actions import keep_policy
from tests import vehicles, world
from tests.world import OWNER, Garage


def keep(garage: Garage, starts: date, ends: date | None) -> Kept:
    by = system(portal=garage.portal.id, name=KEEPER, via="import")
    with enter(by.scope):
        return keep_policy(
            by=by,
            organisation=garage.organisation.id,
            product="dealer-stock",
            number=garage.policy.number,
            starts=starts,
            ends=ends,
        )


def test_policy_keeps_what_was_registered_on_it() -> None:
    garage = world.garage()
    vehicles.on_cover(garage, days=3)
    day = vehicles.back(garage, 3)
    with pytest.raises(DomainError) as later:
        keep(garage, day + timedelta(days=1), None)
    with pytest.raises(DomainError) as sooner:
        keep(garage, garage.policy.starts, day)
    assert (later.value.code, sooner.value.code) == ("entries_before", "entries_after")
    assert keep(garage, day, day + timedelta(days=1)) is Kept.CHANGED
    assert keep(garage, day, day + timedelta(days=1)) is Kept.SAME


def test_change_is_told_in_days() -> None:
    garage = world.garage()
    keep(garage, date(2020, 1, 1), date(2031, 1, 1))
    event = Event.objects.using(OWNER).get(organisation=garage.organisation.id, kind="policy.changed")
    assert event.before == {"starts": "2020-01-01", "ends": None}
    assert event.after == {"starts": "2020-01-01", "ends": "2031-01-01"}
