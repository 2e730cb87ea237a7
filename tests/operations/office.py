"""An insurer whose background work went wrong here and there, and who looks after it."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.utils import timezone

from remise.core.actor import Actor
from remise.core.models import Event
from remise.core.scope import enter
from remise.messages.models import Mail
from remise.operations.rights import OperationsRight
from remise.organisations.models import Membership
from remise.portals.models import Portal
from tests import jobs, sessions, world
from tests.runs.trial.tasks import tell
from tests.world import OWNER


@dataclass(slots=True)
class Office:
    portal: Portal
    operator: Membership
    onlooker: Membership  # may look only

    def actor(self, who: Membership | None = None) -> Actor:
        return sessions.actor_of(who or self.operator)

    def client(self, who: Membership | None = None) -> Client:
        return sessions.client_of(who or self.operator, self.portal)

    def do(self, action: Any, *, who: Membership | None = None, **what: Any) -> Any:
        by = self.actor(who)
        with enter(by.scope):
            return action(by=by, **what)

    def events(self, kind: str) -> list[Event]:
        return list(Event.objects.using(OWNER).filter(portal=self.portal.id, kind=kind).order_by("id"))

    def failed(self, number: int = 1, task: str = tell.name, **ids: Any) -> int:
        return jobs.put_failed(task, {"portal": self.portal.id, **(ids or {"number": number})})


def office(portal: Portal | None = None) -> Office:
    portal = portal or world.portal()
    insurer = world.insurer(portal)
    return Office(
        portal,
        operator=world.member(insurer, rights=list(OperationsRight), name="Hanna Smit"),
        onlooker=world.member(insurer, rights=[OperationsRight.VIEW], name="Tom van der Laan"),
    )


def dead_letter(portal: Portal, *, to: str = "", state: str = "refused", fault: str = "refused", **more: Any) -> Mail:
    """A mail that came back, with no job behind it."""
    return Mail.objects.using(OWNER).create(
        portal=portal.id,
        reference=uuid.uuid4(),
        kind="test",
        sender="Koetspoort <portal@koetspoort.example>",
        recipient=to or f"someone-{world.unique()}@example.test",
        language="nl",
        subject="Je ontvangstbewijs",
        text="Hallo",
        secret=False,
        state=state,
        attempts=1,
        fault=fault,
        written_at=timezone.now(),
        **{"settled_at": timezone.now(), **more},
    )
