"""A light trailer is noted on the car's card; one with a plate of its own gets a second card, by the car's cover."""

from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest

from remise.core.errors import BrokenRule
from remise.core.identifiers import Plate
from remise.core.scope import ActorKind, Scope, enter
from remise.documents.actions import pdf_of
from remise.documents.models import Document
from remise.fleet.actions import correct_entry, deregister_vehicles
from remise.fleet.rights import FleetRight
from remise.green_cards.actions import issue_green_cards, void_card
from remise.green_cards.models import GreenCard, Shipment
from remise.green_cards.rules import State, Wish
from remise.green_cards.selectors.cards import line_of
from remise.green_cards.selectors.checking import checked
from remise.green_cards.selectors.planning import plans
from tests import vehicles, world
from tests.green_cards.cards import held, serials
from tests.green_cards.pdf import Pdf
from tests.vehicles import OnCover
from tests.world import OWNER, Garage


@pytest.fixture
def garage() -> Garage:
    return world.garage()


def trailer(**facts: object) -> Plate:
    """With a plate of its own, known to the register."""
    plate = vehicles.fresh_plate()
    plate = Plate("W" + plate.value[1:])
    vehicles.in_register(plate, **{"kind": "Aanhangwagen", "make": "HAPERT"} | facts)
    return plate


def issue(garage: Garage, car: OnCover, wish: Wish, *more: OnCover) -> list[GreenCard]:
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        items = [one.item for one in (car, *more)]
        made = issue_green_cards(by=by, policy=garage.policy, items=items, format="pdf", key=uuid4(), wish=wish)
    return cards_of(made)


def cards_of(made: Shipment) -> list[GreenCard]:
    return list(GreenCard.objects.using(OWNER).filter(shipment=made.id).order_by("serial"))


def printed(garage: Garage, card: GreenCard) -> Pdf:
    by = garage.actor(*FleetRight)
    assert card.document_id is not None
    with enter(by.scope):
        return Pdf(pdf_of(Document.objects.get(id=card.document_id), by=by))


def state(garage: Garage, card: GreenCard, later: int = 0) -> State:
    with enter(garage.actor(*FleetRight).scope):
        return line_of(card, vehicles.today(garage) + timedelta(later)).state


def go_off(garage: Garage, car: OnCover) -> None:
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        deregister_vehicles(by=by, policy=garage.policy, items=[car.item], day=vehicles.back(garage, 1))


def test_f144_light_trailer_is_noted_beside_the_category(garage: Garage) -> None:
    (noted,) = issue(garage, held(garage), Wish(with_trailer=True))
    (plain,) = issue(garage, held(garage), Wish())
    assert (noted.category, noted.with_trailer, plain.with_trailer) == ("A", True, False)
    front, beside = printed(garage, noted).pages
    assert "and trailer/caravan" in front
    assert "750 kg" in beside
    assert "and trailer/caravan" not in printed(garage, plain).pages[0]


def test_f144_what_is_shown_before_the_last_click_tells_of_the_trailer(garage: Garage) -> None:
    car, by = held(garage), garage.actor(*FleetRight)
    with enter(by.scope):
        said = [
            plans(by, garage.policy, [car.item], today=vehicles.today(garage), wish=Wish(with_trailer=noted))[0]
            for noted in (True, False)
        ]
    assert said[0].as_shown != said[1].as_shown


def test_f145_second_card_is_the_trailers_and_lives_by_the_cars_cover(garage: Garage) -> None:
    car, plate = held(garage), trailer()
    (card,) = issue(garage, car, Wish(trailer=plate))
    assert (card.plate, card.category, card.make, card.item_id) == (plate.value, "F", "HAPERT", car.item)
    assert card.pulled_by == car.plate.value
    front, beside = printed(garage, card).pages
    assert plate.formatted in front
    assert car.plate.formatted not in front  # nothing but the model's boxes
    assert car.plate.formatted in beside
    assert state(garage, card) is State.VALID
    go_off(garage, car)
    assert state(garage, card) is State.EXPIRED


def test_f145_who_checks_it_reads_what_it_is(garage: Garage) -> None:
    (second,) = issue(garage, held(garage), Wish(trailer=trailer()))
    (noted,) = issue(garage, held(garage), Wish(with_trailer=True))
    with enter(Scope(ActorKind.PUBLIC, garage.portal.id)):
        found = [checked(one.token, day=vehicles.today(garage)) for one in (second, noted)]
    assert [(one.is_second, one.with_trailer) for one in found if one] == [(True, False), (False, True)]


def test_f145_never_longer_than_the_cover(garage: Garage) -> None:
    car = held(garage)
    garage.policy.ends = vehicles.today(garage) + timedelta(60)
    garage.policy.save(using=OWNER)
    (card,) = issue(garage, car, Wish(trailer=trailer()))
    assert card.valid_to == garage.policy.ends - timedelta(1)


