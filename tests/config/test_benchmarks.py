"""What is timed can still be made: a table that grew a column must not find that out a week later."""

import json
import subprocess
import sys

import pytest


@pytest.mark.full
def test_figures_are_printed() -> None:
    command = [sys.executable, "-m", "benchmarks", "--quick", "ledger.amend", "scope.overhead", "cards.batch"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    printed = [json.loads(line) for line in done.stdout.splitlines()]
    assert {"ledger.amend", "scope.overhead", "cards.batch"} <= {figure["name"] for figure in printed}
