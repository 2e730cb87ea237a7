"""How cards that come by themselves reach a company: as it way, else as its product says."""

from dataclasses import dataclass

from remise.core.actor import Actor
from remise.green_cards.models import CardDelivery
from remise.green_cards.rules import CardRules, Delivery
from remise.organisations.models import Organisation
from remise.portals.languages import spoken
from remise.portals.models import Portal


@dataclass(frozen=True, slots=True)
class Way:
    delivery: Delivery
    language: str
    recipient: str  # the company's mailbox as the insurer knows it; empty where it knows none


def way_of(by: Actor, organisation: int, said: CardRules) -> Way:
    """In the company's language where it chose one that the portal speaks, else in the portal's first."""
    chosen = CardDelivery.objects.filter(organisation=organisation).first()
    languages = spoken(Portal.objects.get(id=by.in_portal))
    language = chosen.language if chosen and chosen.language in languages else languages[0]
    delivery = Delivery(chosen.delivery) if chosen and chosen.delivery else said.delivery
    return Way(delivery, language, Organisation.objects.get(id=organisation).contact_email)
