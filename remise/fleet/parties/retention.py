"""Letting go of drivers and lessees whom no vehicle has had for long."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.events import Happened
from remise.core.scope import enter
from remise.fleet.models import RegistrationVersion
from remise.fleet.parties.actions import ERASED
from remise.fleet.parties.seeing import used_by
from remise.organisations.models import Party
from remise.portals import holds, retention
from remise.portals.retention import Category

TOGETHER = 500  # in one transaction

UNUSED = Category(
    "fleet.parties",
    label=_("Drivers and lessees"),
    lets_go=_(
        "Name, numbers, addresses and what was changed of who has had no vehicle for so long. Vehicles and receipts"
        " stay."
    ),
    days=3 * 365 + 1,
    source=_("Claims against the insurer lapse after three years (WAM, art. 10)"),
    least=365,
    why_least=_("A loss is reported later, and the insurer asks who drove."),
)


def forget_unused(by: Actor) -> None:
    """Done again it finds less."""
    with enter(by.scope):
        held = holds.held(by).rows()
        left = _unused(by).filter(held).count()
    gone = 0
    while some := _let_go(by, held):
        gone += some
    with enter(by.scope):
        retention.note(by, UNUSED, gone=gone, held=left)


def _unused(by: Actor) -> QuerySet[Party]:
    kept = retention.kept(by, UNUSED)
    last = clock.today(by) - kept
    lately = RegistrationVersion.objects.known().filter(Q(ends=None) | Q(ends__gt=last), portal=by.in_portal)
    old = Party.objects.filter(Party.LIVING, portal=by.in_portal, made_at__lt=clock.now(by) - kept)
    return old.exclude(used_by(lately))


def _let_go(by: Actor, held: Q) -> int:
    """Locked, so that no vehicle gets one of them at this moment."""
    with enter(by.scope):
        found = (
            _unused(by).exclude(held).select_for_update(skip_locked=True, of=("self",)).order_by("organisation", "id")
        )
        some = list(found[:TOGETHER])
        ids = [party.id for party in some]
        gone = Party.objects.filter(Q(id__in=ids) | Q(merged_into__in=ids))
        gone.update(**ERASED, erased_at=clock.now(by))
        for company in sorted({party.organisation for party in some}):
            erased = [Happened(("party", party.id)) for party in some if party.organisation == company]
            events.record_all("party.erased", by=by, organisation=company, happened=erased)
    return len(some)
