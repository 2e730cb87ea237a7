"""Letting go of what was found and compared of covers held twice."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from remise.core import clock
from remise.core.actor import Actor
from remise.core.models import Item
from remise.core.scope import enter
from remise.fleet.models import CoverComparison, DoubleCover, RegistrationVersion
from remise.portals import holds, retention
from remise.portals.retention import Category

TOGETHER = 1000  # in one transaction

FOUND = Category(
    "fleet.double_covers",
    label=_("Vehicles that were covered twice"),
    lets_go=_("Which two covers, and on which days, once that is over. The covers stay, and that the desk was told."),
    days=3 * 365 + 1,
    source=_("Claims against the insurer lapse after three years (WAM, art. 10)"),
    least=60,
    why_least=_("A loss of those days is reported later, and both policies have to answer for it."),
)
# Counts of a portal's vehicles: about no company and nobody, so that no hold concerns them.
COMPARED = Category(
    "fleet.comparisons",
    label=_("Comparisons of cover with other insurers"),
    lets_go=_("That cover was compared, with which insurer, and how much was found. The agreements stay."),
    days=3 * 365 + 1,
    source=_("Our own policy: as long as a claim lives, we can say what was compared"),
    least=365,
    why_least=_("A supervisor who asks about it asks about a year at least."),
)


def forget_old(system: Actor) -> None:
    """So many in one transaction: what a kill leaves, the next day does."""
    _forget_found(system)
    _forget_compared(system)


def _forget_found(system: Actor) -> None:
    gone = 0
    while True:
        with enter(system.scope):
            due, held = _over(system), _held(system)
            some = list(due.exclude(held).order_by("id").values_list("id", flat=True)[:TOGETHER])
            gone += DoubleCover.objects.filter(id__in=some).delete()[0]
            if len(some) < TOGETHER:
                retention.note(system, FOUND, gone=gone, held=due.filter(held).count())
                return


def _over(system: Actor) -> QuerySet[DoubleCover]:
    """Not what was let stand while both may still cover: the desk would be told of it anew."""
    kept = retention.kept(system, FOUND)
    old = DoubleCover.objects.filter(portal=system.in_portal, settled_at__lt=clock.now(system) - kept)
    both = _covers(system, "item", kept) & (_covers(system, "other", kept) | Q(other=None))
    return old.exclude(Q(both, may_stand=True))


def _covers(system: Actor, side: str, kept: timedelta) -> Q:
    """That this side was on cover lately."""
    last = clock.today(system) - kept
    lately = RegistrationVersion.objects.known().filter(Q(ends=None) | Q(ends__gt=last), portal=system.in_portal)
    return Q(Exists(lately.filter(item=OuterRef(side))))


def _held(system: Actor) -> Q:
    """Of a held company, on whichever side."""
    items = Item.objects.filter(organisation__in=holds.held(system).companies).values("id")
    return Q(item__in=items) | Q(other__in=items, other__isnull=False)


def _forget_compared(system: Actor) -> None:
    with enter(system.scope):
        before = clock.now(system) - retention.kept(system, COMPARED)
        old = CoverComparison.objects.filter(portal=system.in_portal, at__lt=before)
        retention.note(system, COMPARED, gone=old.delete()[0])
