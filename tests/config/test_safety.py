"""A server that would run on published secrets, or send sessions unprotected, does not start."""

import os
import subprocess
import sys

import pytest

from remise.config.settings import TOOLS_KEY

SAID = {"SECRET_KEY": "something long and random", "FIELD_KEYS": "x" * 44, "HTTPS": "true"}
STARTS = [SAID, {**SAID, "HTTPS": "false"}, {"REMISE_DEMO": "1"}, {"DEBUG": "1"}]
SERVING = [[sys.executable, "-c", "import remise.config.wsgi"], [sys.executable, "-m", "remise", "worker"]]


def started(command: list[str], **said: str) -> subprocess.CompletedProcess[str]:
    """A database that nobody answers at, for the worker that gets so far."""
    clean = {key: value for key, value in os.environ.items() if key not in {"DEBUG", "REMISE_DEMO", *SAID}}
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    environment = clean | {"DATABASE_URL": nowhere, "DATABASE_JOBS_URL": nowhere} | said
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("command", SERVING, ids=["web", "worker"])
@pytest.mark.parametrize(
    "missing", [pytest.param(name, marks=() if name == "SECRET_KEY" else pytest.mark.full) for name in SAID]
)
def test_server_without_a_setting_says_which_in_one_line(command: list[str], missing: str) -> None:
    ended = started(command, **{key: value for key, value in SAID.items() if key != missing})
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"Remise does not start: {missing} is not set.")
    assert ended.stderr.count("\n") == 1


@pytest.mark.full
def test_published_key_and_an_empty_one_are_none() -> None:
    for key in ("", TOOLS_KEY):
        assert "SECRET_KEY is not set" in started(SERVING[0], **{**SAID, "SECRET_KEY": key}).stderr


@pytest.mark.parametrize(
    "said", [pytest.param(said, marks=pytest.mark.full if "HTTPS" in said else ()) for said in STARTS]
)
def test_server_starts_with_all_of_them_and_in_the_demo(said: dict[str, str]) -> None:
    ended = started(SERVING[0], **said)
    assert (ended.returncode, ended.stderr) == (0, "")
