"""Letting go of what the register said in its own words: somebody there may have written anything. What was told,
when and with which verdict stays with the ledger."""

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from remise.core import clock
from remise.core.actor import Actor
from remise.core.scope import enter
from remise.notices.models import Notice
from remise.portals import holds, retention
from remise.portals.retention import Category

WORDS = Category(
    "notices.words",
    label=_("Words of the state register"),
    lets_go=_("What the register wrote with its answers. The notices, their verdicts and codes stay."),
    days=730,
    source=_("Our own policy: two years, in which a late notice can still be disputed"),
    least=60,
    why_least=_("A refused notice is put right within weeks."),
)
SETTLED = (Notice.State.ACCEPTED, Notice.State.CORRECTED, Notice.State.WITHDRAWN)
TOGETHER = 1000


def forget_words(system: Actor) -> None:
    """So many in one transaction: what a kill leaves, the next day does."""
    gone = 0
    while True:
        with enter(system.scope):
            due = _due(system)
            free = due.exclude(holds.held(system).rows())
            numbers = list(free.order_by("id").values_list("id", flat=True)[:TOGETHER])
            gone += Notice.objects.filter(id__in=numbers).update(words="")
            if len(numbers) < TOGETHER:
                retention.note(system, WORDS, gone=gone, held=_due(system).count())
                return


def _due(system: Actor) -> QuerySet[Notice, Notice]:
    before = clock.now(system) - retention.kept(system, WORDS)
    said = Notice.objects.filter(portal=system.in_portal, state__in=SETTLED).exclude(words="")
    # One that was to be sent again has no answer any more, but keeps the words of the last one.
    return said.alias(since=Coalesce("answered_at", "written_at")).filter(since__lt=before)
