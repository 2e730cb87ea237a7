from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from remise.api.idempotency import KEPT
from remise.api.models import IdempotencyKey
from remise.core.actor import Actor
from remise.core.jobs import daily
from remise.core.scope import enter


@daily("api.forget", label=_("Let go of old answers to programs"))
def forget(actor: Actor) -> None:
    """Let go of answers that nobody will ask for again: they hold particulars."""
    with enter(actor.scope):
        IdempotencyKey.objects.filter(portal=actor.portal or 0, at__lt=timezone.now() - KEPT).delete()
