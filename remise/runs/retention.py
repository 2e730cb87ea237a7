"""Letting go of what is no longer needed (`rules` says when): files of exports, and what was sent in and refused."""

from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from remise.core import clock
from remise.core.actor import Actor
from remise.core.scope import enter
from remise.runs import exports, moves
from remise.runs.kinds import is_export, kinds
from remise.runs.models import Run
from remise.runs.rules import ABANDONED_AFTER, FILES_KEPT, ROWS_KEPT


def forget_old(system: Actor) -> None:
    """Each run in a transaction of its own; the file goes first, so that a kill in between leaves no file that no run
    knows of, and the next day does the rest."""
    for number, file in _due(system):
        if file:
            exports.remove(file)
        with enter(system.scope):
            run = Run.objects.select_for_update(no_key=True).filter(_old(system), id=number, result=file).first()
            if run is not None:
                _give_up(run, system)
                moves.forget(run, by=system)


def _due(system: Actor) -> list[tuple[int, str]]:
    with enter(system.scope):
        return list(Run.objects.filter(_old(system)).order_by("id").values_list("id", "result"))


def _old(system: Actor) -> Q:
    now = clock.now(system)
    with_files = [kind.name for kind in kinds if is_export(kind.name)]
    files = Q(kind__in=with_files, ended_at__lt=now - FILES_KEPT)
    rows = Q(ended_at__lt=now - ROWS_KEPT)
    abandoned = Q(ended_at__isnull=True, stepped_at__lt=timezone.now() - ABANDONED_AFTER)
    return (files | rows | abandoned) & Q(portal=system.portal, forgotten_at__isnull=True)


def _give_up(run: Run, system: Actor) -> None:
    if not run.has_ended:
        with translation.override(run.language):
            words = _("Nothing happened with this for %(days)s days.") % {"days": ABANDONED_AFTER.days}
            moves.end(run, Run.State.CANCELLED, by=system, message=words)
