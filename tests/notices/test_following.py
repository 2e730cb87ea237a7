"""Each change of cover leaves the notice that the register must have, in the same transaction, and once."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from remise.book.books import KEEPER
from remise.core import events
from remise.core.actor import Actor, system
from remise.core.events import Happened
from remise.core.identifiers import Plate
from remise.core.models import Event
from remise.core.scope import enter
from remise.demo.state_register import Stand
from remise.fleet.actions import change_check_code, register_vehicle
from remise.fleet.rights import FleetRight
from remise.notices.actions import following
from remise.notices.models import Notice
from remise.notices.rules import Manner
from remise.policies.actions import keep_policy
from remise.policies.models import Policy
from tests import jobs, vehicles, world
from tests.notices.telling import State, Telling, Way, code, connected, rule, telling
from tests.races import at_once
from tests.world import OWNER


def test_registration_leaves_a_start_notice_with_its_clock() -> None:
    of = telling()
    held = of.register(days=5)
    (notice,) = of.notices(held)
    assert (notice.kind, notice.state, notice.place) == ("start", State.PENDING, 1)
    assert (notice.plate, notice.check_code) == (held.plate.value, vehicles.CODE)
    assert (notice.insurer, notice.policy_number) == (of.garage.portal.insurer, of.garage.policy.number)
    assert notice.starts == vehicles.back(of.garage, 5)
    assert notice.due_on == notice.starts + timedelta(weeks=4)
    assert notice.entry_id == held.entry


def test_registration_undone_before_it_went_tells_nothing() -> None:
    of = telling()
    held = of.register()
    of.undo(held.entry)
    assert of.told(held) == [("start", State.WITHDRAWN)]


def test_end_is_told_from_the_first_day_without_cover() -> None:
    of = telling()
    held = of.register(days=9)
    entry = of.deregister(held, days=2)
    notice = of.notices(held)[-1]
    assert (notice.kind, notice.ends, notice.entry_id) == ("end", vehicles.back(of.garage, 1), entry)
    assert notice.due_on == vehicles.back(of.garage, 1) + timedelta(days=30)


def test_end_on_the_first_day_takes_back_what_has_not_gone() -> None:
    of = telling(last_day_covered=False)
    held = of.register()
    of.deregister(held)
    assert of.told(held) == [("start", State.WITHDRAWN)]


def test_trade_plate_is_told_without_a_check_code() -> None:
    of = telling()
    held = of.register(Plate("HA1234"))
    (notice,) = of.notices(held)
    assert (notice.kind, notice.check_code) == ("start", None)


def test_stock_tells_trade_plates_and_no_vehicle() -> None:
    of = telling(manner=Manner.STOCK)
    vehicle, trade = of.register(), of.register(Plate("HA1235"))
    assert (of.told(vehicle), of.told(trade)) == ([], [("start", State.PENDING)])


def test_stock_is_told_as_one_cover_with_the_dealers_number() -> None:
    of = telling(manner=Manner.STOCK)
    with enter(of.system.scope):
        following.settle_policy(of.system, of.garage.policy.id)
        following.settle_policy(of.system, of.garage.policy.id)
    (notice,) = of.notices()
    assert (notice.kind, notice.item_id, notice.plate) == ("start", None, "")
    assert (notice.kvk, notice.starts) == (of.garage.organisation.kvk, of.garage.policy.starts)


def test_stock_of_a_policy_that_ends_is_ended() -> None:
    of = telling(manner=Manner.STOCK)
    _settle(of)
    _end_policy(of, vehicles.today(of.garage) + timedelta(days=3))
    _settle(of)
    assert [kind for kind, _state in of.told()] == ["start"]  # what lies ahead may still be moved
    vehicles.later(of.garage, 3)
    _settle(of)
    assert [kind for kind, _state in of.told()] == ["start", "end"]


def test_vehicle_left_on_a_policy_that_ended_is_ended() -> None:
    of = telling()
    held = of.register(days=9)
    _end_policy(of, vehicles.today(of.garage))
    _settle(of)
    notice = of.notices(held)[-1]
    assert (notice.kind, notice.ends) == ("end", vehicles.today(of.garage))


def test_vehicle_goes_on_with_a_policy_whose_end_is_lifted() -> None:
    of = telling()
    held = of.register(days=9)
    for ends in (vehicles.today(of.garage), None):
        _keep_policy(of, ends)
    assert of.told(held) == [("start", State.PENDING), ("end", State.WITHDRAWN)]


def test_end_that_the_register_has_is_corrected_when_that_of_the_policy_is_moved_ahead() -> None:
    of = telling()
    held = of.register(days=9)
    ahead = vehicles.today(of.garage) + timedelta(days=30)
    with connected(Stand()):
        _keep_policy(of, vehicles.today(of.garage))
        of.exchange()
        _keep_policy(of, ahead)
    assert [kind for kind, _state in of.told(held)] == ["start", "end", "correct"]
    assert of.notices(held)[-1].ends is None  # until it has come


def test_vehicle_ends_with_the_policy_where_its_end_is_moved_into_the_past() -> None:
    of = telling()
    held = of.register(days=9)
    for days in (0, 4):
        _keep_policy(of, vehicles.back(of.garage, days))
    assert of.notices(held)[-1].ends == vehicles.back(of.garage, 4)


def test_stock_ends_in_the_manner_in_which_it_began() -> None:
    of = telling(manner=Manner.STOCK)
    _settle(of)
    rule(of.garage.policy.product, Manner.VEHICLE, vehicles.today(of.garage))
    _end_policy(of, vehicles.today(of.garage))
    _settle(of)
    assert [kind for kind, _state in of.told()] == ["start", "end"]


def test_product_without_a_rule_tells_nothing() -> None:
    of = Telling(world.garage())
    held = of.register()
    assert of.told(held) == []


def test_rule_of_the_first_day_of_cover_decides() -> None:
    of = telling(manner=Manner.NONE)
    rule(of.garage.policy.product, Manner.VEHICLE, starts=vehicles.back(of.garage, 3))
    before, since = of.register(days=5), of.register(days=2)
    assert (len(of.notices(before)), len(of.notices(since))) == (0, 1)


def test_notice_and_change_stand_together_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    of = telling()
    by = of.garage.actor(*FleetRight)

    def fail(_by: Actor, _made: list[Notice]) -> None:
        raise RuntimeError

    monkeypatch.setattr(following, "_write", fail)
    with pytest.raises(RuntimeError), enter(by.scope):
        register_vehicle(
            by=by,
            policy=of.garage.policy,
            plate=vehicles.fresh_plate(),
            check_code=code(vehicles.CODE),
            starts=vehicles.today(of.garage),
            branch=of.garage.branch.id,
        )
    assert not Event.objects.using(OWNER).filter(organisation=of.garage.organisation.id).exists()


def test_event_followed_twice_leaves_one_notice() -> None:
    of = telling()
    held = of.register()
    event = Event.objects.using(OWNER).get(subject=held.item, kind="vehicle.registered")
    by = of.garage.actor(*FleetRight)
    with enter(by.scope):
        following.follow(by, [event, event])
    assert of.told(held) == [("start", State.PENDING)]


def test_two_who_change_at_once_leave_one_notice_each() -> None:
    of = telling()
    held = of.register()

    def undo() -> None:
        of.undo(held.entry)

    def end() -> None:
        of.deregister(held)

    at_once(undo, end, undo)
    assert [kind for kind, state in of.told(held) if state == State.PENDING] in ([], ["start", "end"])
    places = [notice.place for notice in of.notices(held)]
    assert places == list(range(1, len(places) + 1))


def test_another_check_code_before_it_went_replaces_the_notice() -> None:
    of = telling()
    held = of.register()
    with enter(of.staff.scope):
        change_check_code(by=of.staff, policy=of.garage.policy, item=held.item, check_code=code("9999"))
    assert of.told(held) == [("start", State.WITHDRAWN), ("start", State.PENDING)]
    assert of.notices(held)[-1].check_code == "9999"


def test_many_changes_are_followed_in_as_many_statements_as_one() -> None:
    of = telling(way=Way.NONE)
    by = of.garage.actor(*FleetRight)
    counted = []
    for size in (1, 40):
        held = [_silently(of) for _one in range(size)]
        policy = of.garage.policy.id
        said = [Happened(("registration", one.item), after={"entry": one.entry, "policy": policy}) for one in held]
        with enter(by.scope), CaptureQueriesContext(connection) as captured:
            events.record_all("vehicle.registered", by=by, organisation=by.company, happened=said)
        counted.append(len(captured))
        assert {one.kind for each in held for one in of.notices(each)} == {"start"}
    assert counted[0] == counted[1]


def _silently(of: Telling) -> vehicles.OnCover:
    """On cover, and nothing told of it, as a file's rows before their events."""
    held = of.register()
    Notice.objects.using(OWNER).filter(item=held.item).delete()
    return held


def _settle(of: Telling) -> None:
    by = of.system
    with enter(by.scope):
        following.settle_policy(by, of.garage.policy.id)


def _keep_policy(of: Telling, ends: date | None) -> None:
    """As the insurer's book says it, and what follows."""
    by = system(portal=of.garage.portal.id, name=KEEPER, via="import")
    with enter(by.scope):
        policy = Policy.objects.get(id=of.garage.policy.id)
        keep_policy(
            by=by,
            organisation=policy.organisation,
            product=policy.product.code,
            number=policy.number,
            starts=policy.starts,
            ends=ends,
        )
    jobs.work_off()


def _end_policy(of: Telling, ends: date) -> None:
    Policy.objects.using(OWNER).filter(id=of.garage.policy.id).update(ends=ends)
