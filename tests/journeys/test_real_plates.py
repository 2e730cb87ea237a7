"""A thousand plates that are on the road, put on the policy by the worker while somebody watches."""

import csv
import re
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from remise.core.identifiers import Plate
from remise.core.models import Entry
from remise.core.scope import enter
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.fleet.runs import REGISTER
from remise.runs.actions import begin_run
from remise.runs.models import Run
from remise.ui.formats import number
from remise.vehicles.models import Vehicle
from tests import jobs, sessions, vehicles, world
from tests.journeys import server as servers
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.fleet_pages import fact
from tests.journeys.server import Mailbox
from tests.world import OWNER

PROJECT = Path(__file__).resolve().parents[2]
REAL = PROJECT / "../shared/data/rdw/ev_vehicles.csv"
MANY = 1_000


def real_vehicles() -> Iterator[Vehicle]:
    """What the register published of them."""
    with REAL.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield Vehicle(
                plate=Plate.parse(row["kenteken"]).value,
                kind=row["voertuigsoort"],
                make=row["merk"],
                model=row["handelsbenaming"],
                colour=row["eerste_kleur"],
                in_name_since=date.fromisoformat(row["datum_tenaamstelling_dt"][:10]),
                first_admitted_on=date.fromisoformat(row["datum_eerste_toelating_dt"][:10]),
                source="RDW",
                looked_up_at=timezone.now(),
            )


@pytest.mark.once
@pytest.mark.full
@pytest.mark.skipif(not REAL.exists(), reason=f"{REAL.name} is not beside this checkout")
def test_real_plates(browse: Browse, mailbox: Mailbox) -> None:
    garage = world.garage()
    real = {vehicle.plate: vehicle for vehicle in islice(real_vehicles(), MANY)}
    assert len(real) == MANY
    Vehicle.objects.using(OWNER).bulk_create(real.values(), ignore_conflicts=True)
    owner = world.member(garage.organisation, rights=[*FleetRight])
    by = sessions.actor_of(owner)
    day = vehicles.today(garage).isoformat()
    rows = [(plate, {"plate": plate, "check_code": vehicles.CODE, "day": day}) for plate in real]
    inputs = {"policy": garage.policy.number, "branch": garage.branch.id}
    jobs.forget()
    with enter(by.scope):
        run = begin_run(by=by, kind=REGISTER.name, inputs=inputs, rows=rows)

    page = browse(owner, garage.portal)
    page.goto(f"/runs/{run.id}")
    with servers.worker(mailbox):
        expect(page.get_by_role("progressbar")).to_be_visible()
        jobs.eventually(lambda: Run.objects.using(OWNER).get(pk=run.pk).ended_at is not None, seconds=300)
    # A page of its own: the first one fetches itself anew at this very moment.
    page = page.context.new_page()
    page.goto(f"/runs/{run.id}")
    no_violations(page)
    done = Run.objects.using(OWNER).get(pk=run.pk)
    assert (done.state, done.accepted, done.refused) == (Run.State.DONE, MANY, 0)
    held = RegistrationVersion.objects.using(OWNER).filter(organisation=garage.organisation.id, known_to=None)
    assert set(held.values_list("plate", flat=True)) == set(real)
    assert Entry.objects.using(OWNER).filter(run=run.id).count() == MANY

    page.goto("/vehicles/")
    expect(fact(page, words("Vehicles"))).to_have_text(re.compile(re.escape(number(MANY))))
    no_violations(page)
