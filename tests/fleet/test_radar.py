"""Vehicles held against the register: what is found, once, and settled by itself."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from remise.core.actor import Actor, system
from remise.core.errors import BrokenRule, Forbidden, NotVisible
from remise.core.identifiers import Plate
from remise.core.limits import Limit
from remise.core.models import Event, Item
from remise.core.scope import enter
from remise.demo.register_server import Mode, Stand
from remise.desk.models import DeskRequest
from remise.fleet.actions import change_vehicle, deregister_vehicles
from remise.fleet.changing import Change
from remise.fleet.findings import BY_RADAR, FindingKind
from remise.fleet.models import Finding, RadarCheck, RegistrationVersion
from remise.fleet.radar import actions, checking
from remise.fleet.radar.actions import compare_now, deregister_ticked, dismiss_finding, take_back_dismissal
from remise.fleet.radar.comparing import compare_company, fresh_since
from remise.fleet.radar.facts import held
from remise.fleet.radar.reasons import WORDS
from remise.fleet.radar.rules import judge
from remise.fleet.radar.selectors import (
    counts,
    fewest_days,
    groups,
    kept_as_right,
    nights,
    open_of_radar,
    shown_of,
    ticked,
)
from remise.fleet.rights import FleetRight
from remise.fleet.tasks import radar_tonight, work_off_radar
from remise.policies.rules import BackDate
from remise.ui.formats import moment as shown_moment
from remise.vehicles.models import Vehicle
from remise.vehicles.register import client
from tests import jobs, races, sessions, vehicles, world
from tests.conftest import Serve
from tests.register.published import everything, row_of, stand_of
from tests.vehicles import OnCover
from tests.world import OWNER, Garage


@pytest.fixture
def garage() -> Garage:
    jobs.forget()
    return world.garage()


@pytest.fixture
def fleet() -> Garage:
    """No dealer's stock: inspections and the insurance register count."""
    jobs.forget()
    at = world.portal()
    world.product(at, code="lease")
    return world.garage(at=at)


def the_system(of: Garage) -> Actor:
    return system(portal=of.portal.id, name="fleet.radar", clock_offset=of.portal.clock_offset)


def compare(of: Garage) -> None:
    by = the_system(of).acting_for(of.organisation.id)
    with enter(by.scope):
        compare_company(by=by)


def member(of: Garage) -> Actor:
    return of.actor(*FleetRight)


def on_cover(of: Garage, *, days: int = 40, **said: Any) -> OnCover:
    """On cover for so long, and the register says this of it today; where nothing else is asked it agrees."""
    allowed = min(days, 28)
    agrees: dict[str, Any] = {
        "in_name_since": vehicles.back(of, days),
        "inspection_until": vehicles.back(of, -300),
        "wam_insured": True,
    }
    vehicle = vehicles.in_register(**agrees)
    of.portal.clock_offset -= timedelta(days - allowed)
    of.portal.save(using=OWNER)
    held = vehicles.on_cover(of, Plate(vehicle.plate), days=allowed)
    of.portal.clock_offset += timedelta(days - allowed)
    of.portal.save(using=OWNER)
    says(held, **said)
    return held


def says(held: OnCover, **said: Any) -> None:
    Vehicle.objects.using(OWNER).filter(plate=held.plate.value).update(**said, looked_up_at=timezone.now())


def open_(of: Garage) -> dict[str, dict[str, str]]:
    """Kind -> what it was found by."""
    rows = Finding.objects.using(OWNER).filter(organisation=of.organisation.id, settled_at=None)
    return dict(rows.values_list("kind", "said"))


def events(of: Garage, kind: str) -> list[Event]:
    return list(Event.objects.using(OWNER).filter(organisation=of.organisation.id, kind=kind).order_by("id"))


def off_cover(of: Garage, held: OnCover, *, back: int = 0) -> None:
    by = member(of)
    with enter(by.scope):
        deregister_vehicles(by=by, policy=of.policy, items=[held.item], day=vehicles.back(of, back))


