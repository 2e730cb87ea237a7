"""How the API shows vehicles, receipts and totals: the same facts that the pages show."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_noop as _  # said in the reader's language by api.description
from ninja import Field, Schema

from remise.core.actor import Actor
from remise.core.identifiers import Plate
from remise.core.schemas import Day, Money, PlateShown, Words
from remise.fleet.actions import Registered
from remise.fleet.entries import made_on
from remise.fleet.models import RegistrationVersion
from remise.fleet.parties.described import PartyNamed, parties_named
from remise.fleet.premium import premium_line, premium_of
from remise.fleet.radar.selectors import Found
from remise.fleet.selectors.history import History
from remise.fleet.selectors.receipts import Receipt
from remise.messages.selectors import Mailed
from remise.policies.models import Policy
from remise.policies.selectors import rules_of

PREMIUM = _("What registering does to the premium, by the day and without amounts; empty where it does nothing.")
# Completed: what was missing, filled in from the register.
WHAT = _("registered, deregistered, completed, revalued, changed or correction")
EMPTIED = _("What a change made empty, by its label.")
FOUND = _(
    "sold, exported, gone (no longer in the register), not_covered, inspection_expired, wam_missing (said to be"
    " uninsured) or value_differs"
)


class VehicleShown(PlateShown):
    id: int = Field(description=_("This vehicle on this policy."))
    policy: str = Field(examples=["40.123456"])
    make: str = Field(examples=["VOLVO"])
    model: str = Field(examples=["EX30"])
    branch: int | None
    starts: Day = Field(description=_("Insured from this day."))
    ends: Day | None = Field(description=_("The first day without cover; null = no end is known."))
    last_day: Day | None = Field(description=_("The last day covered."))
    value: Money | None = Field(description=_("Catalogue value in euros; null = not known yet."))
    value_source: str | None = Field(examples=["RDW"])
    value_date: Day | None
    cover: str | None = Field(description=_("One of the policy's choices."), examples=["wa"])
    lessee: PartyNamed | None
    driver: PartyNamed | None
    details: dict[str, str | int | bool] = Field(
        description=_("What else the policy asks, by the name of its field; amounts and days as text."), examples=[{}]
    )


class FoundShown(PlateShown):
    """What the register says that speaks against the policy, and what can be done about it."""

    id: int
    kind: str = Field(description=FOUND, examples=["sold"])
    vehicle: int
    policy: str
    title: str = Field(description=_("In the language of the call."))
    text: str
    found_at: datetime
    day: Day | None = Field(description=_("On which to deregister, or from which to register again."))
    days_left: int | None = Field(description=_("While that goes online; below zero the desk is asked."))
    reasons: list[str] = Field(description=_("One of these says that it is right."), examples=[["still_ours"]])


class LineShown(Schema):
    """One thing that happened to the vehicle on its policy."""

    entry: int
    receipt: str = Field(examples=["2026-004312"])
    what: str = Field(
        description=WHAT,
        examples=["registered"],
    )
    starts: Day | None
    at: datetime
    by: str
    corrected: bool = Field(description=_("Undone by a later line."))
    emptied: list[str] = Field(description=EMPTIED, examples=[[]])


class VehicleWithHistory(PlateShown):
    id: int
    policy: str
    branch: int | None
    cover: list[VehicleShown] = Field(description=_("What holds, as known now, by day."))
    lines: list[LineShown]


class TotalsShown(Schema):
    vehicles: int = Field(examples=[137])
    value: Money
    without_value: int = Field(description=_("So many have no value known yet: they are not in `value`."))
    mean: Money | None


class RegisteredShown(PlateShown):
    id: int = Field(description=_("This vehicle on this policy."))
    policy: str
    starts: Day
    entry: int = Field(description=_("Asks for the receipt: /receipts/{entry}."))
    receipt: str = Field(examples=["2026-004312"])
    premium: Words = Field(description=PREMIUM, examples=["Nothing now."])


class Answer(Schema):
    label: str
    answer: str


class ReceiptShown(PlateShown):
    entry: int
    receipt: str = Field(examples=["2026-004312"])
    what: str = Field(description=WHAT)
    policy: str
    branch: str
    day: Day | None = Field(description=_("The day it is about, in the sense in which it was given."))
    at: datetime
    by: str
    check_code: str
    value: Money | None = Field(description=_("The catalogue value that this entry fixed."))
    value_source: str | None = Field(description=_("Who said it: the register, or the insurer's desk."))
    value_date: Day | None
    details: list[Answer]
    emptied: list[str] = Field(description=EMPTIED, examples=[["Driver"]])
    premium: Words = Field(description=PREMIUM, examples=["Nothing now."])
    undoes: int | None = Field(description=_("The entry that this one corrects."))
    corrected_by: int | None = Field(description=_("The entry that corrects this one."))
    may_correct: bool = Field(description=_("It can be undone today with this key."))


class MailedShown(Schema):
    """The address is not told again: it is let go of with the mail."""

    mailing: int
    at: datetime
    language: str = Field(examples=["nl"])
    state: str = Field(
        description=_("waiting, sent, refused (by the mail server), given_up, withdrawn (void meanwhile)"),
        examples=["sent"],
    )
    settled_at: datetime | None


def plate_shown(plate: Plate) -> dict[str, str]:
    return {"plate": plate.value, "plate_formatted": plate.formatted}


def vehicles(
    by: Actor, policy: Policy, rows: Sequence[RegistrationVersion], ends: Mapping[int, date | None] | None = None
) -> list[dict[str, Any]]:
    """`ends`: where the cover of each ends, by its item; left out, each is told until other terms follow."""
    named = parties_named(by, (party for row in rows for party in (row.lessee, row.driver) if party))
    return [_vehicle(policy, row, ends[row.item_id] if ends else row.ends, named) for row in rows]


def _vehicle(
    policy: Policy, row: RegistrationVersion, ends: date | None, named: Mapping[int, dict[str, Any]]
) -> dict[str, Any]:
    same = ("make", "model", "branch", "starts", "value", "value_source", "value_date", "cover", "details")
    return plate_shown(Plate(row.plate)) | {
        "id": row.item_id,
        "policy": policy.number,
        "ends": ends,
        "last_day": _day_before(ends),
        "lessee": named.get(row.lessee or 0),
        "driver": named.get(row.driver or 0),
        **{name: getattr(row, name) for name in same},
    }


def with_history(by: Actor, policy: Policy, found: History) -> dict[str, Any]:
    lines = [
        {
            "entry": line.entry.id,
            "receipt": line.entry.receipt,
            "what": line.what,
            "starts": line.entry.starts,
            "at": line.entry.at,
            "by": line.by,
            "corrected": line.corrected,
            "emptied": list(line.emptied),
        }
        for line in found.lines
    ]
    return plate_shown(Plate(found.item.key)) | {
        "id": found.item.id,
        "policy": policy.number,
        "branch": found.branch.id if found.branch else None,
        "cover": vehicles(by, policy, found.versions),
        "lines": lines,
    }


def registered(policy: Policy, done: Registered) -> dict[str, Any]:
    """Without another look at the database: programs register by the thousand."""
    return plate_shown(done.plate) | {
        "id": done.item,
        "policy": policy.number,
        "starts": done.starts,
        "entry": done.entry.id,
        "receipt": done.entry.receipt,
        "premium": premium_line(rules_of(policy, on=made_on(done.entry)), done.starts, today=made_on(done.entry)),
    }


def receipt(found: Receipt) -> dict[str, Any]:
    return plate_shown(found.plate) | {
        "entry": found.entry.id,
        "receipt": found.entry.receipt,
        "what": found.what,
        "policy": found.policy.number,
        "branch": found.branch,
        "day": found.day,
        "at": found.entry.at,
        "by": found.done_by,
        "check_code": found.check_code,
        "value": found.value.amount if found.value else None,
        "value_source": found.value.source if found.value else None,
        "value_date": found.value.said_on if found.value else None,
        "details": [{"label": label, "answer": answer} for label, answer in found.details],
        "emptied": list(found.emptied),
        "premium": premium_of(found),
        "undoes": found.undone.id if found.undone else None,
        "corrected_by": found.corrected_by.id if found.corrected_by else None,
        "may_correct": found.may_correct,
    }


def mailed(found: Mailed) -> dict[str, Any]:
    return {
        "mailing": found.number,
        "at": found.at,
        "language": found.language,
        "state": found.state,
        "settled_at": found.settled_at,
    }


def _day_before(day: date | None) -> date | None:
    return day - timedelta(days=1) if day else None


def found(one: Found) -> dict[str, Any]:
    return {
        "id": one.finding.id,
        "kind": one.kind,
        "plate": one.plate.value,
        "plate_formatted": one.plate.formatted,
        "vehicle": one.finding.item_id,
        "policy": one.policy.number,
        "title": str(one.explained.title),
        "text": str(one.explained.text),
        "found_at": one.finding.found_at,
        "day": one.todo.day if one.todo else None,
        "days_left": one.days_left,
        "reasons": [reason for reason, _words in one.reasons],
    }
