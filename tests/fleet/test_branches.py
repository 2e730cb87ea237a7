"""Who works in one branch meets the vehicles of that branch and no others, also by number."""

from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse

from remise.fleet.rights import FleetRight
from remise.organisations.models import Grant
from tests import sessions, vehicles, world
from tests.vehicles import OnCover
from tests.world import OWNER, Garage


@dataclass(frozen=True, slots=True)
class Dealer:
    garage: Garage
    zwolle: OnCover
    meppel: OnCover
    there: Client  # somebody with all rights in Meppel only


@pytest.fixture
def dealer() -> Dealer:
    garage = world.garage()
    branch = world.branch(garage.organisation, name="Meppel", establishment_number="000037178598")
    fatima = world.member(garage.organisation, rights=[], name="Fatima el Amrani")
    for right in FleetRight:
        Grant.objects.using(OWNER).create(
            portal=garage.portal.id,
            organisation=garage.organisation.id,
            membership=fatima,
            right=right,
            branch=branch,
            by_system="insurer",
        )
    return Dealer(
        garage,
        vehicles.on_cover(garage),
        vehicles.on_cover(garage, branch=branch.id),
        sessions.client_of(fatima, garage.portal),
    )


def test_list_shows_own_branch_only(dealer: Dealer) -> None:
    shown = dealer.there.get(reverse("fleet:stock")).content.decode()
    assert dealer.meppel.plate.formatted in shown
    assert dealer.zwolle.plate.formatted not in shown


def test_vehicle_and_receipt_of_another_branch_are_404(dealer: Dealer) -> None:
    both = {"entries": f"{dealer.meppel.entry},{dealer.zwolle.entry}"}
    for held, status in ((dealer.meppel, 200), (dealer.zwolle, 404)):
        assert dealer.there.get(reverse("fleet:vehicle", args=[held.item])).status_code == status
        assert dealer.there.get(reverse("fleet:receipt", args=[held.entry])).status_code == status
        undo = dealer.there.post(reverse("fleet:correct", args=[held.entry])) if status == 404 else None
        assert undo is None or undo.status_code == 404
    assert dealer.there.get(reverse("fleet:receipts"), both).status_code == 404


def test_deregister_in_another_branch_is_403_before_anything_is_shown(dealer: Dealer) -> None:
    items = {"item": [dealer.meppel.item, dealer.zwolle.item]}
    for answer in (
        dealer.there.get(reverse("fleet:deregister"), items),
        dealer.there.post(reverse("fleet:deregister"), items | {"day": str(vehicles.today(dealer.garage))}),
    ):
        assert (answer.status_code, answer["X-Reason-Code"]) == (403, "right_missing")
        assert dealer.zwolle.plate.formatted not in answer.content.decode()


def test_export_holds_own_branch_only(dealer: Dealer) -> None:
    text = dealer.there.get(reverse("fleet:export"), {"format": "csv"}).content.decode()
    assert dealer.meppel.plate.formatted in text
    assert dealer.zwolle.plate.formatted not in text
