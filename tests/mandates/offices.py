"""A garage with an owner, an accountant's office with two people, and mandates between them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.test import Client as Browser
from django.urls import reverse

from remise.core import clock
from remise.core.actor import Actor, Assurance
from remise.core.models import Event, Reach
from remise.core.scope import ActorKind, Scope, enter
from remise.fleet.rights import FleetRight
from remise.mandates import acting
from remise.mandates.acting import acts_for
from remise.mandates.actions import answering, giving
from remise.mandates.models import Intermediary, Mandate, Tier
from remise.mandates.rights import ClientRight, MandateRight
from remise.organisations.models import Membership, Organisation
from remise.portals.models import Portal
from tests import sessions, world
from tests.world import OWNER, Garage

VIEW, REGISTER = FleetRight.VIEW, FleetRight.REGISTER
ACT, CLIENTS, GIVE = ClientRight.ACT, ClientRight.MANAGE, MandateRight.MANAGE


@dataclass(slots=True)
class Office:
    organisation: Organisation
    head: Membership  # takes mandates on, and acts
    clerk: Membership  # acts

    @property
    def portal(self) -> Portal:
        return self.organisation.portal

    def client(self, who: Membership | None = None) -> Browser:
        return sessions.client_of(who or self.clerk, self.portal)


def office(at: Portal, *, name: str = "Kantoor Visser") -> Office:
    made = world.organisation(at, name=name)
    return Office(
        made,
        world.member(made, rights=[CLIENTS, ACT], name="Hanna Visser"),
        world.member(made, rights=[ACT], name="Jan Bakker"),
    )


def owner_of(garage: Garage, *rights: str) -> Membership:
    return world.member(garage.organisation, rights=[GIVE, *rights], name="Kees Bos")


def today(at: Portal) -> date:
    return clock.today(at)


def offer(
    by: Membership,
    to: str,
    *,
    purpose: str = "de jaarrekening",
    rights: Collection[str] = (VIEW,),
    branches: Collection[int] | None = None,
    fields: Collection[str] = (),
    starts: date | None = None,
    last_day: date | None = None,
    told: list[str] | None = None,
) -> Mandate:
    """`told` gets the secret that would be mailed."""
    actor = sessions.actor_of(by)
    with enter(actor.scope):
        return giving.offer_mandate(
            by=actor,
            to=to,
            purpose=purpose,
            rights=rights,
            branches=branches,
            fields=fields,
            starts=starts or clock.today(actor),
            last_day=last_day,
            days=7,
            tell=lambda _mandate, secret: told.append(secret) if told is not None else None,
        )


def accept(mandate: Mandate, by: Membership) -> None:
    actor = sessions.actor_of(by)
    with enter(actor.scope):
        answering.accept_offer(by=actor, mandate=mandate.id)


def mandate(owner: Membership, to: Office, **said: Any) -> Mandate:
    """Given and taken on."""
    made = offer(owner, to.organisation.kvk or "", **said)
    accept(made, to.head)
    return Mandate.objects.using(OWNER).get(id=made.id)


def end(owner: Membership, number: int, why: str = "") -> None:
    actor = sessions.actor_of(owner)
    with enter(actor.scope):
        giving.end_mandate(by=actor, mandate=number, why=why)


def change(owner: Membership, number: int, **said: Any) -> None:
    actor = sessions.actor_of(owner)
    with enter(actor.scope):
        giving.change_mandate(by=actor, mandate=number, **said)


def act(browser: Browser, client: Organisation, to: str = "/") -> Any:
    return browser.post(reverse("clients:act"), {"client": str(client.id), "next": to})


def shift(number: int, **days: int) -> None:
    """As if its days were others; by SQL, and so without the triggers that follow a change."""
    from django.db import connections

    with connections[OWNER].cursor() as cursor:
        cursor.execute("alter table mandates_mandate disable trigger reach_follows")
        for column, by in days.items():
            day = "business_day('0') + %s"
            cursor.execute(f"update mandates_mandate set {column} = {day} where id = %s", [by, number])
        cursor.execute("alter table mandates_mandate enable trigger reach_follows")


def reached(viewer: Organisation) -> set[int]:
    return set(Reach.objects.using(OWNER).filter(viewer=viewer.id).values_list("organisation", flat=True))


def agent(of: Office) -> Actor:
    return Actor(
        kind=ActorKind.AGENT,
        portal=of.portal.id,
        account=of.clerk.account_id,
        organisation=of.organisation.id,
        grants=frozenset({(ACT, None)}),
        assurance=Assurance.TWO_FACTORS,
        clock_offset=of.portal.clock_offset,
    )


def acts_as(of: Office, client: int) -> Actor:
    """As whom a request of the clerk is made."""
    member = sessions.actor_of(of.clerk)
    with enter(Scope(ActorKind.ACCOUNT, of.portal.id, of.clerk.account_id)):
        told = acts_for(of.clerk.account_id, office=of.organisation.id, client=client)
    assert told is not None
    return acting._actor(member, client, told)


def rights_for(who: Membership, client: Organisation) -> set[tuple[str, int | None]] | None:
    """What the door says that this person may do for the client now; None: nothing at all."""
    with enter(Scope(ActorKind.ACCOUNT, who.portal, who.account_id)):
        told = acts_for(who.account_id, office=who.organisation, client=client.id)
    return None if told is None else set(told.grants)


def events(of: Organisation, kind: str) -> list[Event]:
    return list(Event.objects.using(OWNER).filter(organisation=of.id, kind=kind).order_by("id"))


def tier(at: Portal, code: str, rank: int, *, opens: bool, rights: Collection[str] = (VIEW,)) -> Tier:
    return Tier.objects.using(OWNER).create(
        portal=at,
        code=code,
        names={"nl": code.title(), "de": code.title(), "en": code.title()},
        rank=rank,
        opens=opens,
        rights=list(rights),
    )


def intermediary(of: Office, tier: Tier, *, number: str = "") -> Intermediary:
    return Intermediary.objects.using(OWNER).create(
        portal=of.portal,
        office=of.organisation,
        number=number or f"T{world.number()}",
        tier=tier,
        contact="Petra de Boer",
        phone="010 000 30 30",
        email="petra@makelaar.example",
    )


def days(count: int) -> timedelta:
    return timedelta(days=count)
