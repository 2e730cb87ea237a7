"""What the page before the last click shows is what happens: no more, no less, and once."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from remise.core.scope import enter
from remise.fleet.actions import deregister_vehicles
from remise.fleet.rights import FleetRight
from remise.green_cards import mailing
from remise.messages.models import Mail
from tests import sessions, vehicles, world
from tests.green_cards.cards import held, serials
from tests.vehicles import OnCover
from tests.world import OWNER, Garage


@pytest.fixture
def garage() -> Garage:
    return world.garage()


type Form = dict[str, list[str]]


def filled_in(answer: Any) -> Form:
    """The form of the page as a browser sends it."""
    found: Form = {}
    page = answer.content.decode()
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page):
        found.setdefault(unescape(name), []).append(unescape(value))
    return found | {"step": ["issue"]}


def to_last_click(garage: Garage, *on_cover: OnCover) -> tuple[Client, Form]:
    client = sessions.client_of(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)
    asked = {"item": [one.item for one in on_cover], "step": "check", "format": "pdf"}
    return client, filled_in(client.post(reverse("green_cards:request"), asked))


def send(client: Client, form: Form) -> Any:  # the test client's answer
    return client.post(reverse("green_cards:request"), form)


def go_off(garage: Garage, vehicle: OnCover, day: date) -> None:
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        deregister_vehicles(by=by, policy=garage.policy, items=[vehicle.item], day=day)


def test_form_sent_again_makes_nothing_twice_though_a_vehicle_went_off(garage: Garage) -> None:
    stays, goes = held(garage), held(garage)
    client, form = to_last_click(garage, stays, goes)
    first = send(client, form)  # whose answer gets lost
    go_off(garage, goes, vehicles.back(garage, 1))
    again = send(client, form)
    assert (first.status_code, again.status_code) == (302, 302)
    assert first["Location"] == again["Location"]
    go_off(garage, stays, vehicles.back(garage, 1))
    assert send(client, form)["Location"] == first["Location"]
    assert serials(garage) == [1, 2]


def test_vehicle_that_went_off_since_the_page_is_not_dropped_in_silence(garage: Garage) -> None:
    stays, goes = held(garage), held(garage)
    client, form = to_last_click(garage, stays, goes)
    go_off(garage, goes, vehicles.back(garage, 1))
    answer = send(client, form)
    assert answer.status_code == 422
    assert "Something changed since you looked" in answer.content.decode()
    assert goes.plate.formatted in answer.content.decode()
    assert serials(garage) == []
    # The page shows what it would be by now; that is asked for with one more click.
    assert send(client, filled_in(answer)).status_code == 302
    assert serials(garage) == [1]


def test_end_of_cover_that_became_known_since_the_page_is_shown_first(garage: Garage) -> None:
    vehicle = held(garage)
    client, form = to_last_click(garage, vehicle)
    garage.policy.ends = vehicles.today(garage) + timedelta(days=90)
    garage.policy.save(using=OWNER)
    assert send(client, form).status_code == 422
    assert serials(garage) == []


def test_nothing_left_to_ask_for_is_told(garage: Garage) -> None:
    vehicle = held(garage)
    client, form = to_last_click(garage, vehicle)
    go_off(garage, vehicle, vehicles.back(garage, 1))
    answer = send(client, form)
    assert answer.status_code == 422
    assert "Something changed since you looked" in answer.content.decode()
    assert 'value="issue"' not in answer.content.decode()


def test_vehicle_that_can_get_one_since_the_page_waits_for_the_next_look(garage: Garage) -> None:
    good, unknown = held(garage), vehicles.on_cover(garage)
    client, form = to_last_click(garage, good, unknown)
    vehicles.in_register(unknown.plate)
    assert send(client, form).status_code == 302
    assert serials(garage) == [1]


def test_address_of_a_mail_that_is_none_is_told_beside_its_field_and_nothing_is_lost(garage: Garage) -> None:
    vehicle = held(garage)
    client = sessions.client_of(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)
    asked = {"item": [vehicle.item], "step": "check", "format": "pdf", "recipient": "jan@", "town": "Zwolle"}
    answer = client.post(reverse("green_cards:request"), asked)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["recipient"]
    assert 'value="jan@"' in page
    assert 'value="Zwolle"' in page
    assert f'name="item" value="{vehicle.item}"' in page


def test_more_cards_than_a_mail_takes_are_told_on_the_page_with_the_address(
    garage: Garage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailing, "MOST_TOGETHER", 1)
    client = sessions.client_of(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)
    items = [held(garage).item, held(garage).item]
    asked = {"item": items, "step": "check", "format": "pdf", "recipient": "jan@example.test"}
    answer = client.post(reverse("green_cards:request"), asked)
    assert answer.context["form"].errors.as_data()["recipient"][0].code == "too_many_for_a_mail"


def test_cards_that_are_mailed_take_the_same_clicks_and_the_mail_goes_once(garage: Garage) -> None:
    """Choose, fill in, look, ask: each click is one call."""
    vehicle = held(garage)
    client = sessions.client_of(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)
    to = f"jan-{world.unique()}@example.test"
    asked = {"item": [vehicle.item], "step": "check", "format": "pdf", "recipient": to}
    shown = client.post(reverse("green_cards:request"), asked)
    assert to in shown.content.decode()
    form = filled_in(shown)
    first, again = send(client, form), send(client, form)
    assert first["Location"] == again["Location"]
    assert Mail.objects.using(OWNER).filter(recipient=to).count() == 1
    assert "j…@example.test" in client.get(first["Location"]).content.decode()


def test_changed_form_is_another_request(garage: Garage) -> None:
    vehicle = held(garage)
    client, form = to_last_click(garage, vehicle)
    send(client, form)
    paper = form | {
        "format": ["paper"],
        "addressee": ["Garage De Brug"],
        "street": ["Rijnstraat 12"],
        "postcode": ["8011 AB"],
        "town": ["Zwolle"],
        "country": ["NL"],
    }
    assert send(client, paper).status_code == 302
    assert serials(garage) == [1, 2]