def test_sold_is_found_once_told_once_and_is_the_customers_own(garage: Garage) -> None:
    sold = on_cover(garage)
    on_cover(garage)
    since = vehicles.back(garage, 5)
    says(sold, in_name_since=since)
    for _night in range(2):
        compare(garage)
    starts = vehicles.back(garage, 40).isoformat()
    assert open_(garage) == {"sold": {"starts": starts, "in_name_since": since.isoformat()}}
    (told,) = events(garage, "finding.raised")
    assert told.after is not None
    assert (told.after["kind"], told.after["item"], told.after["policy"]) == ("sold", sold.item, garage.policy.id)
    assert not DeskRequest.objects.using(OWNER).filter(organisation=garage.organisation.id).exists()


def test_finding_follows_what_the_register_says_and_ends_with_it(garage: Garage) -> None:
    sold = on_cover(garage)
    for since in (5, 3):
        says(sold, in_name_since=vehicles.back(garage, since))
        compare(garage)
        assert open_(garage)["sold"]["in_name_since"] == vehicles.back(garage, since).isoformat()
    says(sold, in_name_since=vehicles.back(garage, 40))
    compare(garage)
    assert open_(garage) == {}
    assert len(events(garage, "finding.raised")) == len(events(garage, "finding.settled")) == 2


def test_cover_that_ends_settles_it_at_once(garage: Garage) -> None:
    sold = on_cover(garage, in_name_since=vehicles.back(garage, 5))
    compare(garage)
    Vehicle.objects.using(OWNER).update(looked_up_at=timezone.now() - timedelta(days=3))  # said long ago
    off_cover(garage, sold, back=6)
    assert open_(garage) == {}


def test_not_covered_is_found_and_settled_by_registering_again(garage: Garage) -> None:
    gone = on_cover(garage, wam_insured=False)
    off_cover(garage, gone, back=9)
    compare(garage)
    ends = vehicles.back(garage, 8).isoformat()
    assert open_(garage)["not_covered"] == {"ends": ends, "in_name_since": vehicles.back(garage, 40).isoformat()}
    vehicles.on_cover(garage, gone.plate, days=8)
    assert open_(garage) == {}


def test_registering_again_is_promised_no_longer_than_it_goes() -> None:
    """Days back counted from the name date: long ago, they were over before the cover ended."""
    jobs.forget()
    at = world.portal()
    world.product(at, code="lease", reading=BackDate.FROM_NAME_DATE)
    of = world.garage(at=at)
    off_cover(of, on_cover(of, wam_insured=False), back=3)
    off_cover(of, on_cover(of, days=20, wam_insured=False), back=3)
    compare(of)
    by = member(of)
    with enter(by.scope):
        (group,) = groups(by)
        assert {one.days_left for one in group.shown} == {-2, 8}
        assert fewest_days(by, FindingKind.NOT_COVERED) == 8


def test_left_on_a_policy_that_ended_it_is_not_covered(fleet: Garage) -> None:
    """And no longer looked at once that is long ago."""
    left = on_cover(fleet, days=100, wam_insured=False)
    vehicles.end_policy(fleet, back=20)
    compare(fleet)
    said = {"ends": vehicles.back(fleet, 20).isoformat(), "in_name_since": vehicles.back(fleet, 100).isoformat()}
    assert open_(fleet) == {"not_covered": said}
    by = member(fleet)
    with enter(by.scope):
        (group,) = groups(by)
        todo = group.shown[0].todo
    assert todo is not None
    assert (left.plate.value in todo.url, fleet.policy.number in todo.url) == (True, False)
    vehicles.end_policy(fleet, back=60)
    compare(fleet)
    assert open_(fleet) == {}


def test_night_checks_no_company_whose_policies_ended_long_ago(garage: Garage) -> None:
    on_cover(garage, days=100)
    vehicles.end_policy(garage, back=60)
    radar_tonight.run(portal=garage.portal.id)
    assert checks(garage) == []


def test_each_kind_is_found_in_a_fleet(fleet: Garage) -> None:
    sold = vehicles.back(fleet, 2)
    on_cover(fleet, in_name_since=sold)
    on_cover(fleet, exported=True)
    on_cover(fleet, found=False)
    on_cover(fleet, inspection_until=vehicles.back(fleet, 1))
    on_cover(fleet, wam_insured=False)
    on_cover(fleet, catalogue_value=Decimal(50_000))
    off_cover(fleet, on_cover(fleet, wam_insured=False), back=3)
    compare(fleet)
    assert set(open_(fleet)) == set(BY_RADAR)
    by = member(fleet)
    with enter(by.scope):
        assert counts(by) == dict.fromkeys(BY_RADAR, 1)
        assert [group.kind for group in groups(by)] == list(BY_RADAR)


