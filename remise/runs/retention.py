"""Letting go of what is no longer needed (`rules` says when): files of exports, and what was sent in and refused."""

from datetime import datetime

from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from remise.core import clock
from remise.core.actor import Actor
from remise.core.scope import enter
from remise.portals import holds, retention
from remise.portals.retention import Category
from remise.runs import moves, places
from remise.runs.kinds import is_export, kinds
from remise.runs.models import Run
from remise.runs.rules import ABANDONED, FILES, ROWS
from remise.ui.formats import duration


def forget_old(system: Actor) -> None:
    """Each run in a transaction of its own; the file goes first, so that a kill in between leaves no file that no run
    knows of, and the next day does the rest."""
    gone = dict.fromkeys((FILES, ROWS, ABANDONED), 0)
    for number, made, sent in _due(system):
        for place in filter(None, (made, sent)):
            places.remove(place)
        with enter(system.scope):
            same = Run.objects.select_for_update(no_key=True).filter(_old(system), id=number)
            here = same.filter(result=made, source=sent)
            run = here.exclude(_held(system)).first()
            if run is not None:
                gone[_category(run)] += 1
                _give_up(run, system)
                moves.forget(run, by=system)
    with enter(system.scope):
        held = Run.objects.filter(_old(system)).filter(_held(system))
        left = [_category(run) for run in held]
        for category, count in gone.items():
            retention.note(system, category, gone=count, held=left.count(category))


def _due(system: Actor) -> list[tuple[int, str, str]]:
    """Each with the file that it made and the one that was sent in, where there still are any."""
    with enter(system.scope):
        found = Run.objects.filter(_old(system)).exclude(_held(system))
        return list(found.order_by("id").values_list("id", "result", "source"))


def _old(system: Actor) -> Q:
    files = Q(kind__in=_with_files(), ended_at__lt=_before(system, FILES, clock.now(system)))
    rows = Q(ended_at__lt=_before(system, ROWS, clock.now(system)))
    abandoned = Q(ended_at__isnull=True, stepped_at__lt=_before(system, ABANDONED, timezone.now()))
    return (files | rows | abandoned) & Q(portal=system.portal, forgotten_at__isnull=True)


def _before(system: Actor, category: Category, now: datetime) -> datetime:
    return now - retention.kept(system, category)


def _held(system: Actor) -> Q:
    return holds.held(system).rows(accounts=("account",))


def _category(run: Run) -> Category:
    if not run.has_ended:
        return ABANDONED
    return FILES if run.kind in _with_files() else ROWS


def _with_files() -> list[str]:
    return [kind.name for kind in kinds if is_export(kind.name)]


def _give_up(run: Run, system: Actor) -> None:
    if not run.has_ended:
        days = retention.kept(system, ABANDONED).days
        with translation.override(run.language):
            words = _("Nothing happened with this for %(term)s.") % {"term": duration(days)}
            moves.end(run, Run.State.CANCELLED, by=system, message=words)
