"""Letting go of work that failed and was neither tried again nor let go."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from remise.core import queue
from remise.core.actor import Actor
from remise.core.scope import enter
from remise.portals import retention
from remise.portals.retention import Category

FAILED = Category(
    "operations.failed",
    label=_("Work that gave up"),
    lets_go=_("The job with its numbers. It names nobody, so that no hold concerns it."),
    days=30,
    source=_("Our own policy: a month to repair it"),
    least=7,
    why_least=_("Somebody must get round to repairing it."),
)


def forget_old(system: Actor) -> None:
    with enter(system.scope):
        gone = queue.forget(before=timezone.now() - retention.kept(system, FAILED))
        retention.note(system, FAILED, gone=gone)
