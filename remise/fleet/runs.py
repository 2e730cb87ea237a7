"""The fleet's long work: registering row by row, and the stock as a file, which is a run when it is large."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.errors import Forbidden
from remise.core.identifiers import IdentifierError, Plate
from remise.fleet.actions import Registered, register_vehicle
from remise.fleet.comparing import compare_code
from remise.fleet.exports import AT_ONCE, write_stock
from remise.fleet.forms import RegisterForm
from remise.fleet.rights import FleetRight
from remise.fleet.selectors.stock import Only, StockQuery, stock
from remise.organisations.models import Branch
from remise.policies import rules as product_rules
from remise.policies.models import Policy
from remise.policies.selectors import policy_of, rules_of
from remise.runs.actions import begin_run
from remise.runs.kinds import ExportKind, Progress, Row, RowOutcome, RunKind
from remise.runs.models import Run
from remise.runs.selectors import decide
from remise.ui.forms import refusal


def register_row(by: Actor, row: Row) -> RowOutcome:
    """A row holds `plate`, `check_code`, `day` (ISO) and `details`, the product's own fields; the run's inputs hold
    the number of the policy and the branch. The page's own form judges the shape of what was sent."""
    policy = policy_of(by, row.inputs["policy"])
    done = register_sent(by=by, policy=policy, sent=row, branch=int(row.inputs["branch"]), run=row.run)
    return RowOutcome(entry=done.entry.id, message=_("Receipt %(number)s") % {"number": done.entry.receipt})


def register_sent(
    *,
    by: Actor,
    policy: Policy,
    sent: Mapping[str, Any],
    branch: int | None,
    branches: Sequence[Branch] = (),
    run: int | None = None,
) -> Registered:
    """Register what a program or a file sends: `plate`, `check_code`, `day` and `details`. The page's own form judges
    its shape. Without a branch it is the only one of `branches`, or who sends must say which."""
    form = form_sent(by, policy, sent, branches)
    return register_vehicle(
        by=by,
        policy=policy,
        plate=form.cleaned_data["plate"],
        check_code=form.cleaned_data.get("check_code"),
        starts=form.cleaned_data["day"],
        branch=form.branch if branch is None else branch,
        details=details_sent(form, sent.get("details")),
        vin=form.vin,
        run=run,
    )


def form_sent(by: Actor, policy: Policy, sent: Mapping[str, Any], branches: Sequence[Branch]) -> RegisterForm:
    """The page's own form, filled in with what was sent; raises what it refuses."""
    today = clock.today(by)
    rules = rules_of(policy, on=today)
    typed = _as_typed(sent.get("details"))
    typed |= _as_typed({name: sent.get(name) for name in ("plate", "check_code", "day")})
    form = RegisterForm(
        typed,
        rules=rules,
        window=product_rules.registering_window(rules, today=today, in_name_since=None),  # only drawn
        today=today,
        branches=branches,
        branch=None,
        plate=_plate(typed["plate"]),
    )
    if not form.is_valid():
        compare_code(form, by=by)  # all that is wrong is told at once
        raise refusal(form)
    return form


def details_sent(form: RegisterForm, details: object) -> dict[str, str]:
    """A field that the product does not have is refused by the action; the page has no such field."""
    return _as_typed(details) | form.details


def _as_typed(values: object) -> dict[str, str]:
    """What a file brings, as a browser would send it: a number without quotes is no fault of ours."""
    if not isinstance(values, Mapping):
        return {}
    return {name: "" if value is None else str(value) for name, value in values.items()}


def _plate(text: str) -> Plate | None:
    try:
        return Plate.parse(text)
    except IdentifierError:
        return None


@transaction.atomic
def export_stock(*, by: Actor, policy: Policy, query: StockQuery, kind: str) -> bytes:
    """The list as a file, at once. Who took it and what they asked for is written down, as when it is a run."""
    _require_view(by)
    versions = stock(by, policy, query)
    rules = rules_of(policy, on=clock.today(by))
    file, written = BytesIO(), 0
    for written in write_stock(file, kind, versions, rules, part=AT_ONCE + 1):  # noqa: B007
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
        "branch": query.branch,
        "only": query.only,
    }


def write_stock_file(by: Actor, inputs: Mapping[str, Any], at: datetime, file: BinaryIO) -> Iterator[Progress]:
    """What comes in while it is written stays out: all parts are as known `at`, or at the moment asked for."""
    policy, query = policy_of(by, inputs["policy"]), _query(inputs, at)
    versions = stock(by, policy, query)
    total = versions.count()
    rules = rules_of(policy, on=clock.today(by))
    for written in write_stock(file, inputs["format"], versions, rules):
        yield Progress(written, total)


def _query(inputs: Mapping[str, Any], at: datetime) -> StockQuery:
    asked = inputs["known_at"]
    return StockQuery(
        day=date.fromisoformat(inputs["day"]),
        # Of a moment that is still to come nothing is known but what is known now.
        known_at=min(datetime.fromisoformat(asked), at) if asked else at,
        search=inputs["search"],
        branch=inputs["branch"],
        only=Only(inputs["only"]),
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