def test_stock_is_not_inspected_nor_seen_by_vehicle(garage: Garage) -> None:
    on_cover(garage, inspection_until=vehicles.back(garage, 100), wam_insured=False)
    compare(garage)
    assert open_(garage) == {}


def test_what_the_desk_was_told_is_not_told_again(garage: Garage) -> None:
    held = on_cover(garage, in_name_since=vehicles.back(garage, 30))
    Finding.objects.using(OWNER).create(
        portal=garage.portal.id,
        organisation=garage.organisation.id,
        kind=FindingKind.BEFORE_NAME_DATE,
        item_id=held.item,
        said={"in_name_since": vehicles.back(garage, 30).isoformat(), "starts": "2026-01-01"},
        found_at=timezone.now(),
    )
    compare(garage)
    assert set(open_(garage)) == {"before_name_date"}


def test_of_what_the_register_said_long_ago_nothing_is_found_and_nothing_settled(garage: Garage) -> None:
    sold = on_cover(garage, in_name_since=vehicles.back(garage, 5))
    compare(garage)
    long_ago = timezone.now() - timedelta(days=2)
    Vehicle.objects.using(OWNER).filter(plate=sold.plate.value).update(
        in_name_since=vehicles.back(garage, 40), looked_up_at=long_ago
    )
    other = on_cover(garage)
    Vehicle.objects.using(OWNER).filter(plate=other.plate.value).update(exported=True, looked_up_at=long_ago)
    compare(garage)
    assert set(open_(garage)) == {"sold"}


def test_dismissed_stays_dismissed_for_the_same_facts_only(garage: Garage) -> None:
    sold = on_cover(garage, in_name_since=vehicles.back(garage, 5))
    compare(garage)
    finding = Finding.objects.using(OWNER).get(organisation=garage.organisation.id)
    by = member(garage)
    with enter(by.scope):
        dismiss_finding(by=by, finding=finding.id, reason="still_ours")
    for _again in range(2):
        compare(garage)
        assert open_(garage) == {}
    finding.refresh_from_db()
    assert (finding.may_stand, finding.reason) == (True, "still_ours")
    says(sold, in_name_since=vehicles.back(garage, 2))
    compare(garage)
    assert set(open_(garage)) == {"sold"}


def taken_back(garage: Garage, finding: Finding, by: Actor | None = None) -> Finding:
    by = by or member(garage)
    with enter(by.scope):
        return take_back_dismissal(by=by, finding=finding.id)


def dismissed(garage: Garage, by: Actor | None = None) -> Finding:
    """The one finding that there is, said to be right."""
    compare(garage)
    finding = Finding.objects.using(OWNER).get(organisation=garage.organisation.id, settled_at=None)
    by = by or member(garage)
    with enter(by.scope):
        return dismiss_finding(by=by, finding=finding.id, reason="still_ours")


def test_page_says_who_kept_it_as_right_when_and_why(garage: Garage) -> None:
    on_cover(garage, in_name_since=vehicles.back(garage, 5))
    sanne = world.member(garage.organisation, rights=[*FleetRight], name="Sanne de Wit")
    finding = dismissed(garage, sessions.actor_of(sanne))
    assert finding.settled_at is not None
    reader = world.member(garage.organisation, rights=[FleetRight.VIEW], name="Roos")
    texts = [
        sessions.client_of(who, garage.portal).get(reverse("fleet:kept_as_right")).content.decode()
        for who in (sanne, reader)
    ]
    with override("en"):
        said = ("Sanne de Wit", str(WORDS["still_ours"]), shown_moment(finding.settled_at))
    assert [word for word in said for text in texts if word not in text] == []
    assert [reverse("fleet:take_back", args=[finding.id]) in text for text in texts] == [True, False]


def test_taken_back_it_is_open_again(garage: Garage) -> None:
    on_cover(garage, in_name_since=vehicles.back(garage, 5))
    finding = dismissed(garage)
    races.at_once(*[lambda: taken_back(garage, finding)] * 2)
    taken_back(garage, finding)
    assert set(open_(garage)) == {"sold"}
    stored = Finding.objects.using(OWNER).get(id=finding.id)
    assert (stored.may_stand, stored.reason, stored.dismissed_by, stored.settled_at) == (False, "", None, None)
    (event,) = events(garage, "finding.reopened")
    assert (event.subject, (event.before or {})["reason"]) == (finding.id, "still_ours")
    compare(garage)
    assert set(open_(garage)) == {"sold"}


