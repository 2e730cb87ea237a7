"""A handful of requests to the desk, in several states, told by the product's own actions; what its people note and
hand over; and the templates of their answers."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from remise.core.actor import Actor, Assurance, system
from remise.core.scope import ActorKind, enter
from remise.demo import answering
from remise.demo.people import BUSINESS_DAY, BUSINESS_MOMENT, DemoPortal
from remise.demo.register import CARS, VANS, Car, Register
from remise.desk import actions as desk
from remise.desk.handover import actions as handing
from remise.desk.models import DeskRequest
from remise.desk.sights import SIGHT
from remise.fleet.actions import complete_registration
from remise.fleet.models import RegistrationVersion
from remise.fleet.requests import (
    CATALOGUE_VALUE,
    LATE_DEREGISTRATION,
    LATE_REGISTRATION,
    LateDeregistration,
    LateRegistration,
    WrongValue,
)
from remise.organisations.looking.actions import note_look
from remise.organisations.models import Branch, Grant, Membership, Organisation
from remise.policies.models import Policy
from remise.portals.models import Portal
from remise.vehicles.models import Vehicle

OWNER = "owner"
FILLS_IN = "fleet.ask_register"  # the job that asks the register again


def hours(count: int) -> timedelta:
    return timedelta(hours=count)


def days(count: int) -> timedelta:
    return timedelta(days=count)


@dataclass(frozen=True, slots=True)
class _Talk:
    """The customer and the desk of one portal, at any moment of the demo's past."""

    portal: Portal
    customer: Membership
    desk: Membership
    policy: Policy
    branch: int

    def asker(self, back: timedelta) -> Actor:
        return actor_at(self.portal, self.customer, ActorKind.MEMBER, BUSINESS_MOMENT - back)

    def underwriter(self, back: timedelta) -> Actor:
        return actor_at(self.portal, self.desk, ActorKind.STAFF, BUSINESS_MOMENT - back)

    def held(self, number: int) -> RegistrationVersion:
        """One of the vehicles that have been there longest."""
        found = RegistrationVersion.objects.using(OWNER).filter(policy=self.policy.id)
        return found.as_of(BUSINESS_DAY).order_by("starts", "plate")[number]

    def contradict(self, number: int, back: timedelta) -> None:
        """The register says later of one of the newest vehicles that it came in its owner's name after its cover
        began."""
        newest = RegistrationVersion.objects.using(OWNER).filter(policy=self.policy.id).as_of(BUSINESS_DAY)
        held = newest.order_by("-starts", "plate")[number]
        vehicle = Vehicle.objects.using(OWNER).get(plate=held.plate)
        vehicle.in_name_since = held.starts + days(3)
        vehicle.save(using=OWNER)
        by = system(portal=self.portal.id, name=FILLS_IN, clock_offset=BUSINESS_MOMENT - back - timezone.now())
        by = by.acting_for(self.customer.organisation)
        with enter(by.scope):
            complete_registration(by=by, item=held.item_id, vehicle=vehicle)

    def ask(self, kind: str, data: object, back: timedelta) -> DeskRequest:
        by = self.asker(back)
        with enter(by.scope):
            return desk.open_request(by=by, kind=kind, data=data)

    def late(self, car: tuple[str, date], back: timedelta, details: dict[str, str]) -> DeskRequest:
        plate, day = car
        data = LateRegistration(self.policy.id, plate, day, self.branch, "4711", details)
        return self.ask(LATE_REGISTRATION.name, data, back)

    def value(self, number: int, value: Decimal, why: str, back: timedelta) -> DeskRequest:
        held = self.held(number)
        data = WrongValue(self.policy.id, held.item_id, held.plate, value, why)
        return self.ask(CATALOGUE_VALUE.name, data, back)

    def gone(self, number: int, day: date, back: timedelta) -> DeskRequest:
        held = self.held(number)
        data = LateDeregistration(self.policy.id, held.item_id, held.plate, day)
        return self.ask(LATE_DEREGISTRATION.name, data, back)

    def take(self, request: DeskRequest, back: timedelta) -> None:
        by = self.underwriter(back)
        with enter(by.scope):
            note_look(
                by=by,
                organisation=request.organisation,
                subject=(SIGHT.kind, request.id),
                purpose=(SIGHT.kind, request.id),
            )
            desk.take(by=by, request=request.id)

    def say(self, request: DeskRequest, text: str, back: timedelta, *, from_desk: bool) -> None:
        by = self.underwriter(back) if from_desk else self.asker(back)
        with enter(by.scope):
            desk.say(by=by, request=request.id, text=text)

    def note(self, request: DeskRequest, text: str, back: timedelta) -> None:
        by = self.underwriter(back)
        with enter(by.scope):
            handing.note(by=by, request=request.id, text=text)

    def hand_over(self, request: DeskRequest, why: str, back: timedelta, *, by: Membership) -> None:
        """What nobody has, by a colleague to who otherwise decides here."""
        actor = actor_at(self.portal, by, ActorKind.STAFF, BUSINESS_MOMENT - back)
        with enter(actor.scope):
            handing.hand_over(by=actor, request=request.id, to=self.desk.id, had=None, why=why)

    def accept(self, request: DeskRequest, reason: str, back: timedelta, **answer: Decimal) -> None:
        by = self.underwriter(back)
        with enter(by.scope):
            desk.accept(by=by, request=request.id, reason=reason, answer=dict(answer))

    def refuse(self, request: DeskRequest, reason: str, back: timedelta) -> None:
        by = self.underwriter(back)
        with enter(by.scope):
            desk.refuse(by=by, request=request.id, reason=reason)


