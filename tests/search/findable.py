"""A company with one of everything that can be found, and its people."""

from dataclasses import dataclass

from remise.core.identifiers import Vin
from remise.core.models import Entry
from remise.core.scope import ActorKind, Scope, enter
from remise.fleet.rights import FleetRight
from remise.green_cards.models import GreenCard
from remise.organisations.models import Branch, Grant, Membership, Organisation
from remise.organisations.rights import OrganisationRight
from remise.vehicles import chassis
from tests import vehicles, world
from tests.green_cards import cards
from tests.vehicles import OnCover
from tests.world import OWNER, Garage

FIELDS: list[dict[str, object]] = [
    {"name": "driver", "kind": "party", "labels": {"nl": "Bestuurder"}, "required": False},
    {"name": "lessee", "kind": "party", "labels": {"nl": "Lessee"}, "required": False},
]


@dataclass(slots=True)
class Findable:
    garage: Garage
    meppel: Branch
    here: OnCover  # in Zwolle, driven by `driver`
    there: OnCover  # in Meppel
    card: GreenCard
    vin: str
    driver: str
    owner: Membership
    colleague: Membership
    salesman: Membership  # of Meppel alone

    @property
    def receipt(self) -> str:
        return Entry.objects.using(OWNER).get(id=self.here.entry).receipt

    def typed(self) -> dict[str, str]:
        """What leads to one thing of each kind, as it is written on paper."""
        return {
            "plate": self.here.plate.formatted,
            "chassis": self.vin,
            "party": self.driver,
            "policy": self.garage.policy.number,
            "receipt": self.receipt,
            "card": self.card.number,
            "company": self.garage.organisation.name,
            "kvk": self.garage.organisation.kvk or "",
            "establishment": self.meppel.establishment_number or "",
            "relation": self.meppel.relation_number or "",
            "branch": self.meppel.name,
            "person": self.colleague.display_name,
            "account": self.colleague.account.shown_number,
        }


def findable(*, at: Garage | None = None, mark: str = "") -> Findable:
    mark = mark or world.unique().replace("-", "")
    garage = world.garage(at=at.portal if at else None, fields=FIELDS)
    Organisation.objects.using(OWNER).filter(id=garage.organisation.id).update(name=f"Autobedrijf Élan{mark} B.V.")
    garage.organisation.refresh_from_db(using=OWNER)
    meppel = world.branch(garage.organisation, name=f"Meppel {mark}", establishment_number=f"{world.number():012d}")
    driver = f"Anaïs van der Bérg{mark}"
    plate = vehicles.fresh_plate()
    vehicles.in_register(plate)
    here = vehicles.on_cover(garage, plate, days=3, driver=driver, lessee=driver)
    vin = f"WVWZZZ1KZAW{world.number():06d}"
    with enter(Scope(ActorKind.SYSTEM, garage.portal.id)):
        chassis.note(garage.organisation.id, here.plate, Vin(vin), chassis.Source.INSURER)
    owner = world.member(
        garage.organisation, rights=[OrganisationRight.MANAGE_USERS, *FleetRight], name=f"Eva {mark}"
    )
    salesman = world.member(garage.organisation, rights=[], name=f"Bram {mark}")
    for right in (FleetRight.VIEW, FleetRight.REGISTER):
        Grant.objects.using(OWNER).create(
            portal=garage.portal.id,
            organisation=garage.organisation.id,
            membership=salesman,
            right=right,
            branch=meppel,
            by_system="insurer",
        )
    return Findable(
        garage=garage,
        meppel=meppel,
        here=here,
        there=vehicles.on_cover(garage, branch=meppel.id, days=2),
        card=cards.card(garage, here),
        vin=vin,
        driver=driver,
        owner=owner,
        colleague=world.member(garage.organisation, rights=[], name=f"Siobhán O'Bríen{mark}"),
        salesman=salesman,
    )
