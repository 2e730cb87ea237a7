"""The register radar: a fleet of which nothing is fresh is asked of the stand-in register over HTTP, kept and
compared, and what is found is written; next to asking for one plate after the other."""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from statistics import median

import httpx
from django.conf import settings
from django.core.cache import cache

from benchmarks import fleets
from benchmarks.figures import Benchmark, Figure, check, seconds
from benchmarks.stage import PATIENCE, Stage, World, connect
from remise.config import serve
from remise.core.actor import system
from remise.core.identifiers import Plate
from remise.core.limits import Limit
from remise.core.scope import enter
from remise.fleet.models import Finding, RadarCheck
from remise.fleet.radar import checking
from remise.vehicles.register import client, lookup

SAMPLE = 100  # plates that are asked one by one
ODD = 50  # one vehicle in so many was sold
# What the stand-in answers for any plate: the name date of one in fifty lies behind its cover.
SERVER = """
import json, sys, zlib
from remise.demo.register_server import Stand, server_of
row = json.loads(sys.argv[2])
def vehicle(plate):
    sold = zlib.crc32(plate.encode()) % int(sys.argv[3]) == 0
    return [row | {"kenteken": plate, "datum_tenaamstelling": "20260601" if sold else "20200101"}]
server_of(Stand(vehicles=vehicle), int(sys.argv[1])).serve_forever()
"""
ROW = {
    "voertuigsoort": "Personenauto",
    "merk": "OPEL",
    "handelsbenaming": "ASTRA",
    "eerste_kleur": "GRIJS",
    "datum_eerste_toelating": "20200101",
    "vervaldatum_apk": "20290101",
    "wam_verzekerd": "Ja",
    "export_indicator": "Nee",
    "taxi_indicator": "Nee",
    "tenaamstellen_mogelijk": "Ja",
    "massa_ledig_voertuig": "1200",
    "massa_rijklaar": "1300",
    "toegestane_maximum_massa_voertuig": "1800",
}


def run(stage: Stage) -> Iterator[Figure]:
    world, vehicles = stage.watched, stage.sizes.watched
    world.use()
    garage = world.large
    by = system(portal=garage.portal.id, name="fleet.radar")
    took: list[float] = []
    single: list[float] = []
    with _register():
        for _turn in range(3):
            _forget(world)
            with enter(by.scope):
                checking.begin_all(by)
            took.append(seconds(lambda: checking.work_off(by)))
            _check(world, vehicles)
            single.append(_one_by_one(world))
        client.close()
    rate = vehicles / median(took)
    yield Figure("radar.scan", rate, "plates/s", "look-ups one by one", rate * median(single), vehicles)


ALL = (Benchmark(("radar.scan",), run),)


@contextlib.contextmanager
def _register() -> Iterator[None]:
    """In a process of its own, as the real one is on a machine of its own."""
    port = serve.free_port(0)
    command = [sys.executable, "-c", SERVER, str(port), json.dumps(ROW), str(ODD)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address, before = f"http://127.0.0.1:{port}", settings.RDW_URL
    try:
        give_up = time.monotonic() + PATIENCE
        while not _answers(address):
            check(process.poll() is None and time.monotonic() < give_up, "the stand-in register answers")
            time.sleep(0.05)
        settings.RDW_URL = address
        yield
    finally:
        settings.RDW_URL = before
        process.kill()
        process.wait()


def _answers(address: str) -> bool:
    with contextlib.suppress(httpx.HTTPError):
        return httpx.get(f"{address}/resource/m9d7-ebf2.json?kenteken=GT001K").status_code == httpx.codes.OK
    return False


def _forget(world: World) -> None:
    """Nothing is fresh and nothing was found."""
    with connect(world, owner=True) as owner:
        owner.execute("truncate fleet_finding, fleet_radarcheck, core_event")
        owner.execute("update vehicles_vehicle set looked_up_at = now() - interval '3 days', in_name_since = null")
    with connect(world, owner=True) as owner:
        owner.autocommit = True
        owner.execute("vacuum analyze vehicles_vehicle")
    cache.clear()


def _check(world: World, vehicles: int) -> None:
    """Every vehicle on cover was compared, and what is sold was found: of each plate, as the register has it."""
    garage = world.large
    with enter(garage.actor().scope):
        done = RadarCheck.objects.get(organisation=garage.organisation.id)
        found = Finding.objects.filter(organisation=garage.organisation.id, settled_at=None)
        kinds = set(found.values_list("kind", flat=True))
        check(done.ended_at is not None and done.vehicles == done.compared, "every vehicle on cover was compared")
        check(done.vehicles > vehicles * 0.8 and done.found == found.count(), "the check counted what it found")
        check(
            kinds == {"sold"} and done.vehicles / ODD / 2 < done.found < done.vehicles / ODD * 2,
            "sold ones are found",
        )


def _one_by_one(world: World) -> float:
    """Seconds for each."""
    garage = world.common
    by = garage.actor()
    lookup.BY_ACCOUNT = Limit("bench.look_up", times=SAMPLE * 10, seconds=1)
    plates = [Plate(fleets.plate(number).value) for number in range(SAMPLE)]

    def ask() -> None:
        for plate in plates:
            with enter(by.scope):
                found = lookup.look_up(by, plate)
            check(found.is_fresh, "the register answers each of them")

    return seconds(ask) / SAMPLE