def tell(portal: Portal, described: DemoPortal, registered: Callable[[Car, date], Vehicle]) -> None:
    """`registered` gives what the register says of a car, in its owner's name since a day."""
    talk = _talk(portal, described)
    answering.tell(talk.underwriter(days(30)), described.languages)
    register = Register(len(described.slug))

    def car(back: int) -> tuple[str, date]:
        """One that came in its owner's name so many days ago, and that day."""
        day = BUSINESS_DAY - days(back)
        found = register.car(before=day, kinds=CARS if described.slug == "koetspoort" else VANS)
        registered(found, day).save(using=OWNER)
        return found.plate, day

    details = {"cover": "full", "driver": "Esra Yilmaz"} if described.slug == "werkbank" else {}
    talk.late(car(34), hours(1), details)  # waits
    if described.slug != "koetspoort":
        return
    late = talk.late(car(41), days(1), details)  # too late by now, with a question
    talk.take(late, hours(22))
    question = "Staat de auto sinds die dag op jullie naam? Stuur de datum van tenaamstelling."
    talk.say(late, question, hours(22), from_desk=True)
    talk.note(late, "Bij de vorige aanvraag zat de datum er een week naast: goed kijken.", hours(22))
    talk.value(0, Decimal("38950.00"), "De prijslijst van de importeur noemt 38.950 met deze opties.", hours(20))
    answered = talk.gone(1, BUSINESS_DAY - days(37), days(2))
    talk.take(answered, hours(46))
    talk.say(answered, "Heb je het vrijwaringsbewijs van die dag?", hours(46), from_desk=True)
    talk.say(answered, "Ja, het ligt hier. Nummer 2026-118.", hours(44), from_desk=False)
    accepted = talk.value(2, Decimal("31250.00"), "Het register rekent een trekhaak mee die er niet op zit.", days(6))
    talk.take(accepted, days(5))
    talk.accept(accepted, "De opgave van de importeur klopt.", days(5), value=Decimal("31250.00"))
    talk.contradict(12, hours(3))
    overdue = talk.late(car(33), days(4), details)
    daan = member_of(talk.desk.organisation, described.desk[1].name)
    talk.hand_over(overdue, "Jij kent deze garage. Ze belden er al over.", hours(2), by=daan)
    other = talk.gone(4, BUSINESS_DAY - days(40), days(8))
    replace(talk, desk=daan).take(other, days(1))
    refused = talk.late(car(64), days(9), details)
    talk.take(refused, days(9))
    talk.refuse(refused, "Op die dag stond de auto nog op naam van de vorige eigenaar.", days(8))


def _talk(portal: Portal, described: DemoPortal) -> _Talk:
    company = described.companies[0]
    organisation = Organisation.objects.using(OWNER).get(portal=portal, kvk=company.kvk)
    of = {"organisation": organisation.id}
    customer = member_of(organisation.id, company.people[0].name)
    insurer = Organisation.objects.using(OWNER).get(portal=portal, kind=Organisation.Kind.INSURER)
    policy = Policy.objects.using(OWNER).get(**of, number=company.policy_number)
    branch = Branch.objects.using(OWNER).filter(**of).order_by("id")[0].id
    return _Talk(portal, customer, member_of(insurer.id, described.desk[0].name), policy, branch)


def member_of(organisation: int, name: str) -> Membership:
    return Membership.objects.using(OWNER).get(organisation=organisation, display_name=name)


def actor_at(portal: Portal, member: Membership, kind: ActorKind, moment: datetime) -> Actor:
    held = Grant.objects.using(OWNER).filter(membership=member).values_list("right", "branch")
    return replace(
        Actor(kind=kind, portal=portal.id, account=member.account_id, membership=member.id, via="demo"),
        clock_offset=moment - timezone.now(),
        organisation=member.organisation,
        grants=frozenset(held),
        assurance=Assurance.TWO_FACTORS,
    )
