"""Green cards by API: the verdicts, the files and the limits of the pages."""

from typing import Any
from uuid import uuid4

import pytest

from remise.core.models import Event
from remise.core.scope import enter
from remise.fleet.rights import FleetRight
from remise.green_cards.actions import send_again, void_card
from remise.green_cards.models import GreenCard, Shipment
from remise.green_cards.posting.returning import note_return
from remise.messages.models import Mail
from tests import jobs, vehicles, world
from tests.api.program import Program, program
from tests.green_cards import cards
from tests.green_cards.pdf import Pdf
from tests.green_cards.posting.office import post, staff
from tests.journeys.server import Mailbox
from tests.world import OWNER, Garage


@pytest.fixture
def garage() -> Garage:
    return world.garage()


@pytest.fixture
def caller(garage: Garage) -> Program:
    return program(garage)


def ask(caller: Program, garage: Garage, *plates: str, **more: object) -> Any:
    return caller.post(f"/policies/{garage.policy.number}/cards", {"plates": plates} | more)


def test_request_gives_a_verdict_for_each_plate(garage: Garage, caller: Program) -> None:
    good, unknown = cards.held(garage), vehicles.on_cover(garage)
    never = vehicles.fresh_plate()
    sent = [good.plate.formatted, unknown.plate.value, never.value, "1-2", good.plate.value]
    answer = ask(caller, garage, *sent)
    assert answer.status_code == 201
    told = answer.json()
    assert [(one["plate"], one["verdict"], one["code"]) for one in told["verdicts"]] == [
        (good.plate.formatted, "accepted", ""),
        (unknown.plate.value, "refused", "not_known_to_register"),
        (never.value, "refused", "not_on_policy"),
        ("1-2", "refused", "too_short"),
    ]
    card = told["verdicts"][0]["card"]
    assert (card["plate"], card["state"], card["format"]) == (good.plate.value, "valid", "pdf")
    assert caller.get(answer["Location"]).json()["cards"] == [card]
    assert cards.serials(garage) == [1]


def test_request_of_none_that_can_have_one_makes_nothing_and_says_why(garage: Garage, caller: Program) -> None:
    unknown, never = vehicles.on_cover(garage), vehicles.fresh_plate()
    answer = ask(caller, garage, unknown.plate.value, never.value)
    told = answer.json()
    assert (answer.status_code, told["code"], told["field"]) == (422, "not_known_to_register", "plates")
    assert unknown.plate.formatted in told["detail"]
    assert never.formatted in told["detail"]
    assert not Shipment.objects.using(OWNER).filter(organisation=garage.organisation.id).exists()


def test_request_sent_again_makes_nothing_twice(garage: Garage, caller: Program) -> None:
    held = cards.held(garage)
    body = {"plates": [held.plate.value]}
    first, again = (caller.post(f"/policies/{garage.policy.number}/cards", body, key="one") for _n in range(2))
    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
    assert cards.serials(garage) == [1]


def test_request_by_post_takes_the_address_of_the_branch_or_the_one_sent(garage: Garage, caller: Program) -> None:
    held = cards.held(garage)
    told = ask(caller, garage, held.plate.value, format="paper").json()
    if told.get("code"):  # the branch of this garage has none
        assert told["field"] in {"street", "postcode", "town"}
    address = {"addressee": "Balie", "street": "Rijnstraat 12", "postcode": "8011 AB", "town": "Zwolle"}
    answer = ask(caller, garage, held.plate.value, format="paper", address=address)
    assert answer.status_code == 201
    made = Shipment.objects.using(OWNER).get(id=answer.json()["shipment"])
    assert (made.format, made.street, made.country) == ("paper", "Rijnstraat 12", "NL")
    assert "Rijnstraat" not in caller.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"recipient": "jan@"}, "recipient"),
        ({"format": "fax"}, "format"),
        ({"language": "fr"}, "language"),
        ({"format": "paper", "address": {"street": "Rijnstraat 12"}}, "addressee"),
    ],
)
def test_request_with_something_wrong_names_its_field(
    garage: Garage, caller: Program, more: dict[str, object], field: str
) -> None:
    answer = ask(caller, garage, cards.held(garage).plate.value, **more)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert cards.serials(garage) == []


