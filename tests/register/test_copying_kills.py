"""A copy of the register that is killed and begun again ends as one that was never killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from remise.vehicles.models import RegisterCopy, Vehicle
from tests.register import bulk
from tests.register.bulk import lines, put, refused, text
from tests.world import OWNER

LINES, KILLS = 12_000, 4


def begin(path: Path) -> subprocess.Popen[bytes]:
    small = "from remise.vehicles.copying import loading; loading.BATCH = 500"
    program = (
        "import django, sys; django.setup();" + small + ";"
        "from django.core.management import call_command; call_command('import', 'rdw-vehicles', sys.argv[1])"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "remise.config.settings"}
    return subprocess.Popen(
        [sys.executable, "-c", program, str(path)], env=environment, stderr=subprocess.DEVNULL, start_new_session=True
    )


def lines_done(path: Path) -> int:
    found = RegisterCopy.objects.using(OWNER).filter(size=path.stat().st_size).first()
    return found.lines if found else 0


@pytest.mark.full
def test_copy_killed_and_begun_again_gives_the_same(tmp_path: Path) -> None:
    rows = list(lines(LINES, seed=3))
    written = text(rows).split("\n")
    for number in range(100, LINES, 1_000):
        written[number] += ",more"
    path = put(tmp_path / "register.csv", "\n".join(written))
    killed = 0
    for turn in range(KILLS):
        process = begin(path)
        while process.poll() is None and lines_done(path) < (turn + 1) * LINES // (KILLS + 2):
            time.sleep(0.01)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            killed += 1
        process.wait()
    assert killed
    assert begin(path).wait(120) == 1  # lines were refused
    copy = RegisterCopy.objects.using(OWNER).get(size=path.stat().st_size)
    bad = [number + 1 for number in range(100, LINES, 1_000)]
    assert (copy.lines, copy.taken, copy.refused) == (LINES + 1, LINES - len(bad), len(bad))
    assert [number for number, _why in refused(path)] == bad
    plates = {row["kenteken"] for row in rows}
    found = Vehicle.objects.using(OWNER).filter(plate__in=plates)
    assert found.count() == LINES - len(bad)
    unharmed = dict(found.values_list("plate", "value_doubt"))
    RegisterCopy.objects.using(OWNER).filter(id=copy.id).delete()
    found.delete()
    bulk.take(path)
    again = Vehicle.objects.using(OWNER).filter(plate__in=plates).values_list("plate", "value_doubt")
    assert dict(again) == unharmed
