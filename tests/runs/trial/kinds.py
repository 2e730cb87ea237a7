"""A run that stamps its rows, and an export of numbers; what to do stands in the row."""

import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, BinaryIO

from django.db import connection
from django.db.utils import OperationalError

from remise.core import events
from remise.core.actor import Actor
from remise.core.errors import DomainError
from remise.core.models import Event
from remise.core.rights import Right
from remise.runs.kinds import ExportKind, Progress, Row, RowOutcome, RunKind, kinds


class TrialRight(Right):
    STAMP = "trial.stamp"
    LIST = "trial.list"


def stamp(by: Actor, row: Row) -> RowOutcome:
    """Leave one event per row, then do as the row says."""
    events.record("trial.stamped", by=by, subject=("trial", row["number"]), after={"run": row.run})
    time.sleep(row.get("seconds", 0))
    match row.get("then"):
        case "refuse":
            raise DomainError(row["words"], code="told_to")
        case "break":
            raise ZeroDivisionError(row["words"])
        case "lose database":
            raise OperationalError("gone")
        case "break in database":
            with connection.cursor() as cursor:
                cursor.execute("select 1 / 0")
        case "be killed":
            raise SystemExit
    return RowOutcome(message=row.get("words", ""))


def follow(by: Actor, event: Event) -> None:
    """A subscriber that leaves one event for each event."""
    events.record("trial.followed", by=by, organisation=event.organisation, subject=("trial", event.subject or 0))


def write(by: Actor, inputs: Mapping[str, Any], _at: datetime, file: BinaryIO) -> Iterator[Progress]:
    for part in range(inputs["parts"]):
        if part == inputs.get("refuse_at"):
            raise DomainError("Not today.")
        if part == inputs.get("break_at"):
            raise ZeroDivisionError
        for line in range(10):
            file.write(f"{part * 10 + line};{by.account};{_role()}\n".encode())
        time.sleep(inputs.get("seconds", 0))
        yield Progress(part * 10 + 10, inputs["parts"] * 10)


def _role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select current_user")
        return str(cursor.fetchone()[0])


STAMP = RunKind(
    name="trial.stamp", label="Stamp", right=TrialRight.STAMP, handle=stamp, chunk=10, keys_are_plates=False
)
LIST = ExportKind(
    name="trial.list",
    label="Numbers",
    right=TrialRight.LIST,
    write=write,
    file_name=lambda _by, inputs: inputs.get("name", "numbers.csv"),
)


def register() -> None:
    if STAMP.name not in kinds:
        kinds.add(STAMP, LIST)
        events.subscribe("trial.stamped", "trial.follow", follow)