def test_what_is_over_by_now_stays_over_when_it_is_taken_back(garage: Garage) -> None:
    sold = on_cover(garage, in_name_since=vehicles.back(garage, 5))
    finding = dismissed(garage)
    says(sold, in_name_since=vehicles.back(garage, 400))
    taken_back(garage, finding)
    assert open_(garage) == {}


def test_taken_back_beside_a_newer_finding_it_leaves_that_alone(garage: Garage) -> None:
    sold = on_cover(garage, in_name_since=vehicles.back(garage, 5))
    finding = dismissed(garage)
    says(sold, in_name_since=vehicles.back(garage, 2))
    compare(garage)
    (newer,) = Finding.objects.using(OWNER).filter(organisation=garage.organisation.id, settled_at=None)
    taken_back(garage, finding)
    (still,) = Finding.objects.using(OWNER).filter(organisation=garage.organisation.id, settled_at=None)
    assert still.id == newer.id != finding.id


def test_taking_back_asks_for_the_right_and_an_own_finding(garage: Garage) -> None:
    on_cover(garage, in_name_since=vehicles.back(garage, 5))
    finding = dismissed(garage)
    stranger, reader = world.garage(at=garage.portal).actor(*FleetRight), garage.actor(FleetRight.VIEW)
    for by, error in ((stranger, NotVisible), (reader, Forbidden)):
        with pytest.raises(error):
            taken_back(garage, finding, by)
    assert open_(garage) == {}


def test_dismissing_asks_for_a_right_a_reason_and_an_own_finding(garage: Garage) -> None:
    on_cover(garage, in_name_since=vehicles.back(garage, 5))
    compare(garage)
    finding = Finding.objects.using(OWNER).get(organisation=garage.organisation.id)
    stranger, reader = world.garage(at=garage.portal).actor(*FleetRight), garage.actor(FleetRight.VIEW)
    for by, reason, error in (
        (stranger, "still_ours", NotVisible),
        (reader, "still_ours", Forbidden),
        (member(garage), "inspected", BrokenRule),
    ):
        with enter(by.scope), pytest.raises(error):
            dismiss_finding(by=by, finding=finding.id, reason=reason)
    assert set(open_(garage)) == {"sold"}


def test_several_sold_are_deregistered_each_on_its_own_day(garage: Garage) -> None:
    other = replace(garage, policy=world.policy(garage.organisation, garage.policy.product))
    sold = {on_cover(of): back for of, back in ((garage, 3), (other, 7), (garage, 7))}
    for one, back in sold.items():
        says(one, in_name_since=vehicles.back(garage, back))
    late = on_cover(garage, days=60, in_name_since=vehicles.back(garage, 35))
    compare(garage)
    by = member(garage)
    with enter(by.scope):
        chosen = ticked(by, numbers(garage))
        assert {one.plate for one in chosen} == {one.plate for one in sold}  # the late one is asked of the desk
        done = deregister_ticked(by=by, ticked=chosen)
    assert {one.item: one.ends for one in done} == {
        one.item: vehicles.back(garage, back) for one, back in sold.items()
    }
    rows = Finding.objects.using(OWNER).filter(organisation=garage.organisation.id, settled_at=None)
    assert list(rows.values_list("item", flat=True)) == [late.item]


def numbers(of: Garage) -> list[int]:
    found = Finding.objects.using(OWNER).filter(organisation=of.organisation.id).order_by("id")
    return list(found.values_list("id", flat=True))


def test_of_several_all_go_or_none(garage: Garage) -> None:
    other = replace(garage, policy=world.policy(garage.organisation, garage.policy.product))
    for of in (garage, other):
        on_cover(of, in_name_since=vehicles.back(garage, 5))
    compare(garage)
    by = member(garage)
    with enter(by.scope):
        chosen = sorted(ticked(by, numbers(garage)), key=lambda one: one.policy.id)
        too_late = replace(chosen[-1], day=vehicles.back(garage, 99))
        with pytest.raises(BrokenRule):
            deregister_ticked(by=by, ticked=[*chosen[:-1], too_late])
    assert open_many(garage) == 2


