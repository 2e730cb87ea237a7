"""Drivers and lessees for programs: the verdicts of the pages, and nobody whom the key may not see."""

import pytest

from remise.api.models import IdempotencyKey
from remise.fleet.rights import FleetRight
from remise.organisations.models import Party
from tests import vehicles, world
from tests.api.program import program
from tests.fleet.test_naming_parties import named
from tests.fleet.test_together import FIELDS
from tests.world import OWNER, Garage


@pytest.fixture
def lessor() -> Garage:
    return world.garage(fields=FIELDS)


def test_party_is_listed_found_and_shown_with_its_vehicles(lessor: Garage) -> None:
    held = vehicles.on_cover(lessor, cover="wa", driver="Fatma Demir", days=3)
    named(lessor, "Piet Bakker", reference="K-1")
    caller = program(lessor)
    listed = caller.get("/parties").json()["items"]
    assert [(one["name"], one["vehicles"]) for one in listed] == [("Fatma Demir", 1), ("Piet Bakker", 0)]
    (found,) = caller.get("/parties", search="k1").json()["items"]
    assert found["reference"] == "K-1"
    assert [one["name"] for one in caller.get("/parties", now=True).json()["items"]] == ["Fatma Demir"]
    shown = caller.get(f"/parties/{listed[0]['id']}").json()
    (period,) = shown["vehicles"]
    assert (period["plate"], period["role"], period["last_day"]) == (held.plate.value, "driver", None)
    (hit,) = (group["hits"][0] for group in caller.get("/search", q="fatma").json() if group["kind"] == "party")
    assert hit["id"] == shown["id"]


def test_party_is_written_down_changed_and_erased(lessor: Garage) -> None:
    caller = program(lessor)
    made = caller.post("/parties", {"name": "J. Jansen", "reference": "K-1"})
    assert made.status_code == 201, made.json()
    path = f"/parties/{made.json()['id']}"
    changed = caller.post(path, {"name": "J. Jansen", "reference": "K-2", "email": "j@example.test"})
    assert (changed.json()["reference"], changed.json()["email"]) == ("K-2", "j@example.test")
    assert caller.post(f"{path}/erasure").status_code == 204
    assert caller.get(path).status_code == 404


def test_answer_about_somebody_who_was_erased_is_not_told_again(lessor: Garage) -> None:
    """Nor is it done again: that would make them anew. What was said of others stays."""
    caller = program(lessor)
    sent = {"name": "Wilhelmina Nergenshuizen", "email": "w@example.test"}
    made = caller.post("/parties", sent, key="one").json()
    other = caller.post("/parties", {"name": "Piet Bakker"}, key="other")
    caller.post(f"/parties/{made['id']}", sent | {"reference": "K-1"}, key="changed")
    assert caller.post(f"/parties/{made['id']}/erasure").status_code == 204
    again = caller.post("/parties", sent, key="one")
    assert (again.status_code, again.json()["code"]) == (422, "erased")
    assert caller.post("/parties", {"name": "Piet Bakker"}, key="other").content == other.content
    kept = IdempotencyKey.objects.using(OWNER).filter(organisation=lessor.organisation.id)
    assert not kept.filter(answer__contains="Nergenshuizen").exists()
    assert [one["name"] for one in caller.get("/parties").json()["items"]] == ["Piet Bakker"]


def test_refusals_are_those_of_the_page(lessor: Garage) -> None:
    vehicles.on_cover(lessor, cover="wa", driver="Fatma Demir")
    caller, one = program(lessor), Party.objects.using(OWNER).get(organisation=lessor.organisation.id)
    refused = caller.post(f"/parties/{one.id}/erasure")
    assert (refused.status_code, refused.json()["code"]) == (422, "in_use")
    wrong = caller.post(f"/parties/{one.id}", {"name": "Fatma Demir", "email": "nowhere"})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "email")
    looks = program(lessor, rights=[FleetRight.VIEW])
    assert looks.post("/parties", {"name": "Somebody"}).status_code == 403
    stranger = program(world.garage(at=lessor.portal))
    assert stranger.get(f"/parties/{one.id}").status_code == 404
    assert stranger.get("/parties").json()["items"] == []
