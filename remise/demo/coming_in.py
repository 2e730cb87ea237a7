"""Who stands at the door of the demo's first insurer: a few applications, one of them too late; somebody who asks to
work for a company; and a branch whose relation number has still to be linked. Told by the product's own actions."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone, translation

from remise.accounts.models import Account
from remise.core.actor import Actor, Assurance, system
from remise.core.scope import ActorKind, enter
from remise.demo.people import BUSINESS_MOMENT, DemoPerson, DemoPortal
from remise.onboarding.actions import applying, linking
from remise.onboarding.models import Application, LinkRequest
from remise.onboarding.tasks import look_up
from remise.organisations.models import Branch, Organisation
from remise.portals.models import Portal

OWNER = "owner"
LARS = DemoPerson("lars@mulder.example", "Lars", "", "Mulder", (), {})
PERSON = {"given_name": "Eva", "infix": "", "initials": "E.", "phone": "06 00 00 11 22"}
# Kind, how long ago, and what was typed.
ASKED = (
    (
        Application.Kind.CONTACT,
        timedelta(days=1, hours=3),
        {
            "surname": "Eva Hendriks",
            "email": "eva@hendriksbanden.example",
            "phone": "06 00 00 11 22",
            "company_name": "Hendriks Banden",
            "message": "We nemen in januari een garage over. Kunnen we de voorraad in \u00e9\u00e9n keer verzekeren?",
        },
    ),
    (
        Application.Kind.GARAGE,
        timedelta(hours=20),
        PERSON
        | {
            "surname": "Bakker",
            "email": "eva@garagenieuwland.example",
            "company_name": "Nieuwland",
            "policy_number": "40.2419",
            "gender": "female",
        },
    ),
    (
        Application.Kind.REGISTRATION,
        timedelta(hours=2),
        {
            "given_name": "Ruben",
            "surname": "Kok",
            "email": "ruben@kokmobiel.example",
            "phone": "06 00 00 33 44",
            "company_name": "Kok Mobiel",
            "kvk": "69599068",
        },
    ),
)


def tell(portal: Portal, described: DemoPortal, account: Callable[[DemoPerson], Account]) -> None:
    for number, (kind, back, said) in enumerate(ASKED):
        by = _at(portal, back, ActorKind.PUBLIC, by_system="door")
        with enter(by.scope), translation.override("nl"):
            applying.apply(
                by=by, portal=portal, kind=kind, said=said, key=f"demo {portal.id} {number}", place=f"demo {number}"
            )
    _wish(portal, account(LARS), described.companies[0].kvk)
    _branch_without_number(portal, described.companies[0].kvk)


def _wish(portal: Portal, lars: Account, kvk: str) -> None:
    """With an old account that he cannot read any more."""
    by = _at(portal, timedelta(hours=5), ActorKind.ACCOUNT, account=lars.pk)
    with enter(by.scope):
        asked = linking.ask(
            by=by,
            portal=portal,
            number_of=LinkRequest.By.KVK,
            number=kvk,
            name=LARS.name,
            had_account=True,
            place="demo",
        )
    job = system(portal=portal.id, name=look_up.name, clock_offset=by.clock_offset)
    with enter(job.scope):
        linking.look_up(by=job, request=asked.id)


def _branch_without_number(portal: Portal, kvk: str) -> None:
    company = Organisation.objects.using(OWNER).get(portal=portal, kvk=kvk)
    Branch.objects.using(OWNER).create(
        portal=portal.id,
        organisation=company.id,
        name="Hattem",
        establishment_number="000037178601",
        street="Dorpsweg 4",
        postcode="8051 AA",
        town="Hattem",
    )
    Portal.objects.using(OWNER).filter(id=portal.id).update(relation_number_required=True)


def _at(
    portal: Portal, back: timedelta, kind: ActorKind, *, account: int | None = None, by_system: str = ""
) -> Actor:
    return Actor(
        kind=kind,
        portal=portal.id,
        account=account,
        by_system=by_system,
        clock_offset=BUSINESS_MOMENT - back - timezone.now(),
        assurance=Assurance.TWO_FACTORS,
        via="demo",
    )
