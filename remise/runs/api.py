"""Long work, as a program follows it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop as _  # said in the reader's language by api.description
from ninja import Field, Router, Schema

from remise.core import paging
from remise.core.schemas import Before, Call, Cursor, Listed, Words, listed
from remise.runs import actions, selectors
from remise.runs.kinds import kinds
from remise.runs.models import Run, RunRow
from remise.runs.selectors import AS_SENT, NEWEST_FIRST, RowOfPage

router = Router(tags=[_("runs")])


class RunShown(Schema):
    """`accepted` and `refused` count up while it is busy; it is ready when `state` is `done` or `cancelled`."""

    id: int
    kind: str = Field(examples=["fleet.register"])
    label: Words
    state: Run.State
    rows: int = Field(examples=[140])
    accepted: int = Field(examples=[137])
    refused: int = Field(examples=[3])
    began_at: datetime
    ended_at: datetime | None
    message: str = Field(description=_("Why it stopped or was cancelled."))
    sent_before: bool = Field(description=_("The same was sent before, and led here."))


class RowShown(Schema):
    position: int
    key: str = Field(description=_("What the row is about, as it was sent."), examples=["GHK-12-L"])
    verdict: RunRow.Verdict
    code: str = Field(description=_("Which rule refused it; empty where none did."), examples=["check_code_missing"])
    message: str = Field(description=_("For people, in the language in which it was sent."))
    entry: int | None = Field(description=_("The receipt, where it was done."))
    receipt: str = Field(examples=["2026-004312"])


@router.get(
    "/runs",
    response=Listed[RunShown],
    url_name="runs",
    summary=_("List long work"),
    description=_(
        "Everything that was sent in or asked for as a file and that your rights let you see, the newest first."
    ),
)
def runs(request: Call, cursor: Cursor = "", before: Before = "") -> dict[str, Any]:
    selectors.require_any(request.actor)
    after, before = (paging.opened(text, NEWEST_FIRST) for text in (cursor, before))
    page = selectors.page_of_runs(request.actor, after=after, before=before)
    return listed(page, [shown(row.run) for row in page.rows])


@router.get(
    "/runs/{int:number}",
    response=RunShown,
    url_name="run",
    summary=_("How far is it?"),
    description=_("Ask again every few seconds until it is ready."),
)
def run(request: Call, number: int) -> dict[str, Any]:
    return shown(selectors.run_of(request.actor, number))


@router.get(
    "/runs/{int:number}/rows",
    response=Listed[RowShown],
    url_name="run_rows",
    summary=_("What came of each row"),
    description=_("In the order in which they were sent; `verdict` shows only those."),
)
def rows(
    request: Call,
    number: int,
    verdict: RunRow.Verdict | None = None,
    cursor: Cursor = "",
    before: Before = "",
) -> dict[str, Any]:
    found = selectors.run_of(request.actor, number)
    after, before = (paging.opened(text, AS_SENT) for text in (cursor, before))
    page = selectors.page_of_rows(found, verdict or "", after=after, before=before)
    return listed(page, [_row(row) for row in page.rows])


@router.post(
    "/runs/{int:number}/pause",
    response=RunShown,
    url_name="run_pause",
    summary=_("Pause it"),
    description=_("The row at hand is done first. An export cannot be paused."),
)
def pause(request: Call, number: int) -> dict[str, Any]:
    return shown(actions.pause(by=request.actor, run=number))


@router.post(
    "/runs/{int:number}/resume",
    response=RunShown,
    url_name="run_resume",
    summary=_("Go on with it"),
    description=_("With what was paused or what a fault stopped; no row is done twice."),
)
def resume(request: Call, number: int) -> dict[str, Any]:
    return shown(actions.resume(by=request.actor, run=number))


@router.post(
    "/runs/{int:number}/cancel",
    response=RunShown,
    url_name="run_cancel",
    summary=_("Do no more of it"),
    description=_("What is done stays done."),
)
def cancel(request: Call, number: int) -> dict[str, Any]:
    return shown(actions.cancel(by=request.actor, run=number))


def shown(run: Run) -> dict[str, Any]:
    names = ("id", "kind", "state", "rows", "accepted", "refused", "began_at", "ended_at", "message", "sent_before")
    return {name: getattr(run, name) for name in names} | {"label": kinds[run.kind].label}


def _row(found: RowOfPage) -> dict[str, Any]:
    row = found.row
    names = ("position", "key", "verdict", "code", "message", "entry")
    return {name: getattr(row, name) for name in names} | {"receipt": found.receipt}
