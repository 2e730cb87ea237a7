"""Whom the lessee and driver of a row mean, wherever the row comes from: one party, also of two requests at once."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from remise.core import clock
from remise.core.errors import BrokenRule, DomainError
from remise.core.scope import enter
from remise.fleet.actions import Registered, change_each, register_vehicles
from remise.fleet.changing import Change
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.fleet.wanted import Wanted, check
from remise.organisations.models import Party
from tests import races, vehicles, world
from tests.fleet.test_together import FIELDS, by_of, codes, wanted
from tests.world import OWNER, Garage


@pytest.fixture
def lessor() -> Garage:
    return world.garage(code="fleet", fields=FIELDS)


def named(garage: Garage, name: str = "J. Jansen", **particulars: str) -> Party:
    of = {"portal": garage.portal.id, "organisation": garage.organisation.id}
    return Party.objects.using(OWNER).create(**of, **{"kind": "person", "name": name} | particulars)


def everybody(garage: Garage) -> list[str]:
    found = Party.objects.using(OWNER).filter(organisation=garage.organisation.id)
    return sorted(f"{one.name} {one.reference or ''}".strip() for one in found)


def drivers(garage: Garage) -> list[int | None]:
    found = RegistrationVersion.objects.using(OWNER).filter(organisation=garage.organisation.id, known_to=None)
    return list(found.order_by("id").values_list("driver", flat=True))


def register(garage: Garage, asked: Sequence[Wanted], **by: object) -> list[Registered | DomainError]:
    actor = by_of(garage)
    with enter(actor.scope):
        return register_vehicles(by=actor, policy=garage.policy, wanted=asked)


def test_number_finds_the_party_and_a_shared_name_says_what_to_write(lessor: Garage) -> None:
    first, second = named(lessor, reference="K-1001"), named(lessor, reference="K-1002")
    texts = ("k1002", "J. Jansen", "J. Jansen (K-1001)", "J. Jansen (K-1003)")
    asked = [wanted(lessor, cover="wa", driver=text) for text in texts]
    by = by_of(lessor)
    with enter(by.scope):
        before = check(by, lessor.policy, asked)
    verdicts = register(lessor, asked)
    assert codes(list(verdicts)) == codes(list(before)) == ["", "name_shared", "", ""]
    refused = verdicts[1]
    assert isinstance(refused, BrokenRule)
    assert (refused.field, "J. Jansen (K-1001)" in str(refused.message)) == ("driver", True)
    assert drivers(lessor)[:2] == [second.id, first.id]
    assert everybody(lessor) == ["J. Jansen K-1001", "J. Jansen K-1002", "J. Jansen K-1003"]


def test_dry_run_makes_nobody(lessor: Garage) -> None:
    by = by_of(lessor)
    with enter(by.scope):
        (said,) = check(by, lessor.policy, [wanted(lessor, cover="wa", driver="Anna Bos")])
    assert str(said) == "Anna Bos is new here."
    assert everybody(lessor) == []


def test_change_names_as_a_registration_does(lessor: Garage) -> None:
    known = named(lessor, "Anna Bos")
    plates = [vehicles.on_cover(lessor, days=9, cover="wa").plate for _ in range(2)]
    by, day = by_of(lessor), vehicles.today(lessor)
    named(lessor, reference="K-1")
    named(lessor, reference="K-2")
    with enter(by.scope):
        verdicts = change_each(
            by=by,
            policy=lessor.policy,
            changes=[Change(plates[0], day, {"driver": "anna bos"}), Change(plates[1], day, {"driver": "J Jansen"})],
        )
    assert codes(list(verdicts)) == ["", "name_shared"]
    assert known.id in drivers(lessor)


def test_erased_party_is_found_by_nothing(lessor: Garage) -> None:
    gone = named(lessor, "Anna Bos")
    Party.objects.using(OWNER).filter(id=gone.id).update(name="", erased_at=clock.now(by_of(lessor)))
    register(lessor, [wanted(lessor, cover="wa", driver="Anna Bos")])
    assert drivers(lessor) != [gone.id]


def test_two_requests_at_once_make_one_party(lessor: Garage) -> None:
    def act(name: str) -> list[Registered | DomainError]:
        return register(lessor, [wanted(lessor, cover="wa", driver=name, lessee="Taxi Noord (T-1)")])

    done = races.at_once(*(lambda name=name: act(name) for name in ("Anna Bos", "anna bós", "ANNA BOS")))
    assert [codes(list(one)) for one in done] == [[""]] * 3
    assert len(everybody(lessor)) == 2
    assert len(set(drivers(lessor))) == 1


def test_two_files_with_the_same_names_in_another_order_do_not_wait_for_each_other(lessor: Garage) -> None:
    names = [f"Driver number {n}" for n in range(20)]

    def act(found: Sequence[str]) -> list[Registered | DomainError]:
        return register(lessor, [wanted(lessor, cover="wa", driver=name) for name in found])

    done = races.at_once(lambda: act(names), lambda: act(names[::-1]))
    assert [set(codes(list(one))) for one in done] == [{""}] * 2
    assert len(everybody(lessor)) == len(names)


def test_as_many_statements_for_many_names_as_for_two(lessor: Garage) -> None:
    def statements(count: int, mark: str) -> int:
        asked = [
            wanted(lessor, cover="wa", driver=f"{mark} {n}", lessee=f"{mark} (R-{mark}{n})") for n in range(count)
        ]
        by = by_of(lessor)
        with CaptureQueriesContext(connection) as captured, enter(by.scope):
            verdicts = register_vehicles(by=by, policy=lessor.policy, wanted=asked)
        assert set(codes(list(verdicts))) == {""}
        return sum("organisations_party" in query["sql"] for query in captured)

    assert statements(2, "Few") == statements(60, "Many")


def test_refusal_tells_no_numbers_of_another_branch(lessor: Garage) -> None:
    """Whoever works in one branch reads the numbers of those alone who drive there."""
    north = world.branch(lessor.organisation, name="Noord", establishment_number="000012345678")
    first, second = named(lessor, reference="HERE"), named(lessor, reference="THERE")
    vehicles.on_cover(lessor, cover="wa", driver=first.reference or "", branch=lessor.branch.id)
    vehicles.on_cover(lessor, cover="wa", driver=second.reference or "", branch=north.id)
    by = lessor.actor(*FleetRight, branch=lessor.branch.id)
    with enter(by.scope):
        (verdict,) = register_vehicles(
            by=by, policy=lessor.policy, wanted=[wanted(lessor, cover="wa", driver="J. Jansen")]
        )
    assert isinstance(verdict, BrokenRule)
    assert ("HERE)" in str(verdict.message), "THERE" in str(verdict.message)) == (True, False)


def test_number_tells_no_name_of_another_branch(lessor: Garage) -> None:
    north = world.branch(lessor.organisation, name="Noord", establishment_number="000012345679")
    first, second = (
        named(lessor, "Hier Bekend", reference="HERE-1"),
        named(lessor, "Daar Bekend", reference="THERE-1"),
    )
    vehicles.on_cover(lessor, cover="wa", driver=first.reference or "", branch=lessor.branch.id)
    vehicles.on_cover(lessor, cover="wa", driver=second.reference or "", branch=north.id)
    by = lessor.actor(*FleetRight, branch=lessor.branch.id)
    asked = [wanted(lessor, cover="wa", driver=f"X Y ({number})") for number in ("HERE-1", "THERE-1")]
    with enter(by.scope):
        verdicts = register_vehicles(by=by, policy=lessor.policy, wanted=asked)
    assert codes(list(verdicts)) == ["other_name", "other_name"]
    messages = [str(verdict.message) for verdict in verdicts if isinstance(verdict, BrokenRule)]
    assert ("Hier Bekend" in messages[0], "Daar Bekend" in messages[1]) == (True, False)


def test_same_name_in_another_company_is_somebody_else(lessor: Garage) -> None:
    other = world.garage(at=lessor.portal, code="fleet-2", fields=FIELDS)
    theirs = named(other, "Anna Bos", reference="P-1")
    register(lessor, [wanted(lessor, cover="wa", driver="Anna Bos"), wanted(lessor, cover="wa", driver="Piet (P-1)")])
    assert everybody(lessor) == ["Anna Bos", "Piet P-1"]
    assert theirs.id not in drivers(lessor)


def test_day_of_the_portal_is_when_it_was_made(lessor: Garage) -> None:
    lessor.portal.clock_offset = timedelta(days=40)
    lessor.portal.save(using=OWNER)
    register(lessor, [wanted(lessor, cover="wa", driver="Anna Bos")])
    (made,) = Party.objects.using(OWNER).filter(organisation=lessor.organisation.id)
    assert clock.day_of(made.made_at) == clock.today(by_of(lessor))
