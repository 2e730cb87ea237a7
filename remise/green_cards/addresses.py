"""Where cards are sent."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from remise.core.errors import BrokenRule
from remise.organisations.models import Branch, Organisation

FIELDS = ("addressee", "street", "postcode", "town", "country")


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
    return address
