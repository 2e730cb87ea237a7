"""What was typed, as it is asked: by page and by program alike. The forms are valid."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from remise.core.actor import Actor
from remise.desk.actions import open_request
from remise.desk.models import DeskRequest
from remise.fleet.changing import Change
from remise.fleet.forms import CorrectionForm, RegisterForm, ValueForm
from remise.fleet.remedies import RequestName
from remise.fleet.requests.data import (
    Correction,
    LateChange,
    LateDeregistration,
    LateRegistration,
    WrongValue,
)
from remise.fleet.selectors.history import History
from remise.fleet.selectors.receipts import Receipt
from remise.policies.models import Policy


def late_registration(
    policy: Policy, form: RegisterForm, *, branch: int, details: Mapping[str, str]
) -> LateRegistration:
    code = form.cleaned_data.get("check_code")
    return LateRegistration(
        policy=policy.id,
        plate=form.cleaned_data["plate"].value,
        day=form.cleaned_data["day"],
        branch=branch,
        check_code=code.value if code else None,
        details=dict(details),
        vin=form.vin.value if form.vin else None,
    )


@transaction.atomic
def ask_deregistrations(*, by: Actor, policy: Policy, vehicles: Mapping[int, str], day: date) -> list[DeskRequest]:
    """One request for each of these items, by number with its plate: the desk may accept one and refuse another.
    Asked are all or none, as without the desk."""
    kind = RequestName.LATE_DEREGISTRATION
    return [
        open_request(by=by, kind=kind, data=LateDeregistration(policy.id, item, plate, day))
        for item, plate in vehicles.items()
    ]


def late_change(history: History, change: Change) -> LateChange:
    return LateChange(
        policy=history.item.policy,
        item=history.item.id,
        plate=history.item.key,
        day=change.day,
        details=dict(change.details),
        branch=change.branch,
    )


def correction(receipt: Receipt, form: CorrectionForm) -> Correction:
    return Correction(
        policy=receipt.policy.id,
        item=receipt.entry.item_id,
        plate=receipt.plate.value,
        entry=receipt.entry.id,
        why=form.cleaned_data["why"],
    )


def wrong_value(history: History, form: ValueForm, *, sure: bool) -> WrongValue:
    return WrongValue(
        policy=history.item.policy,
        item=history.item.id,
        plate=history.item.key,
        value=form.cleaned_data["value"],
        why=form.cleaned_data["why"],
        sure=sure,
    )