def test_request_with_a_mail_sends_it_and_tells_how_it_fared(
    garage: Garage, caller: Program, mailbox: Mailbox
) -> None:
    jobs.forget()
    to = f"jan-{world.unique()}@example.test"
    plates = [cards.held(garage).plate.value, cards.held(garage).plate.value]
    answer = ask(caller, garage, *plates, recipient=to, language="de")
    assert answer.json()["mail"]["state"] == "waiting"
    jobs.work_off()
    (message,) = mailbox.taken
    assert (message["To"], len(list(message.iter_attachments()))) == (to, 2)
    shipment = caller.get(answer["Location"]).json()
    assert (shipment["mail"]["state"], shipment["mail"]["language"]) == ("sent", "de")
    card = shipment["cards"][0]["id"]
    assert [one["state"] for one in caller.get(f"/cards/{card}/mails").json()] == ["sent"]
    assert to not in caller.get(answer["Location"]).content.decode()


def test_list_is_filtered_and_paged(garage: Garage, caller: Program) -> None:
    other = world.branch(garage.organisation, name="Deventer", establishment_number="000000000009")
    made = [cards.card(garage) for _each in range(3)]
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        void_card(by=by, card=made[0].id, reason="lost")

    def numbers(**asked: str | int) -> list[str]:
        return [one["number"] for one in caller.get("/cards", **asked).json()["items"]]

    assert numbers() == [card.number for card in reversed(made)]
    assert numbers(search=made[1].plate) == [made[1].number]
    assert numbers(search=str(made[2].serial)) == [made[2].number]
    assert numbers(state="void") == [made[0].number]
    assert numbers(branch=other.id) == []
    before = vehicles.back(garage, 1).isoformat()
    assert [one["state"] for one in caller.get("/cards", day=before).json()["items"]] == [
        "not_yet",
        "not_yet",
        "void",
    ]


def test_card_and_shipment_say_how_far_the_letter_is(garage: Garage, caller: Program) -> None:
    shipment = cards.issue(garage, cards.held(garage), format="paper", address=cards.HOME)
    card = GreenCard.objects.using(OWNER).get(shipment=shipment.id)
    paths = (f"/cards/{card.id}", f"/shipments/{shipment.id}")
    assert [caller.get(path).json()["post"]["state"] for path in paths] == ["waiting"] * 2
    batch = post(garage)
    day = vehicles.today(garage).isoformat()
    for path in paths:
        said = caller.get(path).json()["post"]
        assert (said["state"], said["posted_on"]) == ("sent", day)
    told = [one for one in caller.get("/events").json()["events"] if one["kind"] == "shipment.sent"]
    assert [one["data"] for one in told] == [{"shipment": shipment.id, "state": "sent"}]
    assert batch.number == 1
    file = cards.issue(garage, cards.held(garage))
    assert caller.get(f"/shipments/{file.id}").json()["post"] is None


def test_letter_that_came_back_and_went_again_is_told(garage: Garage, caller: Program) -> None:
    shipment = cards.issue(garage, cards.held(garage), format="paper", address=cards.HOME)
    card = GreenCard.objects.using(OWNER).get(shipment=shipment.id)
    post(garage)
    printer, customer = staff(garage), garage.actor(*FleetRight)
    with enter(printer.scope):
        note_return(by=printer, shipment=shipment.id, reason="refused")
    day = vehicles.today(garage).isoformat()
    for path in (f"/cards/{card.id}", f"/shipments/{shipment.id}"):
        said = caller.get(path).json()["post"]
        assert (said["state"], said["returned_on"], said["return_reason"]) == ("returned", day, "refused")
    with enter(customer.scope):
        again = send_again(by=customer, shipment=shipment.id, address=cards.HOME, key=uuid4())
    answer = caller.get(f"/shipments/{again.id}").json()
    assert (answer["again_of"], [one["id"] for one in answer["cards"]]) == (shipment.id, [card.id])
    assert caller.get(f"/cards/{card.id}").json()["post"]["state"] == "waiting"
    told = [one["data"] for one in caller.get("/events").json()["events"] if one["kind"].startswith("shipment.")]
    assert told[1:] == [
        {"shipment": shipment.id, "state": "returned", "reason": "refused"},
        {"shipment": again.id, "state": "waiting", "again_of": shipment.id},
    ]


