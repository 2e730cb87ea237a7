"""Other terms for one vehicle from a day on, by its page: what was touched alone, shown before it happens."""

import csv
import io
import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from remise.core.identifiers import Plate
from remise.core.models import Entry
from remise.core.scope import enter
from remise.fleet.actions import deregister_vehicles
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.organisations.models import Party
from remise.ui.formats import day as shown_day
from tests import sessions, vehicles, world
from tests.green_cards.cards import issue
from tests.vehicles import OnCover
from tests.world import OWNER, Garage

FIELDS: list[dict[str, object]] = [
    {
        "name": "cover",
        "kind": "choice",
        "labels": {"en": "Cover"},
        "required": True,
        "choices": [
            {"value": "wa", "labels": {"en": "Liability"}},
            {"value": "full", "labels": {"en": "Full cover"}},
        ],
    },
    {"name": "driver", "kind": "party", "labels": {"en": "Driver"}, "required": False},
    {"name": "seats", "kind": "number", "labels": {"en": "Seats"}, "required": False, "least": 1, "most": 9},
    {"name": "rent", "kind": "money", "labels": {"en": "Rent"}, "required": False},
    {"name": "abroad", "kind": "yes_no", "labels": {"en": "Abroad"}, "required": False},
]
GIVEN = {"cover": "wa", "driver": "Wim Kuipers", "seats": "5", "rent": "1.234,50", "abroad": "yes"}


def on_cover(garage: Garage, plate: Plate | None = None, *, days: int = 10) -> OnCover:
    cover, driver, seats, rent, abroad = GIVEN.values()
    return vehicles.on_cover(
        garage, plate, days=days, cover=cover, driver=driver, seats=seats, rent=rent, abroad=abroad
    )


@pytest.fixture
def garage() -> Garage:
    return world.garage(fields=FIELDS)


@pytest.fixture
def client(garage: Garage) -> Client:
    who = world.member(garage.organisation, rights=[*FleetRight])
    return sessions.client_of(who, garage.portal)


@pytest.fixture
def held(garage: Garage) -> OnCover:
    return on_cover(garage)


def url(held: OnCover) -> str:
    return f"/vehicles/{held.item}/change"


def filled(client: Client, held: OnCover) -> dict[str, str]:
    """The form as the browser would send it back."""
    form = client.get(url(held)).context["form"]
    sent = {bound.name: str(bound.value() or "") for bound in form}
    return sent | {f"shown-{name}": text for name, text in form.shown.items()}


def send(client: Client, held: OnCover, step: str = "", **typed: object) -> Any:
    return client.post(url(held), filled(client, held) | {"step": step} | {k: str(v) for k, v in typed.items()})


def entries(held: OnCover) -> int:
    return Entry.objects.using(OWNER).filter(item=held.item).count()


def terms(held: OnCover, day: date) -> RegistrationVersion:
    found = RegistrationVersion.objects.using(OWNER).filter(item=held.item).as_of(day).first()
    assert found is not None
    return found


def driver_of(version: RegistrationVersion) -> str:
    assert version.driver is not None
    return Party.objects.using(OWNER).get(id=version.driver).name


def test_form_stands_filled_in_with_the_terms_of_now(client: Client, held: OnCover) -> None:
    sent = filled(client, held)
    assert {name: sent[name] for name in GIVEN} == GIVEN | {"rent": "1234.50"}
    assert "Change" in client.get(f"/vehicles/{held.item}").content.decode()


def test_what_changes_is_shown_and_nothing_happens(client: Client, held: OnCover, garage: Garage) -> None:
    answer = send(client, held, cover="full", driver="", day=vehicles.back(garage, 2))
    lines = {line.label: (line.before, line.after) for line in answer.context["preview"].lines}
    assert answer.status_code == 200
    assert lines == {"Cover": ("Liability", "Full cover"), "Driver": ("Wim Kuipers", "")}
    assert "Nothing now." in answer.content.decode()
    assert entries(held) == 1


def test_confirmed_it_holds_from_that_day_and_has_a_receipt(client: Client, held: OnCover, garage: Garage) -> None:
    day = vehicles.back(garage, 2)
    answer = send(client, held, "confirm", cover="full", driver="Lotte Smit", day=day)
    entry = Entry.objects.using(OWNER).filter(item=held.item).latest("id")
    assert answer["Location"] == f"/vehicles/receipts/{entry.id}"
    assert (terms(held, vehicles.back(garage, 3)).cover, terms(held, day).cover) == ("wa", "full")
    now = terms(held, day)
    assert driver_of(now) == "Lotte Smit"
    assert now.details == {"seats": 5, "rent": "1234.50", "abroad": True}  # untouched
    receipt = client.get(answer["Location"]).content.decode()
    assert "is insured on other terms from" in receipt
    assert "is then insured on the terms of before" in receipt
    assert "Next plate" not in receipt  # nobody who changes one registers another
    page = client.get(f"/vehicles/{held.item}").content.decode()
    assert "Changed" in page
    assert f"/vehicles/receipts/{entry.id}" in page


