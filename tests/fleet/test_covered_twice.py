"""One vehicle covered twice within one insurer's portal: the desk is told once, whatever order the two came in, and
it is over by itself. The companies learn nothing of each other."""

import pytest
from django.db import connection

from remise.core.actor import Actor, system
from remise.core.identifiers import CheckCode, Vin
from remise.core.models import Event
from remise.core.scope import enter
from remise.desk.models import DeskRequest
from remise.desk.selectors import visible_requests
from remise.fleet.actions import change_vehicle, correct_entry, deregister_vehicles, register_vehicles
from remise.fleet.changing import Change
from remise.fleet.models import DoubleCover
from remise.fleet.rights import FleetRight
from remise.fleet.twice.keeping import hold_together
from remise.fleet.wanted import Wanted
from remise.ui.formats import day as shown_day
from tests import jobs, sessions, vehicles, world
from tests.desk.office import Office, stored
from tests.races import at_once
from tests.vehicles import OnCover
from tests.world import OWNER, Garage


def twice(of: Office) -> list[DoubleCover]:
    return list(DoubleCover.objects.using(OWNER).filter(portal=of.garage.portal.id).order_by("id"))


def open_ones(of: Office) -> list[DoubleCover]:
    return [one for one in twice(of) if one.settled_at is None]


def requests(of: Office) -> list[DeskRequest]:
    return list(DeskRequest.objects.using(OWNER).filter(portal=of.garage.portal.id).order_by("id"))


def looker(of: Office) -> Actor:
    return system(portal=of.garage.portal.id, name="fleet.covers_tonight", clock_offset=of.garage.portal.clock_offset)


def look(of: Office) -> None:
    by = looker(of)
    with enter(by.scope):
        hold_together(by=by)


def leave(garage: Garage, held: OnCover, days: int) -> int:
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        (done,) = deregister_vehicles(by=by, policy=garage.policy, items=[held.item], day=vehicles.back(garage, days))
    return done.entry.id


def sold(of: Office, buyer: Garage, *, first: int = 20, then: int = 3) -> tuple[OnCover, OnCover]:
    """Covered by the dealer for so many days, and by who bought it before the dealer deregistered it."""
    at_dealer = vehicles.on_cover(of.garage, days=first)
    at_buyer = vehicles.on_cover(buyer, at_dealer.plate, days=then)
    jobs.work_off()
    return at_dealer, at_buyer


def test_desk_is_told_of_a_sold_car_and_asks_who_sold_it(of: Office, buyer: Garage) -> None:
    at_dealer, at_buyer = sold(of, buyer)
    (double,), (request,) = twice(of), requests(of)
    assert (double.item, double.other, double.elsewhere) == (at_dealer.item, at_buyer.item, None)
    assert (double.starts, double.ends, double.settled_at) == (of.day(3), None, None)
    assert (double.plate, double.request) == (at_dealer.plate.value, request.id)
    assert (request.kind, request.organisation) == ("covered_twice", of.garage.organisation.id)
    assert (request.internal, request.branch, request.subject) == (True, of.garage.branch.id, at_dealer.item)
    assert request.due_at > request.opened_at


@pytest.mark.parametrize("dealer_last", [False, True])
def test_whatever_order_they_came_in(of: Office, buyer: Garage, *, dealer_last: bool) -> None:
    plate = vehicles.fresh_plate()
    order = [(of.garage, 20), (buyer, 3)]
    held = {}
    for garage, days in reversed(order) if dealer_last else order:
        held[garage.organisation.id] = vehicles.on_cover(garage, plate, days=days)
        jobs.work_off()
    (double,) = twice(of)
    assert double.item == held[of.garage.organisation.id].item
    assert double.other == held[buyer.organisation.id].item
    assert len(requests(of)) == 1


def test_left_on_a_policy_that_ended_nothing_is_covered_twice(of: Office, buyer: Garage) -> None:
    """A new policy covers what was left on the old one; their days meet where the old one ends later."""
    old = vehicles.on_cover(of.garage, days=20)
    vehicles.end_policy(of.garage, back=10)
    vehicles.on_cover(buyer, old.plate, days=9)
    jobs.work_off()
    look(of)
    assert open_ones(of) == []
    vehicles.end_policy(of.garage, back=-5)
    look(of)
    (double,) = open_ones(of)
    assert (double.starts, double.ends) == (of.day(9), of.day(-5))