def open_many(of: Garage) -> int:
    return Finding.objects.using(OWNER).filter(organisation=of.organisation.id, settled_at=None).count()


def test_what_cannot_go_any_more_is_said_before_anything_goes(garage: Garage) -> None:
    """Somebody else deregistered one of them while it was looked at."""
    first, second, third = (on_cover(garage, in_name_since=vehicles.back(garage, 5)) for _one in range(3))
    compare(garage)
    client = sessions.client_of(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)
    path = reverse("fleet:leave_each")
    shown = client.get(path, {"finding": numbers(garage)})
    assert shown.context["numbers"] == numbers(garage)
    off_cover(garage, second, back=6)
    again = client.post(path, {"finding": shown.context["numbers"]})
    assert (again.status_code, again.context["refusal"].code, open_many(garage)) == (422, "changed", 2)
    assert client.post(path, {"finding": again.context["numbers"]}).status_code == 302
    assert open_many(garage) == 0
    leavers = RegistrationVersion.objects.using(OWNER).filter(item__in=[first.item, third.item], known_to=None)
    assert {one.ends for one in leavers} == {vehicles.back(garage, 5)}


@pytest.mark.parametrize("last_day_covered", [True, False])
def test_days_left_are_of_the_next_one_that_still_goes_online(*, last_day_covered: bool) -> None:
    """However many are late, and whenever they were found."""
    jobs.forget()
    at = world.portal()
    world.product(at, last_day_covered=last_day_covered)
    of = world.garage(at=at)
    by, last = member(of), 27 if last_day_covered else 28
    many_sold(of, 300, back=200)
    for back, left in ((last + 1, None), (10, last - 10), (20, last - 20), (15, last - 20), (last, 0)):
        many_sold(of, 1, back=back)
        with enter(by.scope):
            assert fewest_days(by, FindingKind.SOLD) == left


def test_many_policies_are_shown_in_as_many_queries_as_one(garage: Garage) -> None:
    many_sold(garage, 1, back=3)
    by = member(garage)
    asked = []
    for _policies in (1, 4):
        with enter(by.scope), CaptureQueriesContext(connection) as captured:
            shown = shown_of(by, list(open_of_radar(by).select_related("item")))
        asked.append(len(captured))
        for _more in range(3):
            more = replace(garage, policy=world.policy(garage.organisation, garage.policy.product))
            many_sold(more, 1, back=3)
    assert len(shown) == 4
    assert asked[0] == asked[1]


def many_sold(of: Garage, count: int, *, back: int) -> None:
    """Found, with so many days since they are in another name."""
    said = {"starts": vehicles.back(of, back + 30).isoformat(), "in_name_since": vehicles.back(of, back).isoformat()}
    whose: dict[str, Any] = {"portal": of.portal.id, "organisation": of.organisation.id}
    now = timezone.now()
    items = Item.objects.using(OWNER).bulk_create(
        Item(kind="vehicle", policy=of.policy.id, key=vehicles.fresh_plate().value, known_at=now, **whose)
        for _one in range(count)
    )
    Finding.objects.using(OWNER).bulk_create(
        Finding(kind=FindingKind.SOLD, item=item, said=said, found_at=now, **whose) for item in items
    )


def test_found_is_shown_in_the_branch_that_a_vehicle_belongs_to_now(garage: Garage) -> None:
    """Also its time in the branch that it left is no reason to show it there."""
    north = world.branch(garage.organisation, name="Noord", establishment_number="000012345678").id
    moved, kept = on_cover(garage, days=20), on_cover(garage, days=20)
    by = member(garage)
    with enter(by.scope):
        change_vehicle(by=by, policy=garage.policy, change=Change(moved.plate, vehicles.back(garage, 9), {}, north))
    for one in (moved, kept):
        says(one, in_name_since=vehicles.back(garage, 2))
    night(garage)
    of_kept = Finding.objects.using(OWNER).get(item=kept.item)
    with enter(by.scope):
        dismiss_finding(by=by, finding=of_kept.id, reason="still_ours")
        assert (counts(by), kept_as_right(by).count(), nights(by).whole) == ({FindingKind.SOLD: 1}, 1, True)
    for branch, seen in ((garage.branch.id, (0, 1)), (north, (1, 0))):
        reader = replace(by, grants=frozenset((right, branch) for right in FleetRight))
        with enter(reader.scope):
            assert (len(shown_of(reader, open_of_radar(reader))), kept_as_right(reader).count()) == seen
            of_company = nights(reader)
        assert (of_company.whole, list(of_company.trend), of_company.agrees_since) == (False, [], None)


