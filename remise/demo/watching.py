"""What the register radar shows of the demo: vehicles of which the register says something else by now, and a month
of nights."""

from datetime import timedelta

from django.utils import timezone

from remise.core.actor import system
from remise.core.scope import enter
from remise.demo.otherwise import NEXT_INSPECTION, said_otherwise
from remise.demo.people import BUSINESS_DAY, BUSINESS_MOMENT, DemoPortal
from remise.fleet.models import RadarCheck, RegistrationVersion
from remise.fleet.radar.comparing import compare_company
from remise.organisations.models import Organisation
from remise.portals.models import Portal
from remise.vehicles.models import Vehicle

OWNER = "owner"
NIGHTS = 30


def tell(portal: Portal, described: DemoPortal) -> None:
    """In each company with vehicles, as the register has them today."""
    for company in described.companies:
        if company.vehicles:
            organisation = Organisation.objects.using(OWNER).get(portal=portal, kvk=company.kvk).id
            _say(organisation)
            _watch(portal, organisation)


def _say(organisation: int) -> None:
    plates = set(
        RegistrationVersion.objects.using(OWNER).filter(organisation=organisation).values_list("plate", flat=True)
    )
    known = Vehicle.objects.using(OWNER).filter(plate__in=plates)
    known.update(wam_insured=True, exported=False, looked_up_at=timezone.now())
    known.filter(inspection_until__lt=BUSINESS_DAY).update(inspection_until=NEXT_INSPECTION)
    for plate, said in said_otherwise().items():
        if plate in plates:
            Vehicle.objects.using(OWNER).filter(plate=plate).update(**said)


def _watch(portal: Portal, organisation: int) -> None:
    """The last night finds what is open; before it there was more."""
    by = system(portal=portal.id, name="fleet.radar", clock_offset=BUSINESS_MOMENT - timezone.now())
    with enter(by.scope):
        compared = compare_company(by=by.acting_for(organisation))
    for back in range(NIGHTS - 1, -1, -1):
        moment = BUSINESS_MOMENT - timedelta(days=back, hours=7)
        more = back // 4 + back * back % 5 if compared.found else 0
        RadarCheck.objects.using(OWNER).create(
            portal=portal.id,
            organisation=organisation,
            began_at=moment,
            ended_at=moment + timedelta(minutes=1),
            vehicles=compared.vehicles,
            compared=compared.compared,
            found=compared.found + more,
        )
