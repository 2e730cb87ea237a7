"""Where cards are sent."""

import re
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from remise.core.errors import BrokenRule
from remise.organisations.models import Branch, Organisation

FIELDS = ("addressee", "street", "postcode", "town", "country")
# How a postcode looks where cards are posted to, and one that does (Universal Postal Union, addressing systems).
POSTCODES = {
    "NL": (re.compile("[1-9][0-9]{3} ?[A-Z]{2}"), "8011 AB"),
    "BE": (re.compile("[1-9][0-9]{3}"), "9300"),
    "DE": (re.compile("[0-9]{5}"), "48143"),
    "LU": (re.compile("[0-9]{4}"), "1009"),
    "FR": (re.compile("[0-9]{5}"), "75001"),
}


@dataclass(frozen=True, slots=True)
class Address:
    addressee: str
    street: str
    postcode: str
    town: str
    country: str = "NL"

    @property
    def lines(self) -> list[str]:
        return [line for line in (self.addressee, self.street, f"{self.postcode} {self.town}".strip()) if line]

    @property
    def is_complete(self) -> bool:
        return bool(self.addressee and self.street and self.town)


def address_of(company: Organisation, branch: Branch | None) -> Address:
    """Of a branch, or of the head office where the branch has none."""
    places = [branch] if branch and branch.street else []
    places += list(Branch.objects.filter(organisation=company.id, establishment_number=None).exclude(street="")[:1])
    blank = Address(company.name, "", "", "")
    return (
        replace(blank, street=places[0].street, postcode=places[0].postcode, town=places[0].town) if places else blank
    )


def complete(address: Address | None) -> Address:
    if address is None or not address.is_complete:
        raise BrokenRule(
            _("Fill in where the cards go: name, street and town."), code="address_missing", field="street"
        )
    return replace(address, postcode=_postcode(address))


def _postcode(address: Address) -> str:
    """As the country writes it. None at all may be right: the register of companies does not always have one."""
    typed = address.postcode.strip().upper()
    looks, example = POSTCODES.get(address.country, (None, ""))
    if not typed or looks is None:
        return typed
    if not looks.fullmatch(typed):
        raise BrokenRule(
            _("This is no postcode of that country. One looks like this: %(example)s.") % {"example": example},
            code="postcode",
            field="postcode",
        )
    return f"{typed[:4]} {typed[4:].strip()}" if address.country == "NL" else typed
