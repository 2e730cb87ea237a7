"""A lessor's own program sends in many cars at once: it reads what would be refused, mends it, says yes, follows it
to the end and reads what came of each; its owner sees the same on the page."""

import time
from typing import Any

import pytest
from playwright.sync_api import expect

from remise.fleet.rights import FleetRight
from tests import jobs, vehicles, world
from tests.fleet.test_together import FIELDS
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.programs import Caller, caller_of


@pytest.mark.once
def test_f121_f122_f125_batch_by_api(browse: Browse) -> None:
    garage = world.garage(fields=FIELDS)
    call = caller_of(browse, garage)
    today = vehicles.today(garage).isoformat()
    good, mended, out = (vehicles.fresh_plate() for _each in range(3))
    rows: list[dict[str, object]] = [
        {"plate": good.formatted, "check_code": vehicles.CODE, "cover": "casco", "lessee": "Bakkerij Bos"},
        {"plate": mended.formatted, "check_code": "12A", "cover": "wa"},
        {"plate": out.formatted, "check_code": vehicles.CODE, "day": "2020-01-01", "cover": "wa"},
    ]
    batch = begun(call, {"deed": "register", "policy": garage.policy.number, "day": today, "rows": rows})
    assert (batch["state"], batch["counts"]["wrong"], batch["counts"]["pending"]) == ("checked", 2, 1)
    path = batch["links"]["rows"]

    wrong = call("GET", path, verdict="wrong").json()["items"]
    said = [(row["position"], row["problems"][0]["field"]) for row in wrong]
    assert said == [(2, "check_code"), (3, "day")]
    remedy = wrong[1]["problems"][0]["remedy"]
    assert (remedy["request_kind"], remedy["method"]) == ("late_registration", "POST")
    again = call("PATCH", f"{path}/2", {"cells": {"check_code": vehicles.CODE}})
    assert (again.status_code, again.json()["verdict"]) == (200, "pending")
    assert again.json()["will"]["starts"] == today

    with jobs.worker():
        assert call("POST", batch["links"]["confirm"]).status_code == 202
        done = followed(call, batch["id"])
    assert done["counts"] == {"wrong": 0, "pending": 0, "accepted": 2, "refused": 1}
    first, second, third = call("GET", path).json()["items"]
    for row, plate in ((first, good), (second, mended)):
        receipt = call("GET", row["receipt"]["path"]).json()
        assert (receipt["plate"], receipt["receipt"]) == (plate.value, row["receipt"]["receipt"])
    assert (third["verdict"], third["problems"][0]["code"]) == ("refused", "too_long_ago")
    file = call("GET", done["links"]["result"]).content.decode("utf-8-sig").splitlines()
    assert [first["receipt"]["receipt"] in file[1], out.formatted in file[3], len(file)] == [True, True, 4]
    assert call("GET", done["links"]["summary"]).content.startswith(b"%PDF-")
    # What the desk can lift is asked with the row's own words.
    late = {name: third["cells"][name] for name in ("plate", "check_code", "day")}
    asked = call("POST", remedy["path"], late | {"details": {"cover": third["cells"]["cover"]}})
    assert asked.status_code == 201, asked.text

    page = browse(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)
    page.goto(f"/runs/{batch['id']}")
    expect(page.get_by_role("status").filter(has_text=words("Done"))).to_be_visible()
    for shown in (good.formatted, mended.formatted, out.formatted, second["receipt"]["receipt"]):
        expect(page.get_by_role("main")).to_contain_text(shown)
    no_violations(page)

    leaving = [{"plate": plate.value} for plate in (good, mended)]
    off = {"deed": "deregister", "policy": garage.policy.number, "day": today, "whole": True, "rows": leaving}
    batch = begun(call, off)
    with jobs.worker():
        call("POST", batch["links"]["confirm"])
        assert followed(call, batch["id"])["counts"]["accepted"] == 2
    tomorrow = vehicles.back(garage, -1).isoformat()
    assert call("GET", f"/policies/{garage.policy.number}/totals", day=tomorrow).json()["vehicles"] == 0


def begun(call: Caller, sent: dict[str, object]) -> dict[str, Any]:
    answer = call("POST", "/batches", sent)
    told: dict[str, Any] = answer.json()
    assert (answer.status_code, answer.headers["Location"]) == (202, f"/api/v1/batches/{told['id']}"), told
    return told


def followed(call: Caller, batch: int) -> dict[str, Any]:
    """Asked again and again until it has ended."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        told: dict[str, Any] = call("GET", f"/batches/{batch}").json()
        if told["ended_at"]:
            assert told["state"] == "done", told
            return told
        time.sleep(0.2)
    raise AssertionError(told)
