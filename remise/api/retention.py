"""Letting go of answers that nobody will ask for again: they hold particulars."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from remise.api.models import IdempotencyKey
from remise.core.actor import Actor
from remise.core.scope import enter
from remise.portals import holds, retention
from remise.portals.retention import Category

ANSWERS = Category(
    "api.answers",
    label=_("Answers to programs"),
    lets_go=_("What a program was answered, so that the same call could be answered alike. What it did stays."),
    days=2,
    source=_("Our own policy: as long as a program may send the same once more"),
    least=2,
    why_least=_("Programs rely on it: the same call sent again within two days is done once."),
)


def forget_old(system: Actor) -> None:
    """In one statement; done again it finds less."""
    with enter(system.scope):
        before = timezone.now() - retention.kept(system, ANSWERS)
        old = IdempotencyKey.objects.filter(portal=system.in_portal, at__lt=before)
        held = holds.held(system).rows(accounts=("token__membership__account",))
        left = old.filter(held).count()
        gone, _each = old.exclude(held).delete()
        retention.note(system, ANSWERS, gone=gone, held=left)
