"""Asking for cards, printing them once more, making them void; and what becomes of them when the cover changes."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from remise.core.actor import system
from remise.core.errors import DomainError, Forbidden, NotVisible
from remise.core.models import Event
from remise.core.scope import ActorKind, Scope, enter
from remise.documents.models import Document
from remise.fleet.actions import correct_entry, deregister_vehicles
from remise.fleet.rights import FleetRight
from remise.green_cards import rules
from remise.green_cards.actions import print_shipment, reprint_card, void_card
from remise.green_cards.addresses import Address
from remise.green_cards.models import GreenCard, Shipment
from remise.green_cards.retention import forget_addresses
from remise.green_cards.rules import State
from remise.green_cards.selectors.cards import CardQuery, cards, line_of, lines, with_cover
from remise.green_cards.selectors.checking import checked
from remise.green_cards.selectors.covers import covers_of
from remise.policies.models import Policy
from remise.portals.models import Portal
from tests import vehicles, world
from tests.green_cards.cards import HOME, card, held, issue, serials
from tests.green_cards.posting.office import post
from tests.races import at_once
from tests.vehicles import OnCover
from tests.world import OWNER, Garage


@pytest.fixture
def garage() -> Garage:
    return world.garage()


def state(garage: Garage, of: GreenCard, *, later: int = 0) -> State:
    """As the company sees it; the public page says the same."""
    day = vehicles.today(garage) + timedelta(later)
    with enter(garage.actor(*FleetRight).scope):
        found = line_of(of, day).state
    with enter(Scope(ActorKind.PUBLIC, garage.portal.id)):
        public = checked(of.token, day=day)
    assert public is not None
    assert public.state is found
    return found


def test_three_cards_go_in_one_shipment_with_numbers_in_a_row(garage: Garage) -> None:
    shipment = issue(garage, *[held(garage) for _ in range(3)], format="paper", address=HOME)
    found = list(GreenCard.objects.using(OWNER).filter(shipment=shipment.id).order_by("serial"))
    assert [one.serial for one in found] == [1, 2, 3]
    assert [one.plate for one in found] == sorted(one.plate for one in found)
    assert len({one.token for one in found}) == 3
    assert all(one.token.isalnum() and len(one.token) == 32 for one in found)  # copied whole out of a PDF
    stored = Shipment.objects.using(OWNER).get(id=shipment.id)
    assert (stored.street, stored.town) == (HOME.street, HOME.town)
    documents = Document.objects.using(OWNER).filter(id__in=[one.document_id for one in found])
    assert sorted(documents.values_list("number", flat=True)) == ["0000001", "0000002", "0000003"]
    told = Event.objects.using(OWNER).filter(organisation=garage.organisation.id, kind="green_card.issued")
    assert told.count() == 3
    assert HOME.street not in str(list(told.values_list("after", flat=True)))


def test_each_insurer_counts_for_itself(garage: Garage) -> None:
    other = world.garage()
    for of in (garage, other, garage):
        issue(of, held(of))
    assert (serials(garage), serials(other)) == ([1, 2], [1])


def test_pdf_keeps_no_address(garage: Garage) -> None:
    shipment = issue(garage, held(garage), address=HOME)
    stored = Shipment.objects.using(OWNER).get(id=shipment.id)
    assert (stored.street, stored.addressee, stored.forget_on) == ("", "", None)


def test_paper_without_address_is_refused(garage: Garage) -> None:
    with pytest.raises(DomainError) as refused:
        issue(garage, held(garage), format="paper")
    assert (refused.value.code, refused.value.field) == ("address_missing", "street")
    assert serials(garage) == []


@pytest.mark.parametrize("missing", ["addressee", "street", "town"])
def test_paper_needs_all_of_its_address_whoever_writes_it(
    garage: Garage, missing: str, owner_connection: psycopg.Connection
) -> None:
    with pytest.raises(DomainError) as refused:
        issue(garage, held(garage), format="paper", address=replace(HOME, **{missing: ""}))
    assert refused.value.code == "address_missing"
    shipment = issue(garage, held(garage), format="paper", address=HOME)
    with pytest.raises(psycopg.errors.CheckViolation):
        owner_connection.execute(f"update green_cards_shipment set {missing} = '' where id = {shipment.id}")


def test_all_or_none_and_a_refusal_leaves_no_gap(garage: Garage) -> None:
    unknown = vehicles.on_cover(garage)  # the register has not answered
    with pytest.raises(DomainError) as refused:
        issue(garage, held(garage), unknown)
    assert refused.value.code == "not_known_to_register"
    issue(garage, held(garage))
    assert serials(garage) == [1]


def test_request_sent_twice_is_one(garage: Garage) -> None:
    key, vehicle = uuid4(), held(garage)
    assert issue(garage, vehicle, key=key).id == issue(garage, vehicle, key=key).id
    assert serials(garage) == [1]


def test_request_sent_twice_is_one_though_the_vehicle_went_off_meanwhile(garage: Garage) -> None:
    key, vehicle = uuid4(), held(garage)
    first = issue(garage, vehicle, key=key)
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        deregister_vehicles(by=by, policy=garage.policy, items=[vehicle.item], day=vehicles.back(garage, 1))
    assert issue(garage, vehicle, key=key).id == first.id
    assert serials(garage) == [1]


def test_request_sent_twice_is_one_though_its_address_was_forgotten(garage: Garage) -> None:
    key, vehicle = uuid4(), held(garage)
    first = issue(garage, vehicle, key=key, format="paper", address=HOME)
    post(garage)
    later = system(portal=garage.portal.id, name="green_cards.forget_addresses", clock_offset=timedelta(days=30))
    forget_addresses(later)
    assert issue(garage, vehicle, key=key, format="paper", address=HOME).id == first.id


def test_key_used_for_something_else_is_refused(garage: Garage) -> None:
    key, vehicle, other = uuid4(), held(garage), held(garage)
    issue(garage, vehicle, key=key, format="paper", address=HOME)
    elsewhere = replace(HOME, street="Rijnstraat 14")
    asked: list[tuple[list[OnCover], str, Address]] = [
        ([other], "paper", HOME),
        ([vehicle, other], "paper", HOME),
        ([vehicle], "pdf", HOME),
        ([vehicle], "paper", elsewhere),
    ]
    for on_cover, format_, address in asked:
        with pytest.raises(DomainError) as refused:
            issue(garage, *on_cover, key=key, format=format_, address=address)
        assert refused.value.code == "key_used_before"
    assert serials(garage) == [1]


def test_request_sent_twice_asks_for_the_right_each_time(garage: Garage) -> None:
    key, vehicle = uuid4(), held(garage)
    issue(garage, vehicle, key=key)
    with pytest.raises(Forbidden):
        issue(garage, vehicle, key=key, by=garage.actor(FleetRight.VIEW))


def test_same_key_for_two_vehicles_at_once_is_one_request(garage: Garage) -> None:
    key, one, other = uuid4(), held(garage), held(garage)

    def ask(vehicle: OnCover) -> str:
        try:
            issue(garage, vehicle, key=key)
        except DomainError as refused:
            return refused.code
        return "made"

    assert sorted(at_once(lambda: ask(one), lambda: ask(other))) == ["key_used_before", "made"]
    assert serials(garage) == [1]


def test_right_is_asked_in_the_vehicles_branch(garage: Garage) -> None:
    elsewhere = world.branch(garage.organisation, name="Meppel", establishment_number="000000000001")
    vehicle = held(garage)
    with pytest.raises(Forbidden):
        issue(garage, vehicle, by=garage.actor(FleetRight.REQUEST_CARDS, branch=elsewhere.id))
    with pytest.raises(Forbidden):
        issue(garage, vehicle, by=garage.actor(FleetRight.VIEW, FleetRight.REGISTER))
    issue(garage, vehicle, by=garage.actor(FleetRight.REQUEST_CARDS, branch=garage.branch.id))


def test_vehicle_of_another_company_is_not_there(garage: Garage) -> None:
    with pytest.raises(NotVisible):
        issue(garage, held(world.garage(at=garage.portal)))


def test_products_dated_rules_decide_length_and_territory(garage: Garage) -> None:
    world.version(
        garage.policy.product,
        starts=vehicles.back(garage, 10),
        source="Product sheet, art. 9",
        sections={"card": {"term": "months", "months": 13, "excluded": ["IL", "TR"]}},
    )
    made = card(garage)
    assert (made.valid_to - made.valid_from).days in range(393, 397)
    assert made.territory["crossed"] == ["BY", "IL", "RUS", "TR"]
    assert "IR" in made.territory["covered"]


def test_deregistering_ends_the_card_that_midnight(garage: Garage) -> None:
    vehicle = held(garage)
    made = card(garage, vehicle)
    assert state(garage, made) is State.VALID
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        deregister_vehicles(by=by, policy=garage.policy, items=[vehicle.item], day=vehicles.today(garage))
    assert state(garage, made) is State.VALID
    assert state(garage, made, later=1) is State.EXPIRED


def test_list_says_on_which_day_the_cover_ended(garage: Garage) -> None:
    vehicle = held(garage, days=20)
    made = card(garage, vehicle)
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        deregister_vehicles(by=by, policy=garage.policy, items=[vehicle.item], day=vehicles.today(garage))
        today, later = (line_of(made, vehicles.today(garage) + timedelta(days)) for days in (0, 3))
    assert (today.is_cut_short, today.ended_on) == (False, None)
    assert (later.is_cut_short, later.ended_on) == (True, vehicles.today(garage))


def test_deregistering_back_in_time_ends_the_card_at_once_and_for_good(garage: Garage) -> None:
    vehicle = held(garage, days=20)
    made = card(garage, vehicle)
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        deregister_vehicles(by=by, policy=garage.policy, items=[vehicle.item], day=vehicles.back(garage, 2))
    assert state(garage, made) is State.EXPIRED
    vehicles.on_cover(garage, vehicle.plate, days=-1)
    again = card(garage, vehicle)
    assert state(garage, again, later=1) is State.VALID
    assert state(garage, made, later=1) is State.EXPIRED
    with pytest.raises(DomainError) as refused, enter(by.scope):
        reprint_card(by=by, card=made.id)
    assert refused.value.code == "card_not_valid"


def test_deregistration_undone_brings_the_card_back(garage: Garage) -> None:
    vehicle = held(garage, days=20)
    made = card(garage, vehicle)
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        done = deregister_vehicles(by=by, policy=garage.policy, items=[vehicle.item], day=vehicles.back(garage, 2))
    assert state(garage, made) is State.EXPIRED
    with enter(by.scope):
        correct_entry(by=by, policy=garage.policy, entry=done[0].entry.id)
    assert state(garage, made) is State.VALID


def ended(garage: Garage, *, days: int) -> None:
    """The policy ends in so many days, as the insurer's book says it; vehicles stay on it."""
    ends = vehicles.today(garage) + timedelta(days)
    Policy.objects.using(OWNER).filter(id=garage.policy.id).update(ends=ends)
    garage.policy.refresh_from_db(using=OWNER)


