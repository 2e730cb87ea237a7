"""The demo's history was told to the state register before its stand-in was there: what ends of it is taken."""

from typing import Any

import pytest

from remise.demo.state_register import Stand

NOTICE = {"policy": "40.1", "plate": "GB001B", "kvk": "", "check_code": "0413", "starts": "2025-01-01", "ends": ""}


def told(stand: Stand, key: str, kind: str, **more: str) -> str:
    batch: dict[str, Any] = {"notices": [{**NOTICE, "ticket": key, "kind": kind, **more}]}
    stand.take(key, batch)
    (answer,), _after = stand.said_after(str(len(stand.calls) - 1))
    return answer["code"]


@pytest.mark.parametrize(("knew_before", "code"), [(False, "no_such_cover"), (True, "")])
def test_end_of_cover_that_it_never_saw_begin(knew_before: bool, code: str) -> None:
    stand = Stand(knew_before=knew_before)
    assert told(stand, "1", "end", ends="2026-01-01") == code


def test_start_is_taken_once_all_the_same() -> None:
    stand = Stand(knew_before=True)
    assert [told(stand, key, "start") for key in ("1", "2")] == ["", "known_already"]
    assert told(stand, "3", "annul") == ""
    assert told(stand, "4", "start") == ""
