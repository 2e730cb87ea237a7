"""Letting go of people's words once a request was closed for long enough (`rules` says when)."""

from django.db.models import QuerySet

from remise.core import clock
from remise.core.actor import Actor
from remise.core.scope import enter
from remise.desk import moves
from remise.desk.models import DeskRequest
from remise.desk.rules import WORDS_KEPT


def forget_old(system: Actor) -> None:
    """Each request in a transaction of its own: what a kill leaves, the next day does."""
    with enter(system.scope):
        numbers = list(_old(system).order_by("id").values_list("id", flat=True))
    for number in numbers:
        with enter(system.scope):
            request = _old(system).select_for_update(no_key=True).filter(id=number).first()
            if request is not None:
                moves.forgotten(request, by=system)


def _old(system: Actor) -> QuerySet[DeskRequest]:
    return DeskRequest.objects.filter(
        portal=system.in_portal, forgotten_at__isnull=True, decided_at__lt=clock.now(system) - WORDS_KEPT
    )
