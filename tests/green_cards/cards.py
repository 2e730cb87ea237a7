"""Cards for tests: asked for through the action, as a page asks."""

from uuid import UUID, uuid4

from remise.core.actor import Actor
from remise.core.scope import enter
from remise.fleet.rights import FleetRight
from remise.green_cards.actions import issue_green_cards
from remise.green_cards.addresses import Address
from remise.green_cards.models import GreenCard, Shipment
from tests import vehicles
from tests.vehicles import OnCover
from tests.world import OWNER, Garage

HOME = Address("Garage De Brug", "Rijnstraat 12", "8011 AB", "Zwolle")


def held(garage: Garage, *, days: int = 3, **facts: object) -> OnCover:
    """On cover, and known to the register."""
    plate = vehicles.fresh_plate()
    vehicles.in_register(plate, **facts)
    return vehicles.on_cover(garage, plate, days=days)


def issue(
    garage: Garage,
    *on_cover: OnCover,
    by: Actor | None = None,
    format: str = "pdf",  # noqa: A002
    address: Address | None = None,
    key: UUID | None = None,
    recipient: str = "",
) -> Shipment:
    by = by or garage.actor(*FleetRight)
    with enter(by.scope):
        return issue_green_cards(
            by=by,
            policy=garage.policy,
            items=[one.item for one in on_cover],
            format=format,
            address=address,
            key=key or uuid4(),
            recipient=recipient,
        )


def card(garage: Garage, on_cover: OnCover | None = None) -> GreenCard:
    """The newest of this vehicle's, or of a fresh one's."""
    on_cover = on_cover or held(garage)
    shipment = issue(garage, on_cover)
    return GreenCard.objects.using(OWNER).get(shipment=shipment.id)


def serials(garage: Garage) -> list[int]:
    found = GreenCard.objects.using(OWNER).filter(portal=garage.portal.id)
    return list(found.order_by("serial").values_list("serial", flat=True))
