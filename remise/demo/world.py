"""Builds the demo world: two portals, their companies and people, and two years of vehicles that came and went.

What has an action goes through it, on a clock set back to its day: the history is what the product itself made.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from django.utils import timezone

from remise.accounts.models import Account, Person
from remise.book.products import move_products_in
from remise.core.actor import Actor, Assurance, system
from remise.core.clock import AMSTERDAM
from remise.core.identifiers import CheckCode, Plate
from remise.core.scope import ActorKind, enter
from remise.demo import (
    access,
    asking,
    coming_in,
    doubling,
    helping,
    naming,
    offices,
    posting,
    stopped,
    telling,
    watching,
)
from remise.demo.people import (
    BUSINESS_DAY,
    BUSINESS_MOMENT,
    PASSWORD,
    PORTALS,
    TOTP_SECRET,
    DemoCompany,
    DemoPerson,
    DemoPortal,
)
from remise.demo.register import Car
from remise.demo.turnover import seed_of, turnover
from remise.fleet.actions import deregister_vehicles, register_vehicle
from remise.fleet.rights import FleetRight
from remise.green_cards.actions import give_cards, issue_green_cards, void_card
from remise.green_cards.addresses import Address
from remise.green_cards.models import CardSettings, GreenCard
from remise.green_cards.products import card_rules
from remise.organisations.models import BY_INSURER, Branch, Grant, Membership, Organisation
from remise.policies.files import LIBRARY
from remise.policies.models import Policy, Product
from remise.policies.selectors import rules_of
from remise.portals.models import Portal, PortalHost
from remise.ui.theme import Palette
from remise.vehicles.models import Vehicle

OWNER = "owner"  # the database alias: what has no action yet is laid down as the owner of the tables
LESSEES = (
    "Leasemaatschappij Randstad",
    "Bouwbedrijf Jansen",
    "Hoveniers Het Groene Hart",
    "Schildersbedrijf De Kwast",
    "Thuiszorg Salland",
    "Makelaardij Kuiper",
)
CARDS_TOGETHER = 200
CARDS = 0.03  # of the vehicles get a green card on the day they come


def build() -> None:
    """Build everything, on an empty database."""
    for number_of_portal, described in enumerate(PORTALS):
        portal = _portal(described)
        products = _products(portal, described)
        _insurer(portal, described)
        for number, company in enumerate(described.companies):
            _company(portal, company, products, seed=seed_of(described.slug, number))
        offices.tell(portal, described, _membership)
        asking.tell(portal, described, _registered)
        access.tell(portal, described)
        helping.tell(portal, described)
        watching.tell(portal, described)
        doubling.tell(portal, described)
        telling.tell(portal, BUSINESS_DAY)
        posting.tell(portal)
        if number_of_portal == 0:
            stopped.tell(portal)
            coming_in.tell(portal, described, _account)
    set_clock()


def set_clock() -> None:
    """Make it the business moment again in each demo portal."""
    Portal.objects.using(OWNER).update(clock_offset=BUSINESS_MOMENT - timezone.now())


def _portal(described: DemoPortal) -> Portal:
    palette = Palette.of(described.brand)
    portal = Portal.objects.using(OWNER).create(
        slug=described.slug,
        name=described.name,
        insurer=described.insurer,
        languages=list(described.languages),
        brand=described.brand,
        brand_ink=palette.ink,
        brand_soft=palette.soft,
        logo=described.logo,
        desk_name="Service & Acceptatie",
        desk_phone=described.desk_phone,
        desk_email=f"acceptatie@{described.slug}.example",
        desk_week="Mo-Fr 08:00-17:30",
        reset_asks_number=described.reset_asks_number,
    )
    PortalHost.objects.using(OWNER).create(host=f"{described.slug}.localhost", portal=portal)
    # Without the code of a national bureau: the demo's cards are specimens.
    CardSettings.objects.using(OWNER).create(
        portal=portal,
        insurer_name=described.insurer,
        insurer_address="Postbus 1, 8000 AA Zwolle",
        signed_by="M. van der Horst",
        assistance_home=described.desk_phone,
        assistance_abroad=f"+31 {described.desk_phone.removeprefix('0')}",
        claims_phone=described.desk_phone,
    )
    return portal


def _products(portal: Portal, described: DemoPortal) -> dict[str, Product]:
    """From the files of the house, as an insurer takes in its own."""
    move_products_in(portal, [LIBRARY / f"{code}.toml" for code in described.products])
    products = {product.code: product for product in Product.objects.using(OWNER).filter(portal=portal)}
    for product in products.values():
        telling.rule(portal, product)
    return products


def _insurer(portal: Portal, described: DemoPortal) -> None:
    """The insurer as an organisation of its own: who works there is staff of the portal."""
    insurer = Organisation.objects.using(OWNER).create(
        portal=portal, kind=Organisation.Kind.INSURER, name=described.insurer
    )
    for person in described.desk:
        _membership(insurer, person, [])


def _company(portal: Portal, described: DemoCompany, products: dict[str, Product], *, seed: int) -> None:
    company = Organisation.objects.using(OWNER).create(
        portal=portal, kind=Organisation.Kind.COMPANY, kvk=described.kvk, name=described.name
    )
    owned = {"portal": portal.id, "organisation": company.id}
    branches = [
        Branch.objects.using(OWNER).create(
            **owned,
            name=name,
            establishment_number=number,
            relation_number=f"R{company.id:03d}-{place}",
            street=f"Rijnstraat {10 + place}",
            postcode=f"{8000 + company.id} AB",
            town=name,
        )
        for place, (name, number) in enumerate(described.branches, start=1)
    ]
    for person in described.people:
        _membership(company, person, branches)
    policy, *_besides = [
        Policy.objects.using(OWNER).create(**owned, product=products[code], number=number, starts=date(2020, 1, 1))
        for number, code in ((described.policy_number, described.product), *described.besides)
    ]
    if described.vehicles:
        teller = _Teller(portal, company, branches, policy, described, seed)
        teller.tell()


def _membership(company: Organisation, person: DemoPerson, branches: list[Branch]) -> None:
    owned = {"portal": company.portal_id, "organisation": company.id}
    membership = Membership.objects.using(OWNER).create(**owned, account=_account(person), display_name=person.name)
    branch = next((branch for branch in branches if branch.name == person.branch), None)
    for right in person.rights:
        Grant.objects.using(OWNER).create(
            **owned, membership=membership, right=right, branch=branch, by_system=BY_INSURER
        )


def _account(person: DemoPerson) -> Account:
    known = Account.objects.using(OWNER).filter(email=person.email).first()
    if known is not None:
        return known
    from remise.demo.door import couple

    account = Account(email=person.email)
    account.set_password(PASSWORD)
    account.save(using=OWNER)
    Person.objects.using(OWNER).create(
        account=account, given_name=person.given_name, infix=person.infix, surname=person.surname
    )
    couple(account, TOTP_SECRET)
    return account


@dataclass(frozen=True, slots=True)
class _Stay:
    """A vehicle's time in stock: from a day on, until a day or still."""

    car: Car
    starts: date
    ends: date | None
    branch: int
    account: int


