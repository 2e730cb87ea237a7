"""What rooms above add to the fleet's pages: something to do with ticked vehicles, a part of a vehicle's page, the
next step after registering."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from remise.core.actor import Actor
from remise.core.registry import Registry
from remise.core.words import Text
from remise.fleet.rights import FleetRight
from remise.fleet.selectors.history import History
from remise.fleet.selectors.receipts import Receipt


@dataclass(frozen=True, slots=True)
class RowAction:
    """A button under the list; its page gets the ticked vehicles as `item`."""

    url_name: str
    label: Text
    right: FleetRight
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a vehicle's page: the template gets what `build` makes as `data`; None leaves it out."""

    name: str
    template: str
    build: Callable[[Actor, History], object | None]


@dataclass(frozen=True, slots=True)
class Offer:
    """A link on the receipt of a registration."""

    label: Text
    url: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class OfferSource:
    name: str
    build: Callable[[Actor, Receipt], Offer | None]


@dataclass(frozen=True, slots=True)
class ChangeNote:
    """What other terms do to something of the vehicle's, in words; empty where there is nothing to say."""

    name: str
    build: Callable[[Actor, History], str]


row_actions: Registry[RowAction] = Registry(lambda action: action.url_name)
vehicle_sections: Registry[Section] = Registry(lambda section: section.name)
after_registering: Registry[OfferSource] = Registry(lambda source: source.name)
change_notes: Registry[ChangeNote] = Registry(lambda note: note.name)

DEREGISTER = RowAction("fleet:deregister", _("Deregister"), FleetRight.DEREGISTER)