def test_back_to_the_form_keeps_everything(client: Client, held: OnCover) -> None:
    answer = send(client, held, "edit", cover="full", driver="Iemand Anders", seats="99")
    form = answer.context["form"]
    assert answer.status_code == 200
    assert (form["cover"].value(), form["driver"].value(), form["seats"].value()) == ("full", "Iemand Anders", "99")
    assert form.shown["cover"] == "wa"
    assert not form.errors


def test_what_a_colleague_changed_meanwhile_stays(client: Client, held: OnCover, garage: Garage) -> None:
    """Only what was touched is sent: the page was older than that change."""
    old = filled(client, held)
    today = vehicles.today(garage)
    send(client, held, "confirm", seats="7", day=today)
    client.post(url(held), old | {"driver": "Lotte Smit", "step": "confirm", "day": today.isoformat()})
    now = terms(held, today)
    assert (now.details["seats"], driver_of(now)) == (7, "Lotte Smit")


@pytest.mark.parametrize(
    ("typed", "field", "code"),
    [
        ({"cover": ""}, "cover", "required"),
        ({"cover": "all"}, "cover", "invalid_choice"),
        ({"seats": "12"}, "seats", "too_high"),
        ({"rent": "veel"}, "rent", "amount"),
        ({"seats": "6", "day": ""}, "day", "required"),
        ({"seats": "6", "day": "2026-02-30"}, "day", "invalid"),
    ],
)
@pytest.mark.parametrize("step", ["", "confirm"])
def test_refusal_stands_beside_its_field(
    client: Client, held: OnCover, typed: dict[str, str], field: str, code: str, step: str
) -> None:
    answer = send(client, held, step, driver="Lotte Smit", **typed)
    errors = answer.context["form"].errors.as_data()
    assert (answer.status_code, list(errors)) == (422, [field])
    assert errors[field][0].code == code or field == "rent"
    assert 'value="Lotte Smit"' in answer.content.decode()  # nothing is lost
    assert entries(held) == 1


@pytest.mark.parametrize(("back", "code"), [(29, "too_long_ago"), (-32, "too_far_ahead"), (11, "before_cover")])
def test_day_that_cannot_be_is_refused_before_and_after(
    client: Client, held: OnCover, garage: Garage, back: int, code: str
) -> None:
    for step in ("", "confirm"):
        answer = send(client, held, step, seats="6", day=vehicles.back(garage, back))
        errors = answer.context["form"].errors.as_data()
        assert (answer.status_code, errors["day"][0].code) == (422, code)
    assert entries(held) == 1


@pytest.mark.parametrize("step", ["", "confirm"])
def test_nothing_touched_changes_nothing(client: Client, held: OnCover, step: str) -> None:
    answer = send(client, held, step)
    assert answer.status_code == 422
    assert "Nothing changes" in unescape(answer.content.decode())
    assert entries(held) == 1


def test_what_was_entered_before_for_a_later_day_stays_and_is_told(
    client: Client, held: OnCover, garage: Garage
) -> None:
    later, today = vehicles.back(garage, -5), vehicles.today(garage)
    send(client, held, "confirm", seats="9", day=later)
    answer = send(client, held, seats="7", day=today)
    (line,) = answer.context["preview"].lines
    assert (line.before, line.after) == ("5", "7")
    assert "9" in line.until
    send(client, held, "confirm", seats="7", day=today)
    assert (terms(held, today).details["seats"], terms(held, later).details["seats"]) == (7, 9)


def test_green_card_is_said_to_stay(client: Client, garage: Garage) -> None:
    plate = vehicles.fresh_plate()
    vehicles.in_register(plate)
    held = on_cover(garage, plate)
    assert send(client, held, seats="7").context["preview"].notes == []
    issue(garage, held)
    (note,) = send(client, held, seats="7").context["preview"].notes
    assert "stays as it is" in note


def test_without_the_right_there_is_no_page_and_no_button(held: OnCover, garage: Garage) -> None:
    reader = sessions.client_of(world.member(garage.organisation, rights=[FleetRight.VIEW]), garage.portal)
    assert reader.get(url(held)).status_code == 403
    assert url(held) not in reader.get(f"/vehicles/{held.item}").content.decode()
    stranger = world.garage(at=garage.portal)
    who = sessions.client_of(world.member(stranger.organisation, rights=[*FleetRight]), garage.portal)
    assert who.get(url(held)).status_code == 404


