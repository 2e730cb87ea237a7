"""The fleet's long work: registering row by row, and the stock as a file when it is large."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from remise.core import clock
from remise.core.actor import Actor
from remise.core.errors import DomainError
from remise.core.identifiers import CheckCode, IdentifierError, Plate
from remise.fleet.actions import register_vehicle
from remise.fleet.exports import write_stock
from remise.fleet.rights import FleetRight
from remise.fleet.selectors.stock import StockQuery, stock
from remise.policies.models import Policy
from remise.policies.selectors import policy_of, rules_of
from remise.runs.kinds import ExportKind, Progress, Row, RowOutcome, RunKind


def register_row(by: Actor, row: Row) -> RowOutcome:
    """A row holds `plate`, `check_code`, `day` (ISO) and `details`, the product's own fields; the run's inputs hold
    the number of the policy and the branch."""
    policy = policy_of(by, row.inputs["policy"])
    try:
        plate = Plate.parse(row["plate"])
        check_code = CheckCode.parse(row["check_code"]) if row.get("check_code") else None
    except IdentifierError as error:
        raise DomainError(str(error), code=error.code, field="plate") from error
    done = register_vehicle(
        by=by,
        policy=policy,
        plate=plate,
        check_code=check_code,
        starts=date.fromisoformat(row["day"]),
        branch=int(row.inputs["branch"]),
        details=row.get("details", {}),
        run=row.run,
    )
    return RowOutcome(entry=done.entry.id, message=_("Receipt %(number)s") % {"number": done.entry.receipt})


def stock_inputs(policy: Policy, query: StockQuery, kind: str) -> dict[str, Any]:
    """What an export is asked, pinned to a moment: what comes in while it is written stays out."""
    return {
        "policy": policy.number,
        "format": kind,
        "day": query.day.isoformat(),
        "known_at": query.known_at.isoformat() if query.known_at else None,
        "search": query.search,
        "branch": query.branch,
    }


def write_stock_file(by: Actor, inputs: Mapping[str, Any], file: BinaryIO) -> Iterator[Progress]:
    policy, query = policy_of(by, inputs["policy"]), _query(inputs)
    versions = stock(by, policy, query)
    total = versions.count()
    rules = rules_of(policy, on=clock.today(by))
    for written in write_stock(file, inputs["format"], versions, rules):
        yield Progress(written, total)


def _query(inputs: Mapping[str, Any]) -> StockQuery:
    known_at = inputs["known_at"]
    return StockQuery(
        day=date.fromisoformat(inputs["day"]),
        known_at=datetime.fromisoformat(known_at) if known_at else None,
        search=inputs["search"],
        branch=inputs["branch"],
    )


def stock_file_name(_by: Actor, inputs: Mapping[str, Any]) -> str:
    return f"{inputs['policy']}-{inputs['day']}.{inputs['format']}"


REGISTER = RunKind(
    name="fleet.register",
    label=gettext_lazy("Register vehicles"),
    right=FleetRight.REGISTER,
    icon="car",
    handle=register_row,
    keys_are_plates=True,
)
STOCK = ExportKind(
    name="fleet.stock",
    label=gettext_lazy("Download the vehicles"),
    right=FleetRight.VIEW,
    write=write_stock_file,
    file_name=stock_file_name,
)
