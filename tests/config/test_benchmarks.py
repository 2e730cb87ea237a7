"""What is timed can still be made: a table that grew a column must not find that out a week later."""

import json
import os
import subprocess
import sys

import pytest


@pytest.mark.full
def test_figures_are_printed(admin_url: str) -> None:
    """In databases of their own on the server of this run."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", "ledger.amend", "scope.overhead", "cards.batch"],
        env=environment | {"DATABASE_URL": admin_url},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    printed = [json.loads(line) for line in done.stdout.splitlines()]
    assert {"ledger.amend", "scope.overhead", "cards.batch"} <= {figure["name"] for figure in printed}