def test_vehicle_moves_to_another_branch(client: Client, held: OnCover, garage: Garage) -> None:
    other = world.branch(garage.organisation, name="Meppel", establishment_number="000000000007")
    answer = send(client, held, branch=other.id)
    (line,) = answer.context["preview"].lines
    assert (line.before, line.after) == ("Zwolle", "Meppel")
    send(client, held, "confirm", branch=other.id)
    assert terms(held, vehicles.today(garage)).branch == other.id
    elsewhere = world.garage(at=garage.portal)
    refused = send(client, held, "confirm", branch=elsewhere.branch.id)
    assert refused.status_code == 404


def test_product_that_asks_nothing_has_nothing_to_change() -> None:
    garage = world.garage()
    held = vehicles.on_cover(garage)
    client = sessions.client_of(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)
    assert url(held) not in client.get(f"/vehicles/{held.item}").content.decode()


def test_old_terms_that_are_not_asked_any_more_stand_in_no_ones_way(garage: Garage) -> None:
    """The product asks something new since: who changes the driver need not answer that."""
    held = on_cover(garage, days=3)
    world.version(
        garage.policy.product,
        starts=vehicles.today(garage),
        fields=[*FIELDS, {"name": "contract", "kind": "text", "labels": {"en": "Contract"}, "required": True}],
    )
    client = sessions.client_of(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)
    answer = send(client, held, "confirm", driver="Lotte Smit")
    assert answer.status_code == 302
    assert send(client, held, "confirm", contract="L-1").status_code == 302
    assert terms(held, vehicles.today(garage)).details["contract"] == "L-1"


def facts(page: str) -> dict[str, str]:
    found = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", page, re.DOTALL)
    return {unescape(label): unescape(re.sub(r"<[^>]+>", "", said)).strip() for label, said in found}


@pytest.fixture
def later(client: Client, held: OnCover, garage: Garage) -> date:
    """A day to come, from which it is insured on other terms."""
    day = vehicles.back(garage, -5)
    other = world.branch(garage.organisation, name="Meppel", establishment_number="000000000007")
    assert send(client, held, "confirm", cover="full", seats="7", branch=other.id, day=day)["Location"]
    return day


def test_change_to_come_leaves_what_holds_today_on_the_page(
    client: Client, held: OnCover, garage: Garage, later: date
) -> None:
    shown = facts(client.get(f"/vehicles/{held.item}").content.decode())
    assert shown["Insured from"] == shown_day(vehicles.back(garage, 10))
    assert (shown["Cover"], shown["Seats"], shown["Branch"]) == ("Liability", "5", "Zwolle")
    assert shown[f"Changes on {shown_day(later)}"] == "Branch: Meppel, Cover: Full cover, Seats: 7"
    assert {"Last day insured", "First day without cover"}.isdisjoint(shown)


def test_change_of_before_keeps_the_day_on_which_cover_began(client: Client, held: OnCover, garage: Garage) -> None:
    send(client, held, "confirm", seats="7", day=vehicles.back(garage, 2))
    shown = facts(client.get(f"/vehicles/{held.item}").content.decode())
    assert (shown["Insured from"], shown["Seats"]) == (shown_day(vehicles.back(garage, 10)), "7")


def test_change_to_come_is_no_end_of_cover_in_the_list(
    client: Client, held: OnCover, garage: Garage, later: date
) -> None:
    page = unescape(client.get("/vehicles/").content.decode())
    assert re.search(r"Insured</span>\s*<br><span[^>]*>Changes on " + shown_day(later, "short"), page)
    leaving = client.get("/vehicles/", {"only": "leaving"}).context
    assert (leaving["page"].rows, leaving["totals"].vehicles) == ([], 0)
    file = client.get("/vehicles/export", {"format": "csv"}).content.decode("utf-8-sig")
    ends = list(csv.reader(io.StringIO(file), delimiter=";"))[1][5]
    assert ends == ""


def test_end_after_a_change_to_come_is_the_end_that_is_told(
    client: Client, held: OnCover, garage: Garage, later: date
) -> None:
    last = later + timedelta(days=3)
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        deregister_vehicles(by=by, policy=garage.policy, items=[held.item], day=last)
    shown = facts(client.get(f"/vehicles/{held.item}").content.decode())
    assert shown["Last day insured"] == shown_day(last)
    leaving = client.get("/vehicles/", {"only": "leaving"})
    assert leaving.context["totals"].vehicles == 1
    assert f"Until {shown_day(last, 'short')}" in leaving.content.decode()


def test_deregistering_and_searching_tell_since_when_it_is_insured(
    client: Client, held: OnCover, garage: Garage, later: date
) -> None:
    began = vehicles.back(garage, 10)
    page = client.get("/vehicles/deregister", {"item": held.item}).content.decode()
    assert f"since {shown_day(began, 'short')}" in page
    found = client.get("/search/", {"q": held.plate.value[:-1]}).content.decode()
    assert f"insured since {shown_day(began)}" in found