def test_policys_end_ends_the_card(garage: Garage) -> None:
    vehicle = held(garage, days=20)
    made = card(garage, vehicle)
    ended(garage, days=20)
    assert state(garage, made, later=19) is State.VALID
    assert state(garage, made, later=20) is State.EXPIRED
    assert card(garage, vehicle).valid_to == vehicles.today(garage) + timedelta(19)
    ended(garage, days=0)
    assert state(garage, made) is State.EXPIRED
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        found = lines(cards(by, CardQuery(day=vehicles.today(garage), state=State.EXPIRED)), vehicles.today(garage))
        assert {line.card.id for line in found} >= {made.id}
    with pytest.raises(DomainError) as refused, enter(by.scope):
        reprint_card(by=by, card=made.id)
    assert refused.value.code == "card_not_valid"


def test_ended_policy_gets_no_card(garage: Garage) -> None:
    vehicle = held(garage, days=20)
    ended(garage, days=0)
    with pytest.raises(DomainError) as refused:
        issue(garage, vehicle)
    assert refused.value.code == "not_insured"
    ended(garage, days=14)
    with pytest.raises(DomainError) as refused:
        issue(garage, vehicle)
    assert refused.value.code == "card_too_short"


@pytest.mark.parametrize("ends", [None, -5, 0, 1, 7, 19, 20, 21])
def test_rule_and_database_agree_where_the_policy_ends(garage: Garage, ends: int | None) -> None:
    """One answers for a card on its page, the other for many at once and for the public."""
    vehicle, by, today = held(garage, days=10), garage.actor(*FleetRight), vehicles.today(garage)
    made = card(garage, vehicle)
    if ends is not None:
        ended(garage, days=ends)
    with enter(by.scope):
        covers, _makes = covers_of([vehicle.item], organisation=by.company)
        for later in (0, 1, 6, 7, 18, 19, 20, 21, 90):
            until = today + timedelta(later)
            stored: Any = with_cover(GreenCard.objects.filter(id=made.id), until).get()
            assert stored.runs == rules.holds(covers[vehicle.item], made.valid_from, until), (ends, later)