def test_two_at_the_same_moment_are_found_once(of: Office, buyer: Garage) -> None:
    plate = vehicles.fresh_plate()
    at_once(lambda: vehicles.on_cover(of.garage, plate, days=2), lambda: vehicles.on_cover(buyer, plate, days=1))
    at_once(*[lambda: look(of)] * 4, jobs.work_off)
    jobs.work_off()
    assert (len(twice(of)), len(requests(of))) == (1, 1)


def test_database_keeps_one_of_each_two(of: Office, buyer: Garage) -> None:
    """The same two the other way round, by whoever writes."""
    sold(of, buyer)
    (double,) = twice(of)
    assert double.other is not None
    turned = DoubleCover(
        portal=double.portal,
        item=double.other,
        other=double.item,
        plate=double.plate,
        starts=double.starts,
        found_at=double.found_at,
    )
    with pytest.raises(Exception, match="fleet_doublecover_open_once"):
        turned.save(using=OWNER)


def test_looking_again_changes_nothing(of: Office, buyer: Garage) -> None:
    sold(of, buyer)
    before = [(one.id, one.request, one.starts) for one in twice(of)]
    look(of)
    jobs.work_off()
    assert [(one.id, one.request, one.starts) for one in twice(of)] == before


def test_days_that_are_over_ask_nothing_of_anybody(of: Office, buyer: Garage) -> None:
    at_dealer = vehicles.on_cover(of.garage, days=20)
    leave(of.garage, at_dealer, 2)
    vehicles.on_cover(buyer, at_dealer.plate, days=5)
    jobs.work_off()
    assert (twice(of), requests(of)) == ([], [])


def test_who_follows_on_is_not_covered_twice(of: Office, buyer: Garage) -> None:
    at_dealer = vehicles.on_cover(of.garage, days=20)
    leave(of.garage, at_dealer, 4)  # the last day
    vehicles.on_cover(buyer, at_dealer.plate, days=3)
    jobs.work_off()
    assert twice(of) == []


def test_it_is_over_when_the_dealer_deregisters(of: Office, buyer: Garage) -> None:
    at_dealer, _at_buyer = sold(of, buyer)
    leave(of.garage, at_dealer, 4)
    jobs.work_off()
    (double,), (request,) = twice(of), requests(of)
    assert double.settled_at is not None
    assert (request.state, request.internal) == ("settled", True)


def test_an_end_that_is_still_to_come_moves_the_days_and_ends_by_the_calendar(of: Office, buyer: Garage) -> None:
    at_dealer, _at_buyer = sold(of, buyer)
    leave(of.garage, at_dealer, -2)
    jobs.work_off()
    (double,) = open_ones(of)
    assert (double.starts, double.ends) == (of.day(3), of.day(-3))
    vehicles.later(of.garage, 4)
    look(of)
    jobs.work_off()
    assert (open_ones(of), [one.state for one in requests(of)]) == ([], ["settled"])


def test_a_corrected_end_finds_it_again(of: Office, buyer: Garage) -> None:
    at_dealer, _at_buyer = sold(of, buyer)
    entry = leave(of.garage, at_dealer, 4)
    jobs.work_off()
    assert open_ones(of) == []
    by = of.garage.actor(*FleetRight)
    with enter(by.scope):
        correct_entry(by=by, policy=of.garage.policy, entry=entry)
    jobs.work_off()
    assert (len(open_ones(of)), [one.state for one in requests(of)]) == (1, ["settled", "waiting"])


def test_a_registration_that_is_undone_ends_it(of: Office, buyer: Garage) -> None:
    _at_dealer, at_buyer = sold(of, buyer)
    by = buyer.actor(*FleetRight)
    with enter(by.scope):
        correct_entry(by=by, policy=buyer.policy, entry=at_buyer.entry)
    jobs.work_off()
    assert (open_ones(of), [one.state for one in requests(of)]) == ([], ["settled"])


def test_cover_that_is_opened_again_is_found(of: Office, buyer: Garage) -> None:
    at_dealer, _at_buyer = sold(of, buyer)
    leave(of.garage, at_dealer, 4)
    vehicles.on_cover(of.garage, at_dealer.plate)
    jobs.work_off()
    (double,) = open_ones(of)
    # Whoever covers it without a break is first by now: the dealer took it back.
    assert (double.other, double.starts) == (at_dealer.item, of.day(0))


