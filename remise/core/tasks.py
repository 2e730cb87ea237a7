from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from remise.core.actor import Actor
from remise.core.events import take
from remise.core.jobs import EVERY_DAY, URGENT, Lane, defer_daily, job


@job("core.deliver", label=_("Do what follows from something that happened"), priority=URGENT)
def deliver(actor: Actor, *, event: int, subscriber: str) -> None:
    take(actor, numbers=[event], subscriber=subscriber)


@job("core.deliver_all", label=_("Do what follows from many things that happened"))
def deliver_all(actor: Actor, *, events: list[int], subscriber: str) -> None:
    take(actor, numbers=events, subscriber=subscriber)


@app.task(name=EVERY_DAY, queue=Lane.QUICK)
def every_day(timestamp: int) -> None:  # the day for which the worker deferred it
    """The one job of no portal: it defers those of each."""
    defer_daily()
