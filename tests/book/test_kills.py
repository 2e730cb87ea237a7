"""An import that is killed and begun again ends as one that was never killed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from remise.organisations.models import Organisation
from tests.book import moving
from tests.book.moving import ORGANISATIONS, put, take
from tests.world import OWNER

LINES = 900


@pytest.mark.full
def test_import_killed_and_begun_again_gives_the_same(tmp_path: Path) -> None:
    at, unharmed = moving.portal(), moving.portal()
    rows = [(f"{number:08d}", "company", f"Garage {number}") for number in range(LINES)]
    path = put(tmp_path / "book.csv", ORGANISATIONS, *rows)
    with subprocess.Popen(
        [sys.executable, "-m", "remise", "import", "organisations", str(path), "--portal", at.slug],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ,
    ) as process:
        assert process.stderr is not None
        said = next((line for line in process.stderr if "300 of 900 lines" in line), "")
        process.kill()
    assert said == "organisations: 300 of 900 lines, 0 refused\n"
    stood = Organisation.objects.using(OWNER).filter(portal=at).count()
    assert stood < LINES
    told = take(at, "organisations", path)
    assert (told.done, told.refused) == (LINES, 0)
    assert len(moving.events(at)) == LINES
    take(unharmed, "organisations", path)
    ends = [moving.out(one, tmp_path / one.slug)["organisations"].read_bytes() for one in (at, unharmed)]
    assert ends[0] == ends[1]