def test_two_policies_of_one_company(of: Office) -> None:
    other = Garage(
        of.garage.portal,
        of.garage.organisation,
        of.garage.branch,
        world.policy(of.garage.organisation, of.garage.policy.product),
    )
    held = vehicles.on_cover(of.garage, days=9)
    again = vehicles.on_cover(other, held.plate, days=2)
    jobs.work_off()
    (double,) = twice(of)
    assert (double.item, double.other) == (held.item, again.item)


def test_two_plates_of_one_chassis_number(of: Office, buyer: Garage) -> None:
    vin = Vin("WVWZZZ1KZAW040413")
    for garage, days in ((of.garage, 8), (buyer, 2)):
        wanted = Wanted(
            vehicles.fresh_plate(),
            CheckCode("0413"),
            vehicles.back(garage, days),
            garage.branch.id,
            vin=vin,
        )
        by = garage.actor(*FleetRight)
        with enter(by.scope):
            register_vehicles(by=by, policy=garage.policy, wanted=[wanted])
    jobs.work_off()
    (double,) = twice(of)
    assert double.other_plate
    assert double.other_plate != double.plate
    look(of)
    assert len(open_ones(of)) == 1


def test_another_insurers_customer_is_not_compared(of: Office) -> None:
    elsewhere = world.garage()
    held = vehicles.on_cover(of.garage, days=9)
    vehicles.on_cover(elsewhere, held.plate, days=2)
    jobs.work_off()
    assert DoubleCover.objects.using(OWNER).filter(plate=held.plate.value).count() == 0


def statements_for(of: Office, buyer: Garage, count: int) -> int:
    """To find that so many of a file are covered twice."""
    plates = [vehicles.fresh_plate() for _one in range(count)]
    for garage, days in ((of.garage, 5), (buyer, 1)):
        day = vehicles.back(garage, days)
        wanted = [Wanted(plate, CheckCode("0413"), day, garage.branch.id) for plate in plates]
        by = garage.actor(*FleetRight)
        with enter(by.scope):
            register_vehicles(by=by, policy=garage.policy, wanted=wanted)
    by = looker(of)
    with enter(by.scope):
        connection.force_debug_cursor = True
        connection.queries_log.clear()
        try:
            hold_together(by=by, plates=[plate.value for plate in plates])
            asked = len(connection.queries)
        finally:
            connection.force_debug_cursor = False
    found = DoubleCover.objects.using(OWNER).filter(plate__in=[plate.value for plate in plates])
    assert found.count() == found.exclude(request=None).count() == count
    return asked


def test_a_file_takes_as_many_statements_as_one_vehicle(of: Office, buyer: Garage) -> None:
    # Of many the numbers are taken first: those of their entries, and of their events.
    assert statements_for(of, buyer, 200) == statements_for(of, buyer, 1) + 2


# --- who sees it


def test_company_sees_nothing_before_the_desk_writes(of: Office, buyer: Garage) -> None:
    at_dealer, at_buyer = sold(of, buyer)
    (request,) = requests(of)
    for garage, held in ((of.garage, at_dealer), (buyer, at_buyer)):
        by = garage.actor(*FleetRight)
        with enter(by.scope):
            assert not DeskRequest.objects.exists()
            assert not visible_requests(by).exists()
            told = Event.objects.values_list("kind", flat=True)
            assert {kind for kind in told if kind.startswith(("request", "double_cover"))} == set()
        client = sessions.client_of(
            world.member(garage.organisation, rights=[*FleetRight], name="Iemand"), garage.portal
        )
        assert client.get(f"/requests/{request.id}").status_code == 404
        page = client.get(f"/vehicles/{held.item}").content.decode()
        assert "Does this cover still have to run" not in page
        assert "Covered twice" not in page


def test_desk_reads_both_sides(of: Office, buyer: Garage) -> None:
    name_of_other(buyer)
    sold(of, buyer)
    (request,) = requests(of)
    answer = sessions.client_of(of.mirjam, of.garage.portal).get(f"/desk/{request.id}")
    text = answer.content.decode()
    assert "Covered twice" in text
    for said in (of.garage.organisation.name, buyer.organisation.name, of.garage.policy.number, buyer.policy.number):
        assert said in text
    assert "4 days until today" in text
    assert "24 more days" in text  # of the 28 since the last day that was the dealer's
    assert not Event.objects.using(OWNER).filter(organisation=of.garage.organisation.id, kind="looked").exists()


