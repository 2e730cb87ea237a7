"""What an office opens of a client is told to that client, with the mandate's purpose."""

from django.urls import reverse

from remise.organisations.rights import OrganisationRight
from tests import sessions, vehicles, world
from tests.mandates import offices
from tests.mandates.offices import VIEW

LOOKED = reverse("access:looked")


def test_look_of_an_office_is_told_with_the_purpose() -> None:
    garage = world.garage()
    visser = offices.office(garage.portal)
    held = vehicles.on_cover(garage)
    owner = offices.owner_of(garage, VIEW, OrganisationRight.MANAGE_USERS)
    given = offices.mandate(owner, visser)
    client = visser.client()
    offices.act(client, garage.organisation)
    for _again in range(2):
        client.get(f"/vehicles/{held.item}")
    client.get("/vehicles/", {"policy": garage.policy.number})
    looks = offices.events(garage.organisation, "looked")
    assert [(look.subject_kind, look.office, look.after) for look in looks] == [
        ("registration", visser.organisation.id, {"for": "mandate", "number": given.id}),
        ("stock", visser.organisation.id, {"for": "mandate", "number": given.id}),
    ]
    page = sessions.client_of(owner, garage.portal).get(LOOKED).content.decode()
    assert held.plate.formatted in page
    assert "Jan Bakker (Kantoor Visser, for you)" in page
    assert given.purpose in page


def test_look_of_ones_own_people_is_not_told() -> None:
    garage = world.garage()
    held = vehicles.on_cover(garage)
    reader = world.member(garage.organisation, rights=[VIEW])
    sessions.client_of(reader, garage.portal).get(f"/vehicles/{held.item}")
    assert offices.events(garage.organisation, "looked") == []
