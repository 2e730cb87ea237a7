"""Letting go of people's words once a request was closed for long enough."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from remise.core import clock
from remise.core.actor import Actor
from remise.core.scope import enter
from remise.desk import moves
from remise.desk.models import DeskMessage, DeskNote, DeskRequest
from remise.portals import holds, retention
from remise.portals.retention import Category

WORDS = Category(
    "desk.words",
    label=_("Words of requests to the desk"),
    lets_go=_(
        "What was typed and said, the reason of the answer and the desk's own notes. That it was asked and what"
        " became of it stays."
    ),
    days=366,
    source=_("Our own policy: a year in which who disagrees can come back on the answer"),
    least=30,
    why_least=_("Who disagrees with an answer must be able to point at it."),
)


def forget_old(system: Actor) -> None:
    """Each request in a transaction of its own: what a kill leaves, the next day does."""
    gone = 0
    with enter(system.scope):
        numbers = list(_old(system).exclude(_held(system)).order_by("id").values_list("id", flat=True))
    for number in numbers:
        with enter(system.scope):
            found = _old(system).exclude(_held(system)).select_for_update(no_key=True, of=("self",))
            request = found.filter(id=number).first()
            if request is not None:
                moves.forgotten(request, by=system)
                gone += 1
    with enter(system.scope):
        retention.note(system, WORDS, gone=gone, held=_old(system).filter(_held(system)).count())


def _old(system: Actor) -> QuerySet[DeskRequest]:
    before = clock.now(system) - retention.kept(system, WORDS)
    return DeskRequest.objects.filter(portal=system.in_portal, forgotten_at__isnull=True, decided_at__lt=before)


def _held(system: Actor) -> Q:
    held = holds.held(system)
    said = DeskMessage.objects.filter(request=OuterRef("pk"), account__in=held.accounts)
    noted = DeskNote.objects.filter(request=OuterRef("pk"), account__in=held.accounts)
    return held.rows(accounts=("account", "decided_by")) | Q(Exists(said)) | Q(Exists(noted))