# --- a check from beginning to end


def checks(of: Garage) -> list[RadarCheck]:
    return list(RadarCheck.objects.using(OWNER).filter(organisation=of.organisation.id).order_by("id"))


def night(of: Garage) -> None:
    """As the worker does it."""
    radar_tonight.run(portal=of.portal.id)
    go_on(of)


def go_on(of: Garage) -> None:
    cache.delete_many([f"radar:again:{of.portal.id}", "register:resting"])
    work_off_radar.run(portal=of.portal.id)


def stale(*held: OnCover) -> None:
    plates = [one.plate.value for one in held]
    Vehicle.objects.using(OWNER).filter(plate__in=plates).update(looked_up_at=timezone.now() - timedelta(days=2))


def test_night_asks_for_what_is_not_fresh_and_compares_every_company(garage: Garage, serve: Serve) -> None:
    other = world.garage(at=garage.portal)
    old, fresh, theirs = on_cover(garage), on_cover(garage), on_cover(other)
    stale(old, theirs)
    since = vehicles.back(garage, 4).strftime("%Y%m%d")
    stand = serve(stand_of(*(row_of(one.plate, datum_tenaamstelling=since) for one in (old, fresh, theirs))))
    night(garage)
    assert [dataset for dataset, _plates in stand.asked] == ["m9d7-ebf2"]
    assert set(stand.asked[0][1]) == {old.plate.value, theirs.plate.value}
    assert (set(open_(garage)), set(open_(other))) == ({"sold"}, {"sold"})
    (check,) = checks(garage)
    assert (check.vehicles, check.compared, check.found, check.pressed) == (2, 2, 1, False)
    assert check.ended_at is not None
    by = member(garage)
    with enter(by.scope):
        seen = nights(by)
    assert (seen.last, seen.open, list(seen.trend), seen.agrees_since) == (check, None, [1], None)


def test_silent_register_is_left_alone_and_asked_again(garage: Garage, serve: Serve) -> None:
    held = on_cover(garage)
    stale(held)
    stand = serve(everything(mode=Mode.THROTTLE, retry_after="120"))
    radar_tonight.run(portal=garage.portal.id)
    jobs.forget()
    cache.delete("register:resting")
    work_off_radar.run(portal=garage.portal.id)
    (check,) = checks(garage)
    assert (check.ended_at, check.tries) == (None, 1)
    assert cache.get(f"radar:again:{garage.portal.id}")  # it comes back when that time is over
    asked = len(stand.asked)
    work_off_radar.run(portal=garage.portal.id)  # it rests: nobody asks
    assert len(stand.asked) == asked
    stand.mode = Mode.WELL
    go_on(garage)
    (check,) = checks(garage)
    assert (check.vehicles, check.compared) == (1, 1)


def test_register_that_stays_silent_keeps_no_check_open(garage: Garage, serve: Serve) -> None:
    stale(on_cover(garage))
    on_cover(garage, exported=True)
    serve(everything(mode=Mode.FAIL))
    radar_tonight.run(portal=garage.portal.id)
    for _try in range(checking.MOST_TRIES):
        go_on(garage)
    (check,) = checks(garage)
    assert (check.vehicles, check.compared, check.found) == (2, 1, 1)
    assert set(open_(garage)) == {"exported"}


def test_what_was_fetched_before_a_kill_is_not_asked_again(garage: Garage, serve: Serve) -> None:
    several = [on_cover(garage) for _ in range(6)]
    stale(*several)

    def dies(plate: str) -> list[dict[str, object]]:
        return [row_of(plate)]

    stand = serve(Stand(vehicles=dies))
    radar_tonight.run(portal=garage.portal.id)
    with override_settings(RDW_BATCH=2):
        stand.mode, stand.every = Mode.RESET, 2  # the second answer breaks off
        go_on(garage)
        stand.mode = Mode.WELL
        cache.set(f"radar:{garage.portal.id}", 1, timeout=60)  # whoever was killed held it
        go_on(garage)
        assert checks(garage)[0].ended_at is None
        cache.delete(f"radar:{garage.portal.id}")
        go_on(garage)
    asked = [plate for _set, plates in stand.asked for plate in plates]
    assert len(asked) == 6 + 2
    assert checks(garage)[0].compared == 6


