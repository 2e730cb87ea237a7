"""A car that was sold to another dealer of the same insurer, and is on cover at both: the desk is told."""

from datetime import timedelta

from django.utils import timezone

from remise.core.actor import system
from remise.core.identifiers import CheckCode, Plate
from remise.core.scope import ActorKind, enter
from remise.demo.asking import actor_at, member_of
from remise.demo.otherwise import said_otherwise
from remise.demo.people import BUSINESS_DAY, BUSINESS_MOMENT, DemoPortal
from remise.fleet.actions import register_vehicle
from remise.fleet.models import RegistrationVersion
from remise.fleet.twice.keeping import hold_together
from remise.organisations.models import Branch, Organisation
from remise.policies.models import Policy
from remise.portals.models import Portal

OWNER = "owner"
SOLD = BUSINESS_DAY - timedelta(days=12)  # the name date by which the radar of the first dealer finds it
FOUND = BUSINESS_MOMENT - timedelta(hours=5)


def tell(portal: Portal, described: DemoPortal) -> None:
    """From the first company to the second, where both are dealers."""
    seller, buyer = described.companies[:2]
    if seller.product != buyer.product or seller.product != "dealer-stock":
        return
    plate = next(plate for plate, said in said_otherwise().items() if said.get("in_name_since") == SOLD)
    held = RegistrationVersion.objects.using(OWNER).get(plate=plate, portal=portal.id, known_to=None)
    company = Organisation.objects.using(OWNER).get(portal=portal, kvk=buyer.kvk)
    member = member_of(company.id, buyer.people[0].name)
    by = actor_at(portal, member, ActorKind.MEMBER, BUSINESS_MOMENT - timedelta(days=5))
    with enter(by.scope):
        register_vehicle(
            by=by,
            policy=Policy.objects.select_related("product").get(number=buyer.policy_number),
            plate=Plate(plate),
            check_code=CheckCode(held.check_code or ""),
            starts=SOLD,
            branch=Branch.objects.filter(organisation=company.id).order_by("id")[0].id,
        )
    looks = system(portal=portal.id, name="fleet.covers_tonight", clock_offset=FOUND - timezone.now())
    with enter(looks.scope):
        hold_together(by=looks, plates=[plate])
