"""A desk that is late says so itself, wherever the customer looks, and whom to call."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from remise.desk import actions
from remise.desk.models import DeskRequest
from tests import vehicles
from tests.desk.office import Office, office
from tests.world import OWNER


@pytest.fixture
def desk() -> Office:
    return office()


def asked(desk: Office, *, late: bool) -> tuple[DeskRequest, dict[str, str]]:
    """A request about a vehicle, and the customer's pages of it."""
    held = vehicles.on_cover(desk.garage)
    request = desk.value(held)
    due = timezone.now() + desk.garage.portal.clock_offset + timedelta(hours=-1 if late else 1)
    DeskRequest.objects.using(OWNER).filter(id=request.id).update(due_at=due)
    return request, {
        "vehicle": reverse("fleet:vehicle", args=[held.item]),
        "request": reverse("desk:request", args=[request.id]),
        "list": reverse("desk:requests"),
    }


def said(desk: Office, pages: dict[str, str]) -> dict[str, bool]:
    client = desk.client(desk.owner)
    shown = {name: client.get(url).content.decode() for name, url in pages.items()}
    call = "is late: the answer was to come by", f"Call {desk.garage.portal.desk_phone}."
    return {
        name: "Too late" in text if name == "list" else all(words in text for words in call)
        for name, text in shown.items()
    }


@pytest.mark.parametrize("late", [True, False])
def test_late_desk_is_told_on_every_page_of_the_request(desk: Office, late: bool) -> None:
    _request, pages = asked(desk, late=late)
    assert said(desk, pages) == dict.fromkeys(pages, late)


def test_desk_that_waits_for_the_customer_is_not_late(desk: Office) -> None:
    request, pages = asked(desk, late=True)
    desk.do(actions.say, request, desk.mirjam, text="Stuur de factuur.")
    assert said(desk, pages) == dict.fromkeys(pages, False)