def test_pdf_is_the_one_printed_last_and_who_read_it_is_written_down(garage: Garage, caller: Program) -> None:
    card = cards.card(garage)
    answer = caller.get(f"/cards/{card.id}/pdf")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert card.number in Pdf(answer.content).pages[0]
    assert "Reprint" not in "".join(Pdf(answer.content).pages)
    again = caller.post(f"/cards/{card.id}/reprints")
    assert (again.status_code, again.json()["reprints"]) == (201, 1)
    assert "Reprint 1" in "".join(Pdf(caller.get(again["Location"]).content).pages)
    read = Event.objects.using(OWNER).filter(organisation=garage.organisation.id, kind="document.read")
    assert [event.via for event in read] == ["api", "api"]


def test_void_is_said_once_and_stops_what_waits(garage: Garage, caller: Program) -> None:
    card = cards.card(garage)
    assert caller.post(f"/cards/{card.id}/mails", {"recipient": "jan@example.test"}).status_code == 202
    wrong = caller.post(f"/cards/{card.id}/void", {"reason": "corrected"})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "reason")
    done = caller.post(f"/cards/{card.id}/void", {"reason": "misprint"})
    assert (done.json()["state"], done.json()["void_reason"]) == ("void", "misprint")
    assert [one["state"] for one in caller.get(f"/cards/{card.id}/mails").json()] == [Mail.State.WITHDRAWN]
    again = caller.post(f"/cards/{card.id}/void", {"reason": "misprint"})
    assert (again.status_code, again.json()["code"]) == (422, "void_already")
    for path, body in (("reprints", None), ("mails", {"recipient": "jan@example.test"})):
        assert caller.post(f"/cards/{card.id}/{path}", body).json()["code"] == "card_void"
    assert caller.get(f"/cards/{card.id}/pdf").status_code == 404


def test_reader_sees_cards_and_prints_none(garage: Garage) -> None:
    card = cards.card(garage)
    reader = program(garage, held=[FleetRight.VIEW])
    shown = reader.get(f"/cards/{card.id}").json()
    assert (shown["number"], shown["check_url"]) == (card.number, None)
    for answer in (
        reader.get(f"/cards/{card.id}/pdf"),
        reader.post(f"/cards/{card.id}/reprints"),
        reader.post(f"/cards/{card.id}/void", {"reason": "lost"}),
        reader.post(f"/cards/{card.id}/mails", {"recipient": "jan@example.test"}),
        reader.get(f"/shipments/{card.shipment_id}"),
    ):
        assert (answer.status_code, answer.json()["missing"]["right"]) == (403, "cards.request")


def test_key_of_another_branch_meets_none_of_it(garage: Garage) -> None:
    other = world.branch(garage.organisation, name="Deventer", establishment_number="000000000009")
    card, held = cards.card(garage), cards.held(garage)
    caller = program(garage, branches=[other.id])
    assert caller.get("/cards").json()["items"] == []
    for path in (f"/cards/{card.id}", f"/cards/{card.id}/pdf", f"/shipments/{card.shipment_id}"):
        assert caller.get(path).status_code == 404
    answer = ask(caller, garage, held.plate.value)
    assert (answer.status_code, answer.json()["missing"]["branch"]["name"]) == (403, "Zwolle")
    assert GreenCard.objects.using(OWNER).filter(organisation=garage.organisation.id).count() == 1