def test_f145_registration_that_is_undone_takes_the_second_card_along(garage: Garage) -> None:
    car = held(garage, days=0)
    (card,) = issue(garage, car, Wish(trailer=trailer()))
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        correct_entry(by=by, policy=garage.policy, entry=car.entry)
    card.refresh_from_db(using=OWNER)
    assert card.void_reason == GreenCard.Reason.CORRECTED


def test_f145_one_for_a_trailer_and_a_period(garage: Garage) -> None:
    car, other, plate = held(garage), held(garage), trailer()
    (first,) = issue(garage, car, Wish(trailer=plate))
    for pulls in (car, other):
        with pytest.raises(BrokenRule) as refused:
            issue(garage, pulls, Wish(trailer=plate))
        assert refused.value.code == "trailer_has_card"
        assert first.number in str(refused.value)
    assert serials(garage) == [1]
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        void_card(by=by, card=first.id, reason="lost")
    assert [one.serial for one in issue(garage, other, Wish(trailer=plate))] == [2]


def test_f145_card_that_ended_with_its_car_makes_room_for_the_next(garage: Garage) -> None:
    car, other, plate = held(garage), held(garage), trailer()
    (first,) = issue(garage, car, Wish(trailer=plate))
    go_off(garage, car)
    (second,) = issue(garage, other, Wish(trailer=plate))
    first.refresh_from_db(using=OWNER)
    assert first.void_reason == GreenCard.Reason.REPLACED
    assert state(garage, second) is State.VALID


def test_f145_database_holds_one_for_a_trailer_and_a_period(
    garage: Garage, owner_connection: psycopg.Connection
) -> None:
    (card,) = issue(garage, held(garage), Wish(trailer=trailer()))
    with pytest.raises(psycopg.errors.ExclusionViolation):
        owner_connection.execute(
            "insert into green_cards_greencard (portal, organisation, item_id, branch_id, serial, plate, valid_from,"
            " valid_to, category, with_trailer, pulled_by, make, territory, token, shipment_id, issued_at, reprints,"
            " void_reason) select portal, organisation, item_id, branch_id, serial + 1, plate, valid_to,"
            " valid_to + 20, category, with_trailer, pulled_by, make, territory, token || 'x', shipment_id,"
            f" issued_at, 0, '' from green_cards_greencard where id = {card.id}"
        )


@pytest.mark.parametrize(
    ("facts", "code"),
    [({"kind": "Personenauto"}, "not_a_trailer"), ({"found": False, "make": ""}, "not_known_to_register")],
)
def test_f145_what_the_register_does_not_call_a_trailer_gets_none(
    garage: Garage, facts: dict[str, object], code: str
) -> None:
    with pytest.raises(BrokenRule) as refused:
        issue(garage, held(garage), Wish(trailer=trailer(**facts)))
    assert refused.value.code == code
    assert serials(garage) == []


def test_a_trailer_pulls_none_and_one_car_at_a_time(garage: Garage) -> None:
    itself = held(garage, kind="Aanhangwagen")
    for wish in (Wish(with_trailer=True), Wish(trailer=trailer())):
        with pytest.raises(BrokenRule) as refused:
            issue(garage, itself, wish)
        assert refused.value.code == "is_a_trailer"
    with pytest.raises(BrokenRule) as refused:
        issue(garage, held(garage), Wish(trailer=trailer()), held(garage))
    assert refused.value.code == "one_car"


def test_f146_no_card_beyond_the_day_that_is_asked(garage: Garage) -> None:
    until = vehicles.today(garage) + timedelta(40)
    (card,) = issue(garage, held(garage), Wish(until=until))
    assert card.valid_to == until
    with pytest.raises(BrokenRule) as refused:
        issue(garage, held(garage), Wish(until=vehicles.today(garage) + timedelta(5)))
    assert refused.value.code == "card_too_short"


def test_request_sent_twice_is_one_also_for_a_trailer(garage: Garage) -> None:
    car, plate, key, by = held(garage), trailer(), uuid4(), garage.actor(*FleetRight)
    made = []
    for _time in range(2):
        with enter(by.scope):
            made.append(
                issue_green_cards(
                    by=by,
                    policy=garage.policy,
                    items=[car.item],
                    format="pdf",
                    key=key,
                    wish=Wish(trailer=plate),
                )
            )
    assert made[0].id == made[1].id
    with pytest.raises(BrokenRule) as refused, enter(by.scope):
        issue_green_cards(by=by, policy=garage.policy, items=[car.item], format="pdf", key=key)
    assert refused.value.code == "key_used_before"