def test_desk_reads_since_when_each_covers_also_after_a_change(of: Office, buyer: Garage) -> None:
    """A changed term cuts the version and not the cover; cover that ended long ago is another one."""
    at_dealer = vehicles.on_cover(of.garage, days=25)
    leave(of.garage, at_dealer, 20)
    again = vehicles.on_cover(of.garage, at_dealer.plate, days=12)
    at_buyer = vehicles.on_cover(buyer, at_dealer.plate, days=3)
    jobs.work_off()
    for garage, held, day in ((of.garage, again, 2), (buyer, at_buyer, 1)):
        by = garage.actor(*FleetRight)
        with enter(by.scope):
            to = world.branch(garage.organisation, name="Noord", establishment_number="000012345678").id
            change_vehicle(by=by, policy=garage.policy, change=Change(held.plate, vehicles.back(garage, day), {}, to))
    jobs.work_off()
    (request,) = requests(of)
    client = sessions.client_of(of.mirjam, of.garage.portal)
    text = client.get(f"/desk/{request.id}").content.decode()
    for garage, day in ((of.garage, 12), (buyer, 3)):
        assert f"{garage.policy.number}, from {shown_day(of.day(day))}" in text
    client.post(f"/desk/{request.id}/say", {"text": "Is deze auto nog van jullie?"})
    reader = world.member(of.garage.organisation, rights=[*FleetRight], name="Lezer")
    page = sessions.client_of(reader, of.garage.portal).get(f"/requests/{request.id}").content.decode()
    assert f"from {shown_day(of.day(12))}" in page


def name_of_other(buyer: Garage) -> None:
    buyer.organisation.name = f"Garage Koper {world.unique()}"
    buyer.organisation.save(using=OWNER)


def test_the_company_that_is_asked_reads_nothing_of_the_other(of: Office, buyer: Garage) -> None:
    name_of_other(buyer)
    at_dealer, at_buyer = sold(of, buyer)
    (request,) = requests(of)
    client = sessions.client_of(of.mirjam, of.garage.portal)
    client.post(f"/desk/{request.id}/take")
    asked = client.post(f"/desk/{request.id}/say", {"text": "Is deze auto nog van jullie?"})
    assert asked.status_code == 302
    assert (stored(request).internal, stored(request).unread) == (False, True)
    reader = sessions.client_of(
        world.member(of.garage.organisation, rights=[*FleetRight], name="Lezer"), of.garage.portal
    )
    page = reader.get(f"/requests/{request.id}")
    text = page.content.decode()
    assert page.status_code == 200
    assert "Does this cover still have to run?" in text
    assert "Is deze auto nog van jullie?" in text
    secrets = [
        buyer.organisation.name,
        buyer.policy.number,
        "Covered twice",
        f"/vehicles/{at_buyer.item}",
        shown_day(of.day(3)),
    ]
    found = stored(request)
    for secret in secrets:
        assert secret not in text, secret
        assert secret not in str(found.data)
    assert set(found.data) == {"policy", "item", "plate", "cover"}
    elsewhere = sessions.client_of(world.member(buyer.organisation, rights=[*FleetRight], name="Ander"), buyer.portal)
    assert elsewhere.get(f"/requests/{request.id}").status_code == 404
    leave(of.garage, at_dealer, 4)
    jobs.work_off()
    assert stored(request).state == "settled"
    assert "No longer needed" in reader.get(f"/requests/{request.id}").content.decode()


def test_what_the_desk_lets_stand_stays_with_the_desk(of: Office, buyer: Garage) -> None:
    sold(of, buyer)
    (request,) = requests(of)
    of.accept(request)
    jobs.work_off()
    (double,) = twice(of)
    assert (double.may_stand, stored(request).state, stored(request).internal) == (True, "accepted", True)
    look(of)
    assert len(twice(of)) == 1
    by = of.garage.actor(*FleetRight)
    with enter(by.scope):
        assert not DeskRequest.objects.exists()


def test_customers_roles_read_and_write_no_double_cover(of: Office, buyer: Garage) -> None:
    sold(of, buyer)
    by = of.garage.actor(*FleetRight)
    for statement in ("select 1 from fleet_doublecover", "select * from covered_elsewhere(null)"):
        denied = pytest.raises(Exception, match="permission denied")
        with denied, enter(by.scope), connection.cursor() as cursor:
            cursor.execute(statement)