def test_registration_undone_leaves_no_card_valid(garage: Garage) -> None:
    vehicle = held(garage, days=0)
    made = [card(garage, vehicle) for _ in range(2)]
    by = garage.actor(FleetRight.REGISTER)  # without the right to make cards void
    with enter(by.scope):
        correct_entry(by=by, policy=garage.policy, entry=vehicle.entry)
    assert {state(garage, one) for one in made} == {State.VOID}
    stored = GreenCard.objects.using(OWNER).filter(item=vehicle.item)
    assert set(stored.values_list("void_reason", flat=True)) == {GreenCard.Reason.CORRECTED}


def test_registration_undone_leaves_cards_of_an_earlier_time_as_they_were(garage: Garage) -> None:
    vehicle = held(garage, days=20)
    early = card(garage, vehicle)
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        deregister_vehicles(by=by, policy=garage.policy, items=[vehicle.item], day=vehicles.today(garage))
    Portal.objects.using(OWNER).filter(id=garage.portal.id).update(clock_offset=timedelta(days=3))
    garage.portal.refresh_from_db(using=OWNER)
    again = vehicles.on_cover(garage, vehicle.plate)
    late = card(garage, vehicle)
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        correct_entry(by=by, policy=garage.policy, entry=again.entry)
    assert (state(garage, early), state(garage, late)) == (State.EXPIRED, State.VOID)


