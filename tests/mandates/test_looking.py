"""What an office opens of a client is told to that client, with the mandate's purpose."""

from django.urls import reverse

from remise.organisations.rights import OrganisationRight
from tests import sessions, vehicles, world
from tests.green_cards import cards
from tests.mandates import offices
from tests.mandates.offices import VIEW

LOOKED, CARDS = reverse("access:looked"), reverse("green_cards:overview")


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


def test_list_of_green_cards_and_a_card_are_told_too() -> None:
    of = world.garage()
    visser = offices.office(of.portal)
    card = cards.card(of)
    owner = offices.owner_of(of, VIEW, OrganisationRight.MANAGE_USERS)
    given = offices.mandate(owner, visser)
    client = visser.client()
    offices.act(client, of.organisation)
    for _again in range(2):
        assert client.get(CARDS).status_code == 200
    assert client.get(reverse("green_cards:card", args=[card.id])).status_code == 200
    looks = offices.events(of.organisation, "looked")
    said = {"for": "mandate", "number": given.id}
    assert [(look.subject_kind, look.subject, look.after) for look in looks] == [
        ("cards", 0, said),
        ("green_card", card.id, said),
    ]
    page = sessions.client_of(owner, of.portal).get(LOOKED).content.decode()
    assert f'<a href="{CARDS}">The list of green cards</a>' in page
    assert f"Green card {card.number}" in page
    keeper = world.member(of.organisation, rights=[OrganisationRight.MANAGE_USERS])
    told = sessions.client_of(keeper, of.portal).get(LOOKED).content.decode()
    assert (card.number in told, "A green card" in told) == (False, True)


def test_look_of_ones_own_people_is_not_told() -> None:
    garage = world.garage()
    held = vehicles.on_cover(garage)
    reader = world.member(garage.organisation, rights=[VIEW])
    client = sessions.client_of(reader, garage.portal)
    client.get(f"/vehicles/{held.item}")
    client.get(CARDS)
    assert offices.events(garage.organisation, "looked") == []
