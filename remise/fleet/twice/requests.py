"""The desk's requests about vehicles that are covered twice: laid before it, and before nobody else."""

from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from remise.core import clock
from remise.core.actor import Actor, can
from remise.core.errors import Forbidden, NotVisible
from remise.desk.kinds import Decision, Place, RequestKind
from remise.desk.rules import Due
from remise.fleet.models import DoubleCover
from remise.fleet.remedies import RequestName
from remise.fleet.requests.showing import vehicle_page
from remise.fleet.rights import FleetRight, UnderwritingRight
from remise.fleet.twice import keeping, showing
from remise.fleet.twice.data import CoveredTwice

IN_A_WEEK = (Due(date(2020, 1, 1), 47, "Own measure: nobody waits, and the cover of both stands"),)


def place(_by: Actor, _asked: CoveredTwice) -> Place:
    raise NotVisible(_("The desk is told of this by itself."))


def let_stand(by: Actor, decision: Decision) -> None:
    """Both covers stay as they are, for these days. Safe when it was over meanwhile."""
    allowed = can(by, UnderwritingRight.ALLOW_LATE)
    if not allowed:
        raise Forbidden(allowed)
    asked: CoveredTwice = decision.data
    still_open = DoubleCover.objects.filter(portal=by.in_portal, id=asked.cover, settled_at=None)
    if still_open.update(settled_at=clock.now(by), may_stand=True):
        keeping.settled(by, [asked.cover])


COVERED_TWICE = RequestKind(
    name=RequestName.COVERED_TWICE,
    label=gettext_lazy("Covered twice"),
    customer_label=gettext_lazy("Does this cover still have to run?"),
    accept_label=gettext_lazy("Both may stand"),
    refuse_label=gettext_lazy("The customer must act"),
    outcomes={
        "accepted": gettext_lazy("It may stand as it is"),
        "refused": gettext_lazy("Something to put right"),
    },
    icon="copy",
    rights=(FleetRight.REGISTER, FleetRight.DEREGISTER),
    lifts=UnderwritingRight.ALLOW_LATE,
    schema=CoveredTwice,
    due=IN_A_WEEK,
    by_system=True,
    is_internal=True,
    place=place,
    accept=let_stand,
    title=showing.title,
    facts=showing.facts,
    rule_met=showing.rule_met,
    plate=lambda asked: asked.plate,
    page=vehicle_page,
)
COVERED_ELSEWHERE = replace(
    COVERED_TWICE,
    name=RequestName.COVERED_ELSEWHERE,
    label=gettext_lazy("Also covered at another insurer"),
    customer_name=RequestName.COVERED_TWICE,
)
KINDS = (COVERED_TWICE, COVERED_ELSEWHERE)
