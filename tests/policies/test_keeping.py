"""Policies as the insurer's book has them; their refusals in words stand in tests/book."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from remise.book.books import KEEPER
from remise.core.actor import system
from remise.core.errors import DomainError, NotVisible
from remise.core.keeping import Kept
from remise.core.models import Event
from remise.core.scope import enter
from remise.policies.actions import keep_policy
from remise.policies.selectors import policy_of
from tests import vehicles, world
from tests.world import OWNER, Garage


def keep(garage: Garage, starts: date, ends: date | None, *, number: str = "") -> Kept:
    by = system(portal=garage.portal.id, name=KEEPER, via="import")
    with enter(by.scope):
        return keep_policy(
            by=by,
            organisation=garage.organisation.id,
            product="dealer-stock",
            number=number or garage.policy.number,
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


def test_number_typed_otherwise_is_the_same_policy() -> None:
    garage = world.garage()
    garage.policy.number = "47.11-A"
    garage.policy.save(using=OWNER)
    assert keep(garage, garage.policy.starts, None, number="4711a") is Kept.SAME
    by = garage.actor()
    with enter(by.scope):
        assert {policy_of(by, typed).number for typed in ("4711A", "47.11-a", "47 11 A")} == {"47.11-A"}
        with pytest.raises(NotVisible):
            policy_of(by, "4711")


def test_two_policies_of_one_number_are_refused_by_the_table() -> None:
    garage = world.garage()
    with pytest.raises(IntegrityError, match="policies_policy_number"):
        world.policy(garage.organisation, garage.policy.product, number=f" {garage.policy.number.replace('.', '-')}")


def test_relation_numbers_are_one_however_they_are_written() -> None:
    garage = world.garage()
    other = world.branch(garage.organisation, establishment_number="000000000017")
    other.relation_number = str(garage.branch.relation_number).replace("-", ".")
    with pytest.raises(IntegrityError, match="organisations_branch_relation_number"):
        other.save(using=OWNER)
