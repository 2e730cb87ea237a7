"""Who works in one branch meets the vehicles of that branch and no others, also by number."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from remise.core.scope import enter
from remise.fleet.rights import FleetRight
from remise.fleet.runs import begin_stock_export
from remise.fleet.selectors.stock import StockQuery
from remise.organisations.models import Grant
from remise.runs.models import Run
from tests import jobs, sessions, vehicles, world
from tests.vehicles import OnCover
from tests.world import OWNER, Garage


@dataclass(frozen=True, slots=True)
class Dealer:
    garage: Garage
    zwolle: OnCover
    meppel: OnCover
    there: Client  # somebody with all rights in Meppel only
    branch: int  # Meppel


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
        branch.id,
    )


def test_list_shows_own_branch_only(dealer: Dealer) -> None:
    shown = dealer.there.get(reverse("fleet:stock")).content.decode()
    assert dealer.meppel.plate.formatted in shown
    assert dealer.zwolle.plate.formatted not in shown


def test_filter_is_open_where_it_filters_and_nowhere_else(dealer: Dealer) -> None:
    """Also where the form was sent as it stood, for another day."""
    day = str(vehicles.back(dealer.garage, 3))
    at_work = world.member(dealer.garage.organisation, rights=list(FleetRight))
    owner, in_meppel = (sessions.client_of(at_work, dealer.garage.portal) for _ in range(2))
    in_meppel.post(reverse("organisations:switch"), {"to": f"{at_work.id}:{dealer.branch}"})
    meppel = str(dealer.branch)
    for client, asked, is_open in (
        (owner, {"day": day, "branch": "all", "only": ""}, False),
        (in_meppel, {"day": day, "branch": meppel, "only": ""}, False),
        (owner, {"only": "leaving"}, True),
        (owner, {"branch": meppel}, True),
        (in_meppel, {"branch": "all"}, True),
    ):
        shown = client.get(reverse("fleet:stock"), asked).content.decode()
        _on_another_day, its_filter = re.findall(r'<details class="stock-time"( open)?>', shown)
        assert bool(its_filter) is is_open, asked


def test_no_receipt_chosen_says_where_they_are(dealer: Dealer) -> None:
    shown = dealer.there.get(reverse("fleet:receipts")).content.decode()
    assert "No receipt is chosen" in shown
    assert reverse("fleet:stock") in shown
    assert "data-print" not in shown


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


def test_file_of_who_may_register_everywhere_is_not_its_branch_s_to_read_or_confirm(dealer: Dealer) -> None:
    """It was sent in by who worked in that branch at that moment, and names another one."""
    head_office = world.member(dealer.garage.organisation, rights=list(FleetRight))
    client = sessions.client_of(head_office, dealer.garage.portal)
    client.post(reverse("organisations:switch"), {"to": f"{head_office.id}:{dealer.branch}"})
    plate, today = vehicles.fresh_plate(), vehicles.today(dealer.garage)
    lines = f"plate;check_code;day;branch\n{plate.formatted};0413;{today};Zwolle"
    client.post(reverse("fleet:several", args=["register"]), {"lines": lines})
    run = Run.objects.using(OWNER).get(organisation=dealer.garage.organisation.id)
    assert (run.branch, run.able) == (dealer.branch, 1)
    assert dealer.there.get(reverse("runs:detail", args=[run.id])).status_code == 403
    assert dealer.there.post(reverse("runs:confirm", args=[run.id])).status_code == 403
    assert client.get(reverse("runs:detail", args=[run.id])).status_code == 200


def test_export_shows_no_more_than_its_maker_saw_when_it_began(
    dealer: Dealer, tmp_path: Path, settings: Settings
) -> None:
    """Who may read it in that branch sees no other."""
    settings.MEDIA_ROOT = tmp_path
    jobs.forget()
    maker = world.member(dealer.garage.organisation, rights=[])
    grant = Grant.objects.using(OWNER).create(
        portal=dealer.garage.portal.id,
        organisation=dealer.garage.organisation.id,
        membership=maker,
        right=FleetRight.VIEW,
        branch_id=dealer.branch,
        by_system="insurer",
    )
    by = sessions.actor_of(maker)
    with enter(by.scope):
        query = StockQuery(day=vehicles.today(dealer.garage))
        run = begin_stock_export(by=by, policy=dealer.garage.policy, query=query, kind="csv")
    grant.branch_id = None
    grant.save(using=OWNER)
    jobs.work_off()
    answer = dealer.there.get(reverse("runs:result", args=[run.id]))
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert dealer.meppel.plate.formatted in text
    assert dealer.zwolle.plate.formatted not in text
