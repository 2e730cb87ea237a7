"""The stock as a file, which is a run when it is large."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext_lazy

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.errors import Forbidden
from remise.fleet.exports import AT_ONCE, write_stock
from remise.fleet.rights import FleetRight
from remise.fleet.selectors.stock import Only, StockQuery, stock
from remise.policies.models import Policy
from remise.policies.selectors import policy_of, rules_of
from remise.runs.actions import begin_run
from remise.runs.kinds import ExportKind, Progress
from remise.runs.models import Run
from remise.runs.selectors import decide


@transaction.atomic
def export_stock(*, by: Actor, policy: Policy, query: StockQuery, kind: str) -> bytes:
    """The list as a file, at once. Who took it and what they asked for is written down, as when it is a run."""
    _require_view(by)
    versions = stock(by, policy, query)
    rules = rules_of(policy, on=clock.today(by))
    file, written = BytesIO(), 0
    for written in write_stock(by, file, kind, versions, rules, known_at=query.known_at, part=AT_ONCE + 1):  # noqa: B007
        pass
    _record(by, policy, {"format": kind, "day": query.day.isoformat(), "vehicles": written})
    return file.getvalue()


@transaction.atomic
def begin_stock_export(*, by: Actor, policy: Policy, query: StockQuery, kind: str) -> Run:
    """The same as a run."""
    # The run is about the branch that its file shows, wherever its person works meanwhile.
    run = begin_run(by=replace(by, branch=query.branch), kind=STOCK.name, inputs=stock_inputs(policy, query, kind))
    if not run.sent_before:
        _record(by, policy, {"format": kind, "day": query.day.isoformat(), "run": run.id})
    return run


def _require_view(by: Actor) -> None:
    decision = decide(by, FleetRight.VIEW, branch=by.branch)
    if not decision:
        raise Forbidden(decision)


def _record(by: Actor, policy: Policy, after: Mapping[str, Any]) -> None:
    events.record(
        "vehicles.exported",
        by=by,
        organisation=policy.organisation,
        subject=("policy", policy.id),
        after=after,
    )


def stock_inputs(policy: Policy, query: StockQuery, kind: str) -> dict[str, Any]:
    """What an export is asked. The moment is the run's own, or the same asked twice would never be recognised."""
    return {
        "policy": policy.number,
        "format": kind,
        "day": query.day.isoformat(),
        "known_at": query.known_at.isoformat() if query.known_at else None,
        "search": query.search,
        "party": query.party,
        "branch": query.branch,
        "only": query.only,
    }


def write_stock_file(by: Actor, inputs: Mapping[str, Any], at: datetime, file: BinaryIO) -> Iterator[Progress]:
    """What comes in while it is written stays out: all parts are as known `at`, or at the moment asked for."""
    policy, query = policy_of(by, inputs["policy"]), _query(inputs, at)
    versions = stock(by, policy, query)
    total = versions.count()
    rules = rules_of(policy, on=clock.today(by))
    for written in write_stock(by, file, inputs["format"], versions, rules, known_at=query.known_at):
        yield Progress(written, total)


def _query(inputs: Mapping[str, Any], at: datetime) -> StockQuery:
    asked = inputs["known_at"]
    return StockQuery(
        day=date.fromisoformat(inputs["day"]),
        # Of a moment that is still to come nothing is known but what is known now.
        known_at=min(datetime.fromisoformat(asked), at) if asked else at,
        search=inputs["search"],
        party=inputs.get("party"),
        branch=inputs["branch"],
        only=Only(inputs["only"]),
    )


def stock_file_name(_by: Actor, inputs: Mapping[str, Any]) -> str:
    return f"{inputs['policy']}-{inputs['day']}.{inputs['format']}"


STOCK = ExportKind(
    name="fleet.stock",
    label=gettext_lazy("Download the vehicles"),
    right=FleetRight.VIEW,
    write=write_stock_file,
    file_name=stock_file_name,
)
