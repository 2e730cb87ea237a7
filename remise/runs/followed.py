"""What a program may follow of long work: that a run of some kind began, ended, failed, and so on."""

from collections.abc import Mapping, Sequence
from typing import Any

from ninja import Field, Schema

from remise.core.actor import Actor
from remise.core.models import Event
from remise.runs.selectors import visible_runs

KINDS = frozenset(
    f"run.{word}"
    for word in ("begun", "confirmed", "paused", "resumed", "failed", "cancelled", "done", "fetched", "forgotten")
)


class RunChange(Schema):
    run: int
    run_kind: str = Field(examples=["fleet.register"])
    rows: int | None = None
    accepted: int | None = None
    refused: int | None = None


def tell(by: Actor, events: Sequence[Event]) -> Mapping[int, Mapping[str, Any]]:
    """Of the runs that this actor may see; how far they were at that moment, where the event says it."""
    asked = {event.subject for event in events if event.subject is not None}
    kinds = dict(visible_runs(by).filter(id__in=asked).values_list("id", "kind")) if asked else {}
    return {
        event.id: {"run": event.subject, "run_kind": kinds[event.subject], **_counted(event)}
        for event in events
        if event.subject in kinds
    }


def _counted(event: Event) -> dict[str, Any]:
    said = event.after or {}
    return {name: said[name] for name in ("rows", "accepted", "refused") if name in said}
