from remise.core import events
from remise.core.actor import Actor
from remise.core.jobs import URGENT, job


@job("core.deliver", priority=URGENT)
def deliver(actor: Actor, *, event: int, subscriber: str) -> None:
    events.take(actor, event=event, subscriber=subscriber)