def test_card_not_yet_valid_and_expired_by_its_own_last_day(garage: Garage) -> None:
    made = card(garage, held(garage, days=-14))
    assert state(garage, made) is State.NOT_YET
    assert state(garage, made, later=14) is State.VALID
    length = (made.valid_to - made.valid_from).days
    assert state(garage, made, later=14 + length) is State.VALID
    assert state(garage, made, later=15 + length) is State.EXPIRED


def test_list_finds_by_state_plate_and_number(garage: Garage) -> None:
    by = garage.actor(*FleetRight)
    valid, gone, voided, coming = held(garage), held(garage, days=9), held(garage), held(garage, days=-9)
    made = {name: card(garage, one) for name, one in zip("vgxc", (valid, gone, voided, coming), strict=True)}
    with enter(by.scope):
        void_card(by=by, card=made["x"].id, reason="misprint")
        deregister_vehicles(by=by, policy=garage.policy, items=[gone.item], day=vehicles.back(garage, 3))
        today = vehicles.today(garage)

        def found(**asked: object) -> list[int]:
            query = CardQuery(day=today, **asked)  # type: ignore[arg-type]
            return sorted(line.card.id for line in lines(cards(by, query), today))

        assert found(state=State.VALID) == [made["v"].id]
        assert found(state=State.EXPIRED) == [made["g"].id]
        assert found(state=State.VOID) == [made["x"].id]
        assert found(state=State.NOT_YET) == [made["c"].id]
        assert found(search=valid.plate.formatted) == [made["v"].id]
        assert found(search=made["g"].number) == [made["g"].id]
        assert len(found()) == 4


def test_void_card_stays_void_and_its_number_is_not_used_again(garage: Garage) -> None:
    made = card(garage)
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        void_card(by=by, card=made.id, reason="misprint")
    assert state(garage, made) is State.VOID
    for reason, code in (("lost", "void_already"), ("corrected", "no_reason"), ("", "no_reason")):
        with pytest.raises(DomainError) as refused, enter(by.scope):
            void_card(by=by, card=made.id, reason=reason)
        assert refused.value.code == code
    assert card(garage).serial == 2


def test_void_and_reprint_ask_for_the_right(garage: Garage) -> None:
    made = card(garage)
    reader, stranger = garage.actor(FleetRight.VIEW), world.garage(at=garage.portal).actor(*FleetRight)
    for by, error in ((reader, Forbidden), (stranger, NotVisible)):
        with pytest.raises(error), enter(by.scope):
            void_card(by=by, card=made.id, reason="lost")
        with pytest.raises(error), enter(by.scope):
            reprint_card(by=by, card=made.id)
    assert state(garage, made) is State.VALID


def test_reprint_is_a_marked_document_of_the_same_number(garage: Garage) -> None:
    made = card(garage)
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        first, second = (reprint_card(by=by, card=made.id) for _ in range(2))
        assert made.document_id is not None
        original = Document.objects.get(id=made.document_id)
    assert [original.edition, first.edition, second.edition] == ["", "reprint-1", "reprint-2"]
    assert {original.number, first.number, second.number} == {made.number}
    marks = [document.snapshot["body"]["page"]["mark"] for document in (original, first, second)]
    assert marks[0] == ""
    assert len(set(marks)) == 3
    assert GreenCard.objects.using(OWNER).get(id=made.id).reprints == 2


