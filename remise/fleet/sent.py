"""A registration as a program or a file sends it. The page's own form judges its shape: so the verdict is one."""

from collections.abc import Mapping, Sequence
from typing import Any

from remise.core import clock
from remise.core.actor import Actor
from remise.fleet.actions import Registered, register_vehicle
from remise.fleet.comparing import compare_code
from remise.fleet.forms import RegisterForm
from remise.organisations.models import Branch
from remise.policies import rules as product_rules
from remise.policies.models import Policy
from remise.policies.selectors import rules_of
from remise.ui.formats import read_plate
from remise.ui.forms import refusal


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
        sure=bool(sent.get("sure")),
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
        plate=read_plate(typed["plate"]),
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
