"""What people of the demo tried without the right for it: the insurer sees what is missed."""

from datetime import timedelta

from django.utils import timezone

from remise.core import events
from remise.core.actor import Actor, Assurance
from remise.core.scope import ActorKind, enter
from remise.demo.people import BUSINESS_MOMENT, DemoPortal
from remise.fleet.rights import FleetRight
from remise.organisations.models import Membership
from remise.portals.models import Portal

OWNER = "owner"
# Who, which right, and how many days before the business moment each attempt was.
TRIED = (
    ("Bram Jansen", FleetRight.DEREGISTER, (2, 3, 9, 16, 24, 41, 58)),
    ("Otto Visser", FleetRight.VIEW, (1, 2, 5, 6)),
    ("Fatima el Amrani", FleetRight.REGISTER, (11, 30, 71)),
    ("Bram Jansen", FleetRight.REQUEST_CARDS, (7, 33)),
)


def tell(portal: Portal, described: DemoPortal) -> None:
    named = {person.name for company in described.companies for person in company.people}
    for name, right, days in TRIED:
        if name not in named:
            continue
        who = Membership.objects.using(OWNER).filter(portal=portal.id, display_name=name).earliest("id")
        for back in days:
            by = Actor(
                kind=ActorKind.MEMBER,
                portal=portal.id,
                account=who.account_id,
                membership=who.id,
                organisation=who.organisation,
                clock_offset=BUSINESS_MOMENT - timedelta(days=back) - timezone.now(),
                assurance=Assurance.TWO_FACTORS,
            )
            with enter(by.scope):
                said = {"code": "right_missing", "right": right, "branch": None}
                events.record("access.refused", by=by, after=said)