def print_out(garage: Garage, shipment: Shipment) -> list[str]:
    """The mark on each."""
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        documents = print_shipment(by=by, shipment=shipment.id, language="en")
    return [document.snapshot["body"]["page"]["mark"] for document in documents]


def test_printing_is_marked_after_the_first_time(garage: Garage) -> None:
    shipment = issue(garage, held(garage), held(garage))
    assert print_out(garage, shipment) == ["", ""]
    assert print_out(garage, shipment) == ["Reprint 1", "Reprint 1"]
    one = GreenCard.objects.using(OWNER).filter(shipment=shipment.id).earliest("serial")
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        again = reprint_card(by=by, card=one.id, language="en")
    assert again.snapshot["body"]["page"]["mark"] == "Reprint 2"
    assert print_out(garage, shipment) == ["Reprint 3", "Reprint 2"]
    told = Event.objects.using(OWNER).filter(organisation=garage.organisation.id)
    assert told.filter(kind="green_card.printed", subject=shipment.id).count() == 3
    assert told.filter(kind="green_card.reprinted").count() == 5


def test_two_who_print_at_once_get_one_original(garage: Garage) -> None:
    shipment = issue(garage, held(garage))
    marks = at_once(*[lambda: print_out(garage, shipment)[0]] * 3)
    assert sorted(marks) == ["", "Reprint 1", "Reprint 2"]


def test_card_reprinted_by_itself_is_no_original_any_more(garage: Garage) -> None:
    shipment = issue(garage, held(garage))
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        reprint_card(by=by, card=GreenCard.objects.get(shipment=shipment.id).id)
    assert print_out(garage, shipment) == ["Reprint 2"]


def test_what_is_worth_nothing_is_not_printed(garage: Garage) -> None:
    """By a rule that holds for one card and for a shipment alike."""
    valid, gone, voided = held(garage, days=9), held(garage, days=9), held(garage)
    shipment = issue(garage, valid, gone, voided)
    made = {one.item_id: one for one in GreenCard.objects.using(OWNER).filter(shipment=shipment.id)}
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        void_card(by=by, card=made[voided.item].id, reason="misprint")
        deregister_vehicles(by=by, policy=garage.policy, items=[gone.item], day=vehicles.back(garage, 3))
    with enter(by.scope):
        (document,) = print_shipment(by=by, shipment=shipment.id)
        assert document.id == made[valid.item].document_id
        deregister_vehicles(by=by, policy=garage.policy, items=[valid.item], day=vehicles.back(garage, 1))
    for ask in (
        lambda: print_shipment(by=by, shipment=shipment.id),
        lambda: reprint_card(by=by, card=made[valid.item].id),
    ):
        with pytest.raises(DomainError) as refused, enter(by.scope):
            ask()
        assert refused.value.code == "card_not_valid"


def test_printing_a_shipment_asks_for_the_right(garage: Garage) -> None:
    shipment = issue(garage, held(garage))
    elsewhere = world.branch(garage.organisation, name="Meppel", establishment_number="000000000001")
    for by, error in (
        (garage.actor(FleetRight.VIEW), Forbidden),
        (garage.actor(FleetRight.REQUEST_CARDS, branch=elsewhere.id), NotVisible),
        (world.garage(at=garage.portal).actor(*FleetRight), NotVisible),
    ):
        with pytest.raises(error), enter(by.scope):
            print_shipment(by=by, shipment=shipment.id)
    assert print_out(garage, shipment) == [""]


@pytest.mark.parametrize(
    "change", ["serial = 99", "valid_to = valid_to + 1", "plate = 'XX999X'", "territory = '{}'", "token = 'x'"]
)
def test_what_is_printed_never_changes(garage: Garage, change: str, owner_connection: psycopg.Connection) -> None:
    made = card(garage)
    with pytest.raises(psycopg.errors.RestrictViolation):
        owner_connection.execute(f"update green_cards_greencard set {change} where id = {made.id}")


def test_void_is_not_taken_back(garage: Garage, owner_connection: psycopg.Connection) -> None:
    made = card(garage)
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        void_card(by=by, card=made.id, reason="lost")
    with pytest.raises(psycopg.errors.RestrictViolation):
        owner_connection.execute(
            f"update green_cards_greencard set voided_at = null, void_reason = '' where id = {made.id}"
        )


def test_check_of_another_insurers_card_finds_nothing(garage: Garage) -> None:
    made, other = card(garage), world.garage()
    with enter(Scope(ActorKind.PUBLIC, other.portal.id)):
        assert checked(made.token, day=vehicles.today(other)) is None
