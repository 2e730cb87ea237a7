"""A garage with people who begin long work, and what tests ask of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from remise.core.actor import Actor
from remise.core.models import Event
from remise.core.scope import enter
from remise.organisations.models import Branch, Grant, Membership, Organisation
from remise.portals.models import Portal
from remise.runs import actions
from remise.runs.models import Run, RunRow
from tests import sessions, world
from tests.runs.trial.kinds import TrialRight
from tests.world import OWNER

RIGHTS = [TrialRight.STAMP, TrialRight.LIST]


@dataclass(slots=True)
class Office:
    portal: Portal
    organisation: Organisation
    zwolle: Branch
    deventer: Branch
    clerk: Membership

    def actor(self, who: Membership | None = None, branch: Branch | None = None) -> Actor:
        return sessions.actor_of(who or self.clerk, branch=branch.id if branch else None)

    def colleague(self, *rights: str, branch: Branch | None = None) -> Membership:
        made = world.member(self.organisation, rights=[], name="Piet Bakker")
        for right in rights:
            Grant.objects.using(OWNER).create(
                portal=self.portal.id,
                organisation=self.organisation.id,
                membership=made,
                right=right,
                branch=branch,
                by_system="insurer",
            )
        return made

    def stamp(self, *rows: Mapping[str, Any], by: Actor | None = None, **named: Any) -> Run:
        """Begin a run; a row's number is its place unless it says otherwise."""
        listed = [(f"R{place}", {"number": place} | dict(row)) for place, row in enumerate(rows, start=1)]
        return self.begin("trial.stamp", rows=listed, by=by, **named)

    def export(self, *, by: Actor | None = None, **inputs: Any) -> Run:
        return self.begin("trial.list", inputs=inputs, by=by)

    def begin(
        self,
        kind: str,
        *,
        rows: Iterable[tuple[str, Mapping[str, Any]]] = (),
        inputs: Mapping[str, Any] | None = None,
        by: Actor | None = None,
        again: bool = False,
    ) -> Run:
        by = by or self.actor()
        with enter(by.scope):
            return actions.begin_run(by=by, kind=kind, inputs=inputs or {}, rows=rows, again=again)

    def pause(self, run: Run, by: Actor | None = None) -> None:
        with enter((by or self.actor()).scope):
            actions.pause(by=by or self.actor(), run=run.id)

    def resume(self, run: Run, by: Actor | None = None) -> None:
        with enter((by or self.actor()).scope):
            actions.resume(by=by or self.actor(), run=run.id)

    def cancel(self, run: Run, by: Actor | None = None) -> None:
        with enter((by or self.actor()).scope):
            actions.cancel(by=by or self.actor(), run=run.id)

    def events(self, kind: str = "") -> list[Event]:
        found = Event.objects.using(OWNER).filter(portal=self.portal.id).order_by("id")
        return list(found.filter(kind=kind) if kind else found)

    def stamps(self, kind: str = "trial.stamped") -> Counter[int | None]:
        """How often each row was stamped."""
        return Counter(event.subject for event in self.events(kind))


def office() -> Office:
    at = world.portal()
    made = world.organisation(at)
    return Office(
        at,
        made,
        world.branch(made, name="Zwolle"),
        world.branch(made, name="Deventer", establishment_number="000012345678"),
        world.member(made, rights=list(RIGHTS), name="Sanne de Wit"),
    )


def now(run: Run) -> Run:
    return Run.objects.using(OWNER).get(pk=run.pk)


def verdicts(run: Run) -> list[tuple[str, str, str]]:
    rows = RunRow.objects.using(OWNER).filter(run=run).order_by("position")
    return [(row.verdict, row.code, row.message) for row in rows]


def counts(run: Run) -> tuple[str, int, int]:
    found = now(run)
    return found.state, found.accepted, found.refused
