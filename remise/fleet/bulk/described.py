"""A batch and its rows as JSON."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _  # said in the reader's language by api.description
from ninja import Field, Schema

from remise.core.errors import DomainError
from remise.core.schemas import Day, PlateShown, WayOut
from remise.fleet.bulk.kinds import DEEDS
from remise.fleet.bulk.reading import Reading
from remise.fleet.remedies import RequestName
from remise.fleet.selectors.plates import items_by_plate
from remise.organisations import lacking
from remise.organisations.lacking import Missing
from remise.organisations.requests import MemberRequest
from remise.policies.rules import first_day_without
from remise.policies.selectors import policy_of
from remise.runs.kinds import Row, from_file
from remise.runs.models import Run, RunRow
from remise.runs.selectors import RowOfPage
from remise.ui.formats import plate_text

MOST_ROWS = 5_000  # in one call: they are looked through while it waits
LACKING = "right_missing"
type Deed = Literal["register", "change", "deregister"]


class BatchCounts(Schema):
    """Rows by verdict."""

    wrong: int = Field(description=_("Would be refused: to be mended or left out."), examples=[3])
    pending: int = Field(description=_("Can be done."), examples=[137])
    accepted: int = Field(description=_("Were done."), examples=[0])
    refused: int = Field(description=_("Were not done, or were left out."), examples=[0])


class BatchLinks(Schema):
    """Where it goes on from here; null: not in this state."""

    rows: str = Field(examples=["/api/v1/batches/12/rows"])
    confirm: str | None = Field(examples=["/api/v1/batches/12/confirm"])
    pause: str | None
    resume: str | None
    cancel: str | None
    result: str | None = Field(description=_("What came of each row, as a file."))
    summary: str | None = Field(description=_("What came of it, as a sealed PDF."))


class BatchShown(Schema):
    id: int
    deed: Deed
    policy: str = Field(examples=["40.123456"])
    day: Day | None = Field(description=_("For rows that say none."))
    branch: int | None = Field(description=_("For rows that say none."))
    whole: bool = Field(description=_("All rows or none."))
    state: Run.State
    rows: int = Field(examples=[140])
    counts: BatchCounts
    most_rows: int = Field(description=_("So many rows one call may send for this policy."), examples=[MOST_ROWS])
    began_at: datetime
    confirmed_at: datetime | None
    ended_at: datetime | None
    message: str = Field(description=_("Why it stopped, was cancelled or waits for you again."))
    sent_before: bool = Field(description=_("The same was sent before, and led here."))
    links: BatchLinks


class RowProblem(Schema):
    """Why a row is not done, as a problem document says it: the rule, the cell, and who can lift it."""

    code: str = Field(examples=["too_long_ago"])
    detail: str = Field(description=_("For people, in the language in which it was sent."))
    field: str | None = Field(description=_("The column that it is about."), examples=["day"])
    missing: Missing | None
    granters: list[str] | None = Field(description=_("Who can grant the right."), examples=[["Kees Bos"]])
    remedy: WayOut | None


class WillShown(PlateShown):
    """What would be done, with what the row leaves to the batch filled in."""

    starts: Day | None = Field(description=_("From when it is insured, or changes."))
    ends: Day | None = Field(description=_("The first day without cover."))
    branch: int | None
    check_code: str | None
    details: dict[str, str] = Field(examples=[{"cover": "wa"}])


class ReceiptLink(Schema):
    entry: int
    receipt: str = Field(examples=["2026-004312"])
    path: str = Field(examples=["/api/v1/receipts/4312"])


class BatchRowShown(Schema):
    position: int = Field(description=_("Its place in what was sent, from 1."))
    key: str = Field(description=_("What the row is about, as it was sent."), examples=["GHK-12-L"])
    verdict: RunRow.Verdict
    cells: dict[str, str] = Field(
        description=_("What it says, by column. Let go of once it was done."), examples=[{"plate": "GHK-12-L"}]
    )
    problems: list[RowProblem]
    doubt: str | None = Field(description=_("Worth a look; it stops nothing."))
    will: WillShown | None = Field(description=_("While it can be done and waits for that."))
    receipt: ReceiptLink | None


def batch(run: Run, by_policy: int) -> dict[str, Any]:
    """`by_policy`: so many rows the policy takes at once."""
    names = ("id", "whole", "state", "rows", "began_at", "confirmed_at", "ended_at", "message", "sent_before")
    return {name: getattr(run, name) for name in names} | {
        "deed": DEEDS[run.kind],
        "policy": run.inputs["policy"],
        "day": run.inputs.get("day"),
        "branch": run.inputs.get("branch"),
        "counts": {
            "wrong": run.wrong,
            "pending": run.able,
            "accepted": run.accepted,
            "refused": run.refused,
        },
        "most_rows": min(by_policy, MOST_ROWS),
        "links": _links(run),
    }


def _links(run: Run) -> dict[str, str | None]:
    def to(name: str, *, where: bool = True) -> str | None:
        return reverse(f"api:{name}", args=[run.id]) if where else None

    return {
        "rows": to("batch_rows"),
        "confirm": to("batch_confirm", where=run.state == Run.State.CHECKED),
        "pause": to("run_pause", where=run.may_pause),
        "resume": to("run_resume", where=run.may_resume),
        "cancel": to("batch_cancel", where=not run.has_ended),
        "result": to("batch_result", where=run.has_ended),
        "summary": to("batch_summary", where=run.has_ended),
    }


def batch_rows(request: MemberRequest, run: Run, rows: Sequence[RowOfPage]) -> list[dict[str, Any]]:
    """Rows of one batch; what they have in common is asked once."""
    reading = None if run.has_ended else Reading.of(request.actor, run.inputs)
    lacked = any(one.row.code == LACKING for one in rows)
    granters = lacking.granters(request, run.organisation) if lacked else None
    late = [one.row.key for one in rows if one.row.remedy == RequestName.LATE_CHANGE]
    items = items_by_plate(policy_of(request.actor, run.inputs["policy"]), late) if late else {}
    return [
        {
            "position": one.row.position,
            "key": plate_text(one.row.key),
            "verdict": one.row.verdict,
            "cells": one.row.data,
            "problems": [_problem(run, one.row, granters, items)] if one.row.code and not one.row.is_doubted else [],
            "doubt": one.row.message if one.row.is_doubted else None,
            "will": _will(reading, run, one.row) if reading else None,
            "receipt": _receipt(one),
        }
        for one in rows
    ]


def _problem(run: Run, row: RunRow, granters: list[str] | None, items: Mapping[str, int]) -> dict[str, Any]:
    lacks = row.code == LACKING
    right = from_file(run.kind).right
    return {
        "code": row.code,
        "detail": row.message,
        "field": row.field or None,
        "missing": lacking.missing(right, row.missing_in, organisation=run.organisation) if lacks else None,
        "granters": granters if lacks else None,
        "remedy": _way_out(run, row, items) if row.remedy else None,
    }


def _way_out(run: Run, row: RunRow, items: Mapping[str, int]) -> dict[str, str | None]:
    """The operation that makes such a request is named after its kind, and stands at the policy or the vehicle."""
    told: dict[str, str | None] = {"label": gettext("Ask the desk"), "request_kind": row.remedy, "method": "POST"}
    where = {"item": items[row.key]} if row.key in items else {"number": run.inputs["policy"]}
    try:
        return told | {"path": reverse(f"api:ask_{row.remedy}", kwargs=where)}
    except NoReverseMatch:
        return told | {"path": None}


def _will(reading: Reading, run: Run, row: RunRow) -> dict[str, Any] | None:
    """None for a row that waits for nothing, or that this reader's own branches do not explain."""
    if row.verdict != RunRow.Verdict.PENDING:
        return None
    asked = Row(row.data, key=row.key, run=run.id, inputs=run.inputs)
    try:
        return _read(reading, DEEDS[run.kind], asked)
    except DomainError:
        return None


def _read(reading: Reading, deed: str, row: Row) -> dict[str, Any]:
    match deed:
        case "register":
            wanted = reading.wanted(row)
            code = wanted.check_code.value if wanted.check_code else None
            return _said(
                wanted.plate.value, wanted.details, starts=wanted.starts, branch=wanted.branch, check_code=code
            )
        case "change":
            change = reading.change(row)
            return _said(change.plate.value, change.details, starts=change.day, branch=change.branch)
    leaver = reading.leaver(row)
    return _said(leaver.plate.value, {}, ends=first_day_without(reading.rules, leaver.day))


def _said(
    plate: str,
    details: Mapping[str, str],
    *,
    starts: date | None = None,
    ends: date | None = None,
    branch: int | None = None,
    check_code: str | None = None,
) -> dict[str, Any]:
    return {
        "plate": plate,
        "plate_formatted": plate_text(plate),
        "starts": starts,
        "ends": ends,
        "branch": branch,
        "check_code": check_code,
        "details": dict(details),
    }


def _receipt(one: RowOfPage) -> dict[str, Any] | None:
    if not one.receipt:
        return None
    return {
        "entry": one.row.entry,
        "receipt": one.receipt,
        "path": reverse("api:receipt", args=[one.row.entry]),
    }
