"""Offices that act for some of the companies: by mandate, or as their intermediary."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils import timezone

from remise.core.actor import Actor, Assurance
from remise.core.scope import ActorKind, enter
from remise.demo.people import BUSINESS_DAY, BUSINESS_MOMENT, DemoOffice, DemoPerson, DemoPortal
from remise.fleet.rights import FleetRight
from remise.mandates.actions.answering import accept_offer
from remise.mandates.actions.giving import offer_mandate
from remise.mandates.models import Intermediary, Tier
from remise.organisations.models import Branch, Grant, Membership, Organisation
from remise.policies.models import Policy
from remise.portals.models import Portal

OWNER = "owner"
MANDATED = (FleetRight.VIEW, FleetRight.REGISTER)
GIVEN = timedelta(days=120)  # ago


@dataclass(frozen=True, slots=True)
class DemoTier:
    code: str
    names: dict[str, str]
    opens: bool


TIERS = (
    DemoTier("silver", {"nl": "Zilver", "de": "Silber", "en": "Silver"}, opens=False),
    DemoTier("gold", {"nl": "Goud", "de": "Gold", "en": "Gold"}, opens=True),
    DemoTier("diamond", {"nl": "Diamant", "de": "Diamant", "en": "Diamond"}, opens=True),
)

type MakeMember = Callable[[Organisation, DemoPerson, list[Branch]], None]


def tell(portal: Portal, described: DemoPortal, make_member: MakeMember) -> None:
    tiers = {one.code: _tier(portal, one, rank) for rank, one in enumerate(TIERS, start=1)}
    for office in described.offices:
        kind = Organisation.Kind.INTERMEDIARY if office.number else Organisation.Kind.COMPANY
        made = Organisation.objects.using(OWNER).create(portal=portal, kind=kind, kvk=office.kvk, name=office.name)
        for person in office.people:
            make_member(made, person, [])
        if office.number:
            _assign(portal, office, made, tiers[office.tier])
        for client in office.clients:
            _give(portal, client, office, made)


def _tier(portal: Portal, told: DemoTier, rank: int) -> Tier:
    rights = [str(right) for right in MANDATED] if told.opens else []
    return Tier.objects.using(OWNER).create(
        portal=portal, code=told.code, names=told.names, rank=rank, opens=told.opens, rights=rights
    )


def _assign(portal: Portal, office: DemoOffice, made: Organisation, tier: Tier) -> None:
    person = office.people[0]
    intermediary = Intermediary.objects.using(OWNER).create(
        portal=portal,
        office=made,
        number=office.number,
        tier=tier,
        contact=person.name,
        phone="038 000 20 30",
        email=person.email,
    )
    Policy.objects.using(OWNER).filter(portal=portal.id, number__in=office.assigned).update(agent=intermediary)


def _give(portal: Portal, client: str, office: DemoOffice, made: Organisation) -> None:
    company = Organisation.objects.using(OWNER).get(portal=portal, name=client)
    owner = Membership.objects.using(OWNER).filter(organisation=company.id).earliest("id")
    by = _actor(portal, owner, BUSINESS_MOMENT - GIVEN)
    with enter(by.scope):
        offered = offer_mandate(
            by=by,
            to=office.kvk,
            purpose=office.purpose,
            rights=MANDATED,
            branches=None,
            starts=BUSINESS_DAY - GIVEN,
            last_day=BUSINESS_DAY + timedelta(days=245),
            days=7,
            tell=lambda _mandate, _secret: None,
        )
    head = Membership.objects.using(OWNER).filter(organisation=made.id).earliest("id")
    taking = _actor(portal, head, BUSINESS_MOMENT - GIVEN)
    with enter(taking.scope):
        accept_offer(by=taking, mandate=offered.id)


def _actor(portal: Portal, member: Membership, moment: datetime) -> Actor:
    held = Grant.objects.using(OWNER).filter(membership=member).values_list("right", "branch")
    return replace(
        Actor(kind=ActorKind.MEMBER, portal=portal.id, account=member.account_id, membership=member.id, via="demo"),
        clock_offset=moment - timezone.now(),
        organisation=member.organisation,
        grants=frozenset(held),
        assurance=Assurance.TWO_FACTORS,
    )