def test_register_that_renamed_a_field_is_asked_for_all(garage: Garage, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def rows(dataset: str, plates: Iterable[Plate], _deadline: float, select: str = "") -> list[object]:
        asked.append(select)
        if select:
            raise client.NotAnsweredError("status 400", status=400)
        return [row_of(plate) for plate in plates]

    monkeypatch.setattr(client, "_rows", rows)
    answer = client.ask_facts([vehicles.fresh_plate()], seconds=5)
    assert (len(answer.published), asked) == (1, [client.SELECTED, ""])


def test_press_compares_now_once_at_a_time_and_not_without_end(
    garage: Garage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "BY_COMPANY", Limit(f"test-{world.unique()}", times=2, seconds=60))
    on_cover(garage, in_name_since=vehicles.back(garage, 5))
    by = member(garage)

    def press() -> int:
        with enter(by.scope):
            return compare_now(by=by).id

    first = press()
    assert press() == first
    assert len(jobs.waiting("fleet.radar")) == 1
    go_on(garage)
    assert set(open_(garage)) == {"sold"}
    assert press() != first
    go_on(garage)
    with pytest.raises(BrokenRule, match="very often"):
        press()


def test_reader_of_one_branch_sees_its_findings_only(garage: Garage) -> None:
    elsewhere = world.branch(garage.organisation, name="Ede", establishment_number="000000000099")
    vehicle = vehicles.in_register(in_name_since=vehicles.back(garage, 10))
    vehicles.on_cover(garage, Plate(vehicle.plate), days=10, branch=elsewhere.id)
    on_cover(garage, exported=True)
    Vehicle.objects.using(OWNER).filter(plate=vehicle.plate).update(exported=True)
    compare(garage)
    for by, many in ((garage.actor(FleetRight.VIEW, branch=elsewhere.id), 1), (garage.actor(FleetRight.VIEW), 2)):
        with enter(by.scope):
            assert counts(by) == {FindingKind.EXPORTED: many}


# --- the same verdict, one by one and all at once

DAY = st.integers(0, 70)
SAYS = st.fixed_dictionaries(
    {
        "in_name_since": st.none() | DAY,
        "inspection_until": st.none() | st.integers(-20, 20),
        "exported": st.sampled_from([None, False, False, True]),
        "wam_insured": st.sampled_from([None, True, False]),
        "found": st.sampled_from([True, True, True, False]),
        "kind": st.sampled_from(["Personenauto", "Motorfiets", "Aanhangwagen"]),
        "maximum_mass": st.sampled_from([None, 3500, 3501]),
        "catalogue_value": st.sampled_from([None, Decimal(41_495), Decimal(42_000), Decimal(60_000)]),
        "value_doubt": st.sampled_from(["", "", "too_low"]),
    }
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(said=st.lists(SAYS, min_size=4, max_size=4))
def test_all_at_once_gives_what_each_one_gives(fleet: Garage, said: list[dict[str, Any]]) -> None:
    """Four vehicles, two of them off cover, whatever the register says; findings of before are still there."""
    several = _HELD.get(fleet.organisation.id)
    if several is None:
        several = _HELD[fleet.organisation.id] = [on_cover(fleet) for _ in range(4)]
        off_cover(fleet, several[2], back=5)
        off_cover(fleet, several[3], back=20)
    for one, says_of in zip(several, said, strict=True):
        back = {
            name: None if says_of[name] is None else vehicles.back(fleet, says_of[name])
            for name in ("in_name_since", "inspection_until")
        }
        says(one, **(says_of | back))
    compare(fleet)
    today = vehicles.today(fleet)
    by = the_system(fleet)
    with enter(by.scope):
        read = list(held(fleet.organisation.id, today=today, fresh=fresh_since(), offset=by.clock_offset))
    expected = {
        (one.item, str(kind)): dict(words)
        for one in read
        if one.facts is not None
        for kind, words in judge(one.facts, today=today).items()
    }
    found = Finding.objects.using(OWNER).filter(organisation=fleet.organisation.id, settled_at=None)
    assert {(one.item_id, one.kind): one.said for one in found} == expected


_HELD: dict[int, list[OnCover]] = {}
