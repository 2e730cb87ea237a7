"""Cards that nobody asks for: at registration, when the register answers later, and before the last one ends."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from remise.core.actor import system
from remise.core.events import PARCEL
from remise.core.models import Event
from remise.core.scope import enter
from remise.fleet.actions import complete_registration, correct_entry, deregister_vehicles
from remise.fleet.rights import FleetRight
from remise.green_cards import coming, tasks
from remise.green_cards.actions import choose_delivery, give_cards, void_card
from remise.green_cards.models import GreenCard, Shipment
from remise.green_cards.rules import USUAL, CardRules, Delivery, Span, due_from
from remise.messages.models import Mail, Mailing
from tests import jobs, races, vehicles, world
from tests.green_cards.cards import held, issue
from tests.vehicles import OnCover
from tests.world import OWNER, Garage

TODAY = date(2026, 11, 23)
BY_ITSELF = CardRules(USUAL.term, 12, 1, 1, USUAL.excluded, "", automatic=True, ahead_days=30)


def garage(**card: Any) -> Garage:
    return world.garage(sections={"card": {"automatic": True, "ahead_days": 30} | card})


def cards(of: Garage, vehicle: OnCover | None = None) -> list[GreenCard]:
    found = GreenCard.objects.using(OWNER).filter(organisation=of.organisation.id).select_related("shipment")
    return list((found.filter(item=vehicle.item) if vehicle else found).order_by("serial"))


def give(of: Garage, *items: int) -> list[Shipment]:
    by = system(portal=of.portal.id, name="green_cards.give", clock_offset=of.portal.clock_offset)
    by = by.acting_for(of.organisation.id)
    with enter(by.scope):
        return give_cards(by=by, policy=of.policy, items=items)


def nightly(of: Garage) -> None:
    tasks.give_next.run(portal=of.portal.id)
    jobs.work_off()


# --- the rule


@pytest.mark.parametrize(
    ("cover", "given_before", "due"),
    [
        ([], [], None),
        ([(date(2026, 11, 1), None)], [], date(2026, 11, 1)),
        ([(date(2026, 12, 1), None)], [], date(2026, 12, 1)),
        ([(date(2026, 1, 1), date(2026, 11, 1))], [], None),
        # 24 December is 31 days away, 23 December 30.
        ([(date(2026, 1, 1), None)], [Span(date(2026, 1, 1), date(2026, 12, 24))], None),
        ([(date(2026, 1, 1), None)], [Span(date(2026, 1, 1), date(2026, 12, 23))], date(2026, 12, 24)),
        # A card that was asked for in between runs longer.
        (
            [(date(2026, 1, 1), None)],
            [Span(date(2026, 1, 1), date(2026, 12, 1)), Span(date(2026, 9, 1), date(2027, 8, 31))],
            None,
        ),
        # Cover that began anew, and cover that ends with the card.
        ([(date(2026, 11, 20), None)], [Span(date(2026, 1, 1), date(2027, 6, 30))], date(2026, 11, 20)),
        ([(date(2026, 1, 1), date(2026, 12, 2))], [Span(date(2026, 1, 1), date(2026, 12, 1))], None),
        # A night that was missed.
        ([(date(2025, 1, 1), None)], [Span(date(2025, 1, 1), date(2026, 11, 1))], date(2026, 11, 2)),
    ],
)
def test_when_a_card_is_due(
    cover: Sequence[tuple[date, date | None]], given_before: list[Span], due: date | None
) -> None:
    assert due_from(BY_ITSELF, cover, given_before, today=TODAY) == due


@given(starts=st.dates(date(2026, 1, 1), date(2026, 12, 1)), nights=st.integers(1, 900))
def test_night_after_night_there_is_always_a_card_and_never_two_for_a_day(starts: date, nights: int) -> None:
    cover, made = [(starts, None)], list[Span]()
    for night in range(nights):
        today = starts + timedelta(night)
        due = due_from(BY_ITSELF, cover, made, today=today)
        if due is not None:
            first = max(today, due)
            made.append(Span(first, first + timedelta(364)))
        assert sum(span.first <= today <= span.last for span in made) == 1


# --- at registration


def test_card_comes_with_the_registration_and_says_so(nothing_waits: None) -> None:
    of = garage()
    vehicle = held(of, days=0)
    jobs.work_off()
    (card,) = cards(of)
    assert (card.item_id, card.by_itself, card.valid_from) == (vehicle.item, True, vehicles.today(of))
    assert (card.shipment.format, card.shipment.requested_by, card.document_id is not None) == ("pdf", None, True)
    (event,) = Event.objects.using(OWNER).filter(portal=of.portal.id, kind="green_card.issued")
    assert (event.account, event.by_system, event.said["by_itself"]) == (None, "green_cards.give", True)
    assert not Mail.objects.using(OWNER).filter(portal=of.portal.id).exists()


def test_none_where_the_product_gives_none(nothing_waits: None) -> None:
    of = world.garage()
    vehicle = held(of, days=0)
    followers = [told.get("subscriber", name) for _id, name, told in jobs.waiting()]
    assert [name for name in followers if name.startswith("green_cards")] == []
    give(of, vehicle.item)
    nightly(of)
    assert cards(of) == []


def test_night_reads_what_a_product_says_once_for_all_its_policies() -> None:
    of = garage()
    for _more in range(3):
        world.garage(at=of.portal)
    by = system(portal=of.portal.id, name="green_cards.give_next", clock_offset=of.portal.clock_offset)
    with enter(by.scope), CaptureQueriesContext(connection) as captured:
        assert list(coming.due(by)) == []
    assert sum('FROM "policies_productversion"' in one["sql"] for one in captured) == 1


def test_job_done_twice_makes_one_card(nothing_waits: None) -> None:
    of = garage()
    vehicle = held(of, days=0)
    jobs.work_off()
    assert give(of, vehicle.item) == []
    jobs.put("green_cards.give", {"portal": of.portal.id, "policy": of.policy.id, "items": [vehicle.item]})
    nightly(of)
    assert len(cards(of)) == 1


def test_two_jobs_at_once_make_one_card() -> None:
    of = garage()
    vehicle = held(of, days=0)
    races.at_once(*[lambda: give(of, vehicle.item)] * 4)
    assert len(cards(of)) == 1
    jobs.work_off()


def test_database_keeps_a_second_one_out() -> None:
    of = garage()
    vehicle = held(of, days=0)
    give(of, vehicle.item)
    (card,) = cards(of)
    card.pk, card.serial, card.token = None, card.serial + 1, "x" * 32
    with pytest.raises(IntegrityError, match="by_itself_once"), transaction.atomic(using=OWNER):
        card.save(using=OWNER, force_insert=True)
    jobs.work_off()


def test_job_that_dies_leaves_nothing_and_its_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    of = garage()
    vehicle = held(of, days=0)

    def die(*_args: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("remise.green_cards.actions.issuing._draw_up", die)
        with pytest.raises(KeyboardInterrupt):
            give(of, vehicle.item)
    assert cards(of) == []
    assert not Shipment.objects.using(OWNER).filter(organisation=of.organisation.id).exists()
    give(of, vehicle.item)
    assert [card.serial for card in cards(of)] == [1]
    jobs.work_off()


def test_silent_register_and_the_card_follows(nothing_waits: None) -> None:
    of = garage()
    plate = vehicles.fresh_plate()
    vehicle = vehicles.on_cover(of, plate)
    jobs.work_off()
    assert cards(of) == []
    nightly(of)
    assert cards(of) == []
    said = vehicles.in_register(plate)
    by = system(portal=of.portal.id, name="fleet.ask_register").acting_for(of.organisation.id)
    with enter(by.scope):
        complete_registration(by=by, item=vehicle.item, vehicle=said)
    jobs.work_off()
    assert [card.item_id for card in cards(of)] == [vehicle.item]


def test_undone_and_registered_again_the_same_day(nothing_waits: None) -> None:
    of = garage()
    plate = vehicles.fresh_plate()
    vehicles.in_register(plate)
    first = vehicles.on_cover(of, plate)
    jobs.work_off()
    by = of.actor(*FleetRight)
    with enter(by.scope):
        correct_entry(by=by, policy=of.policy, entry=first.entry)
    vehicles.on_cover(of, plate)
    jobs.work_off()
    assert [card.void_reason for card in cards(of)] == ["corrected", ""]


def test_void_card_is_not_made_again_by_itself(nothing_waits: None) -> None:
    of = garage()
    held(of, days=0)
    jobs.work_off()
    (card,) = cards(of)
    by = of.actor(*FleetRight)
    with enter(by.scope):
        void_card(by=by, card=card.id, reason="lost")
    nightly(of)
    assert len(cards(of)) == 1


# --- the next one


def test_next_card_before_the_last_one_ends_while_cover_runs_on(nothing_waits: None) -> None:
    of = garage()
    runs_on, leaves = held(of, days=0), held(of, days=0)
    jobs.work_off()
    (first,) = cards(of, runs_on)
    days = (first.valid_to - vehicles.today(of)).days
    vehicles.later(of, days - 31)
    nightly(of)
    assert len(cards(of)) == 2
    by = of.actor(*FleetRight)
    with enter(by.scope):
        deregister_vehicles(by=by, policy=of.policy, items=[leaves.item], day=vehicles.back(of, -20))
    vehicles.later(of, 1)
    for _night in range(2):
        nightly(of)
    assert [(card.valid_from, card.period) for card in cards(of, runs_on)] == [
        (first.valid_from, first.valid_from),
        (first.valid_to + timedelta(1), first.valid_to + timedelta(1)),
    ]
    assert len(cards(of, leaves)) == 1


def test_card_that_was_asked_for_counts(nothing_waits: None) -> None:
    of = world.garage()
    vehicle = held(of)
    issue(of, vehicle)
    world.version(
        of.policy.product, starts=vehicles.back(of, 1), sections={"card": {"automatic": True, "ahead_days": 30}}
    )
    nightly(of)
    assert [card.by_itself for card in cards(of)] == [False]


def test_what_was_missed_comes_by_night() -> None:
    of = garage()
    vehicle = held(of, days=3)
    jobs.forget()
    nightly(of)
    assert [card.item_id for card in cards(of)] == [vehicle.item]


# --- many


def test_many_go_in_parts_with_numbers_in_a_row(nothing_waits: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coming, "TOGETHER", 3)
    assert PARCEL >= 3
    of = garage()
    for _each in range(7):
        held(of, days=1)
    jobs.forget()
    tasks.give_next.run(portal=of.portal.id)
    parts = [ids["items"] for _id, name, ids in jobs.waiting("green_cards.give")]
    assert [len(part) for part in parts] == [3, 3, 1]
    jobs.work_off()
    assert [card.serial for card in cards(of)] == list(range(1, 8))
    assert Shipment.objects.using(OWNER).filter(organisation=of.organisation.id).count() == 3


# --- how they come


@pytest.mark.parametrize(
    ("said", "chosen", "found"),
    [
        (Delivery.LIST, None, ("pdf", 0)),
        (Delivery.POST, None, ("paper", 0)),
        (Delivery.MAIL, None, ("pdf", 1)),
        (Delivery.LIST, Delivery.MAIL, ("pdf", 1)),
        (Delivery.MAIL, Delivery.LIST, ("pdf", 0)),
    ],
)
def test_as_the_product_says_or_as_the_company_wishes(
    nothing_waits: None, said: Delivery, chosen: Delivery | None, found: tuple[str, int]
) -> None:
    of = garage(delivery=said)
    type(of.organisation).objects.using(OWNER).filter(id=of.organisation.id).update(contact_email="post@a.example")
    type(of.branch).objects.using(OWNER).filter(id=of.branch.id).update(street="Rijnstraat 1", town="Zwolle")
    by = of.actor(*FleetRight)
    if chosen is not None:
        with enter(by.scope):
            choose_delivery(by=by, delivery=chosen, language="de")
    held(of, days=0)
    jobs.work_off()
    (card,) = cards(of)
    mailed = Mailing.objects.using(OWNER).filter(organisation=of.organisation.id, subject=card.id)
    assert (card.shipment.format, mailed.count()) == found
    assert card.document is not None
    assert card.document.language == ("de" if chosen else "nl")
    if mailed.exists():
        assert mailed.get().account is None
        assert Mail.objects.using(OWNER).filter(portal=of.portal.id).count() == 1


def test_without_an_address_the_pdf_alone(nothing_waits: None) -> None:
    for delivery in (Delivery.POST, Delivery.MAIL):
        of = garage(delivery=delivery)
        held(of, days=0)
        jobs.work_off()
        (card,) = cards(of)
        assert card.shipment.format == "pdf"
        assert not Mailing.objects.using(OWNER).filter(organisation=of.organisation.id).exists()
