"""A garage that asks, and the insurer's desk with two people who decide."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.test import Client

from remise.core.actor import Actor
from remise.core.identifiers import Plate
from remise.core.models import Event
from remise.core.scope import enter
from remise.desk import actions
from remise.desk.models import DeskMessage, DeskRequest
from remise.desk.rights import DeskRight
from remise.fleet.requests import (
    CATALOGUE_VALUE,
    LATE_DEREGISTRATION,
    LATE_REGISTRATION,
    LateDeregistration,
    LateRegistration,
    WrongValue,
)
from remise.fleet.rights import FleetRight, UnderwritingRight
from remise.organisations.models import Membership, Organisation
from tests import sessions, vehicles, world
from tests.vehicles import OnCover
from tests.world import OWNER, Garage

EVERYTHING = [*DeskRight, *UnderwritingRight]


@dataclass(slots=True)
class Office:
    garage: Garage
    owner: Membership  # of the garage
    insurer: Organisation
    mirjam: Membership
    daan: Membership

    def actor(self, who: Membership) -> Actor:
        return sessions.actor_of(who)

    def client(self, who: Membership) -> Client:
        return sessions.client_of(who, self.garage.portal)

    def day(self, back: int) -> date:
        return vehicles.back(self.garage, back)

    def late(self, *, back: int = 40, plate: Plate | None = None, by: Membership | None = None) -> DeskRequest:
        """Asked: a car on cover from so many days ago."""
        plate = plate or vehicles.fresh_plate()
        data = LateRegistration(
            self.garage.policy.id, plate.value, self.day(back), self.garage.branch.id, vehicles.CODE, {}
        )
        return self.ask(LATE_REGISTRATION.name, data, by=by)

    def gone(self, held: OnCover, *, back: int = 40) -> DeskRequest:
        data = LateDeregistration(self.garage.policy.id, held.item, held.plate.value, self.day(back))
        return self.ask(LATE_DEREGISTRATION.name, data)

    def value(self, held: OnCover, value: str = "38950.00") -> DeskRequest:
        data = WrongValue(self.garage.policy.id, held.item, held.plate.value, Decimal(value), "De prijslijst.")
        return self.ask(CATALOGUE_VALUE.name, data)

    def ask(self, kind: str, data: object, *, by: Membership | None = None) -> DeskRequest:
        actor = self.actor(by or self.owner)
        with enter(actor.scope):
            return actions.open_request(by=actor, kind=kind, data=data)

    def do(self, action: Any, request: DeskRequest, by: Membership, **more: Any) -> Any:
        actor = self.actor(by)
        with enter(actor.scope):
            return action(by=actor, request=request.id, **more)

    def take(self, request: DeskRequest, by: Membership | None = None) -> DeskRequest:
        taken: DeskRequest = self.do(actions.take, request, by or self.mirjam)
        return taken

    def accept(self, request: DeskRequest, by: Membership | None = None, **answer: object) -> DeskRequest:
        """Taken and accepted."""
        by = by or self.mirjam
        self.take(request, by)
        done: DeskRequest = self.do(actions.accept, request, by, reason="Het klopt.", answer=answer)
        return done

    def events(self, kind: str) -> list[Event]:
        found = Event.objects.using(OWNER).filter(organisation=self.garage.organisation.id, kind=kind)
        return list(found.order_by("id"))


def office(*, garage: Garage | None = None, **rules: Any) -> Office:
    garage = garage or world.garage(**rules)
    insurer = world.insurer(garage.portal)
    owner = world.member(garage.organisation, rights=list(FleetRight), name="Sanne de Wit")
    mirjam = world.member(insurer, rights=list(EVERYTHING), name="Mirjam Postma")
    daan = world.member(insurer, rights=list(EVERYTHING), name="Daan Hoekstra")
    return Office(garage, owner, insurer, mirjam, daan)


def stored(request: DeskRequest) -> DeskRequest:
    return DeskRequest.objects.using(OWNER).get(id=request.id)


def said(request: DeskRequest) -> list[str]:
    found = DeskMessage.objects.using(OWNER).filter(request=request.id).order_by("id")
    return list(found.values_list("text", flat=True))
