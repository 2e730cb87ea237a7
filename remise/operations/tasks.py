from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from remise.core import queue
from remise.core.actor import Actor
from remise.core.jobs import daily
from remise.core.scope import enter
from remise.operations.rules import FAILED_KEPT


@daily("operations.forget", label=_("Let go of work that gave up long ago"))
def forget(actor: Actor) -> None:
    with enter(actor.scope):
        queue.forget(before=timezone.now() - FAILED_KEPT)
