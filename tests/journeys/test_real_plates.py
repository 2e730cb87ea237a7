"""A thousand plates that are on the road, put on the policy by the worker while somebody watches and the register is
at its worst: all are on cover at once, and in the end all are looked up."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from remise.core.models import Entry
from remise.core.scope import ActorKind, Scope, enter
from remise.demo.register_server import Mode, Stand
from remise.fleet.bulk.kinds import REGISTER
from remise.fleet.models import Awaited, RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.fleet.tasks import ask_register
from remise.runs.actions import confirm, send_lines
from remise.runs.models import Run
from remise.ui.formats import number
from remise.vehicles.models import Vehicle
from tests import jobs, sessions, vehicles, world
from tests.journeys import conftest
from tests.journeys import server as servers
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.fleet_pages import fact
from tests.journeys.server import Mailbox
from tests.register.published import REAL, real_rows, stand_of
from tests.world import OWNER

MANY = 1_000
AT_ITS_WORST = (Mode.THROTTLE, Mode.FAIL, Mode.RESET, Mode.HTML, Mode.LIE)


@contextmanager
def troubled(register: Stand, rows: list[dict[str, str]]) -> Iterator[None]:
    """It serves these and is met by trouble every third time."""
    knows, before = stand_of(*rows), (register.vehicles, register.fuels, register.every)
    register.vehicles, register.fuels, register.every = knows.vehicles, knows.fuels, 3
    yield
    register.vehicles, register.fuels, register.every = before


@pytest.mark.once
@pytest.mark.full
@pytest.mark.skipif(not REAL.exists(), reason=f"{REAL.name} is not beside this checkout")
def test_real_plates(browse: Browse, mailbox: Mailbox, register: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    garage = world.garage()
    real = {row["kenteken"]: row for row in real_rows(MANY)}
    assert len(real) == MANY
    Vehicle.objects.using(OWNER).filter(plate__in=real).delete()
    owner = world.member(garage.organisation, rights=[*FleetRight])
    by = sessions.actor_of(owner)
    day = vehicles.today(garage).isoformat()
    lines = [{"plate": plate, "check_code": vehicles.CODE, "day": day} for plate in real]
    inputs = {"policy": garage.policy.number, "branch": garage.branch.id}
    jobs.forget()
    with troubled(register, [*real.values()]):
        register.mode = AT_ITS_WORST[0]
        with enter(by.scope):
            run = confirm(by=by, run=send_lines(by=by, kind=REGISTER.name, inputs=inputs, lines=lines).id)
        page = browse(owner, garage.portal)
        page.goto(f"/runs/{run.id}")
        monkeypatch.setenv("RDW_URL", conftest.REGISTER_AT[-1])
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
            ask_until_all_is_known(garage.portal.id, register)

    for version in held.all():
        assert version.make == " ".join(real[version.plate]["merk"].split()), version.plate
    assert held.count() == MANY
    page.goto("/vehicles/")
    expect(fact(page, words("Vehicles"))).to_have_text(re.compile(re.escape(number(MANY))))
    no_violations(page)


def ask_until_all_is_known(portal: int, register: Stand) -> None:
    """As if all waiting were over, again and again; each time another trouble."""
    waiting = Awaited.objects.using(OWNER).filter(portal=portal)
    give_up = time.monotonic() + 300
    for mode in cycle(AT_ITS_WORST):
        if not jobs.waiting("core.deliver") and not waiting.exists():
            return
        assert time.monotonic() < give_up, f"{waiting.count()} are not looked up"
        register.mode = mode
        waiting.update(due=timezone.now())
        with enter(Scope(ActorKind.SYSTEM, portal)):
            ask_register.defer(portal)
        time.sleep(3)