def _registered(car: Car, since: date) -> Vehicle:
    return Vehicle(
        plate=car.plate,
        kind=car.model.kind,
        make=car.model.make,
        model=car.model.model,
        colour=car.colour,
        fuel=car.model.fuel,
        catalogue_value=car.value,
        first_admitted_on=car.first_admitted_on,
        in_name_since=since,
        inspection_until=car.inspection_until,
        source="RDW",
        looked_up_at=timezone.now(),
    )


class _Teller:
    """Tells two years of a company's vehicles in the order in which they were entered."""

    def __init__(
        self,
        portal: Portal,
        company: Organisation,
        branches: list[Branch],
        policy: Policy,
        described: DemoCompany,
        seed: int,
    ) -> None:
        self.portal, self.company, self.branches, self.policy = portal, company, branches, policy
        self.described = described
        self.random = Random(seed)  # noqa: S311
        self.seed = seed
        self.abroad = Random(seed)  # noqa: S311  # who goes abroad changes nobody's vehicles
        self.registrars = [_account(one).pk for one in described.people if FleetRight.REGISTER in one.rights]
        self.drivers = ("Wim Kuipers", "Esra Yilmaz", "Joost van der Berg", "Lotte Smit", "Karim Haddad")

    def tell(self) -> None:
        stays = self._stays()
        known = [_registered(stay.car, stay.starts) for stay in stays]
        Vehicle.objects.using(OWNER).bulk_create(known, ignore_conflicts=True)
        items: dict[str, int] = {}
        for entered, stay, ending in sorted(self._entries(stays), key=lambda entry: (entry[0], entry[1].car.plate)):
            by = self._actor(entered, stay.account)
            with enter(by.scope):
                if ending:
                    assert stay.ends is not None
                    deregister_vehicles(by=by, policy=self.policy, items=[items[stay.car.plate]], day=stay.ends)
                else:
                    items[stay.car.plate] = register_vehicle(
                        by=by,
                        policy=self.policy,
                        plate=Plate(stay.car.plate),
                        check_code=CheckCode(stay.car.check_code),
                        starts=stay.starts,
                        branch=stay.branch,
                        details=self._details(entered),
                    ).item
            if ending:
                continue
            if card_rules(rules_of(self.policy, on=entered.date())).automatic:
                self._card_by_itself(entered, items[stay.car.plate])
            elif self.abroad.random() < CARDS:
                self._card(by, items[stay.car.plate])
        self._next_cards(list(items.values()))
        if self.described.product == "lease":
            naming.tell(self._actor(BUSINESS_MOMENT - timedelta(days=2), self.registrars[0]), LESSEES)

    def _card_by_itself(self, at: datetime, *items: int) -> None:
        by = system(portal=self.portal.id, name="green_cards.give", clock_offset=at - timezone.now())
        with enter(by.scope):
            give_cards(by=by.acting_for(self.company.id), policy=self.policy, items=items)

    def _next_cards(self, items: list[int]) -> None:
        """As the last night left them."""
        for start in range(0, len(items), CARDS_TOGETHER):
            self._card_by_itself(BUSINESS_MOMENT - timedelta(hours=8), *items[start : start + CARDS_TOGETHER])

    def _card(self, by: Actor, item: int) -> None:
        """Some by post; one in eight turns out to be misprinted."""
        chance = self.abroad.random()
        branch = self.branches[0]
        address = Address(self.company.name, branch.street, branch.postcode, branch.town)
        with enter(by.scope):
            shipment = issue_green_cards(
                by=by,
                policy=self.policy,
                items=[item],
                format="paper" if chance < 0.3 else "pdf",
                address=address,
                key=UUID(int=self.abroad.getrandbits(128)),
            )
            if chance > 0.87:
                for card in GreenCard.objects.filter(shipment=shipment):
                    void_card(by=by, card=card.id, reason="misprint")

    def _stays(self) -> list[_Stay]:
        """Its cars, each in a branch and entered by somebody."""
        return [self._stay(stay.starts, stay.car, stay.ends) for stay in turnover(self.described, self.seed)]

    def _stay(self, starts: date, car: Car, ends: date | None) -> _Stay:
        weights = [3] + [1] * (len(self.branches) - 1)
        branch = self.random.choices(self.branches, weights=weights)[0].id
        return _Stay(car, starts, ends, branch, self.random.choice(self.registrars))

    def _entries(self, stays: list[_Stay]) -> Iterator[tuple[datetime, _Stay, bool]]:
        for stay in stays:
            yield self._moment(stay.starts, late=self.random.choice((0, 0, 0, 0, 1, 2, 4))), stay, False
            if stay.ends:
                yield self._moment(stay.ends, late=self.random.choice((0, 0, 1, 3))), stay, True

    def _moment(self, day: date, *, late: int) -> datetime:
        """When it was entered: in working hours, on the day or a few days later, never in the future."""
        entered = min(day + timedelta(days=late), BUSINESS_DAY)
        hour, minute = (self.random.randrange(8, 17), self.random.randrange(60))
        moment = datetime.combine(entered, time(hour, minute, self.random.randrange(60)), tzinfo=AMSTERDAM)
        return min(moment, BUSINESS_MOMENT - timedelta(minutes=20))

    def _actor(self, entered: datetime, account: int) -> Actor:
        everything = frozenset((str(right), None) for right in FleetRight)
        return replace(
            Actor(kind=ActorKind.MEMBER, portal=self.portal.id, account=account, via="demo"),
            clock_offset=entered - timezone.now(),
            organisation=self.company.id,
            grants=everything,
            assurance=Assurance.TWO_FACTORS,
        )

    def _details(self, entered: datetime) -> dict[str, str]:
        """What the product asked on that day."""
        asked = rules_of(self.policy, on=entered.date()).fields
        if not asked:
            return {}
        random, day = self.random, entered.date()
        lessee = random.choice(LESSEES if self.described.product == "lease" else ("", "", LESSEES[0]))
        told = {
            "cover": random.choice(("liability", "limited", "full")),
            "lessee": lessee,
            "driver": random.choice(self.drivers),
            "contract": f"L-{day.year}-{random.randrange(1000, 9999)}",
            "lease_ends": (day + timedelta(days=random.choice((1095, 1461, 1826)))).isoformat(),
            "seats": random.choice(("4", "5", "5", "7", "9")),
            "abroad": random.choice(("yes", "no")),
            "dual_controls": "yes",
        }
        return {field.name: told[field.name] for field in asked}
