"""A value that looks like a slip is asked about once, at the customer's and at the desk, and kept as it was typed."""

import html
import re
from decimal import Decimal

import pytest
from django.test import Client

from remise.core.errors import DomainError
from remise.core.identifiers import Plate
from remise.desk.models import DeskRequest
from remise.fleet.models import RegistrationVersion
from tests import vehicles
from tests.desk.office import Office, office
from tests.vehicles import OnCover
from tests.world import OWNER

WHY = "De prijslijst."


@pytest.fixture
def desk() -> Office:
    return office()


@pytest.fixture
def held(desk: Office) -> OnCover:
    """Of 41,495 euros."""
    return vehicles.on_cover(desk.garage, Plate(vehicles.in_register().plate))


@pytest.fixture
def client(desk: Office) -> Client:
    return desk.client(desk.owner)


def asked(desk: Office) -> list[Decimal]:
    found = DeskRequest.objects.using(OWNER).filter(organisation=desk.garage.organisation.id)
    return [Decimal(one.data["value"]) for one in found]


def send(client: Client, held: OnCover, **form: str) -> str:
    answer = client.post(f"/vehicles/{held.item}/value", {"why": WHY} | form)
    return "" if answer.status_code == 302 else html.unescape(answer.content.decode())


def test_slip_is_asked_about_with_what_was_typed_and_what_was_meant(
    desk: Office, held: OnCover, client: Client
) -> None:
    page = send(client, held, value="41.50")
    assert "€41.50 is very little for this vehicle." in page
    assert "The catalogue value is €41,495 now. Do you mean €41,500?" in page
    assert re.search(r'name="value" value="41.50"', page)
    assert WHY in page
    assert asked(desk) == []


@pytest.mark.parametrize(
    ("form", "value"),
    [
        ({"value": "41.50", "doubted": "41.50", "meant": "41500.00"}, "41500.00"),
        ({"value": "41.50", "doubted": "41.50", "sure": "41.50"}, "41.50"),
        ({"value": "39.950", "doubted": "41.50", "meant": "41500.00"}, "39950.00"),  # typed anew meanwhile
        ({"value": "39.950", "doubted": "41.50", "sure": "41.50"}, "39950.00"),
        ({"value": "39.950"}, "39950.00"),
    ],
)
def test_one_click_says_which(desk: Office, held: OnCover, client: Client, form: dict[str, str], value: str) -> None:
    assert send(client, held, **form) == ""
    assert asked(desk) == [Decimal(value)]


def test_saying_it_is_right_counts_for_that_value_only(desk: Office, held: OnCover, client: Client) -> None:
    assert "Do you mean" in send(client, held, value="39.95", doubted="41.50", sure="41.50")
    assert asked(desk) == []


def test_action_asks_about_it_whoever_calls(desk: Office, held: OnCover) -> None:
    with pytest.raises(DomainError) as refusal:
        desk.value(held, "41.50")
    assert (refusal.value.code, refusal.value.field) == ("value_doubtful", "value")


def test_desk_is_asked_too_before_it_sets_one(desk: Office, held: OnCover) -> None:
    request = desk.value(held, "38950.00")
    desk.take(request)
    client = desk.client(desk.mirjam)
    form = {"outcome": "accepted", "reason": "Klopt.", "value": "389.50"}
    page = html.unescape(client.post(f"/desk/{request.id}/decide", form).content.decode())
    assert "Do you mean €38,950?" in page
    (tick,) = re.findall(r'<input[^>]*name="sure"[^>]*>', page)
    assert 'type="checkbox"' in tick
    assert 'value="389.50"' in tick
    assert "checked" not in tick
    assert "This value is right" in page
    again = client.post(f"/desk/{request.id}/decide", form | {"value": "390.50", "sure": "389.50"})
    assert "Do you mean €39,050?" in html.unescape(again.content.decode())
    done = client.post(f"/desk/{request.id}/decide", form | {"sure": "389.50"})
    assert done.status_code == 302
    version = RegistrationVersion.objects.using(OWNER).filter(item=held.item).known().get()
    assert version.value == Decimal("389.50")
