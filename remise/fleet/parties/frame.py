"""What drivers and lessees put in the menu, in the search box, and where a company reads who looked."""

from collections.abc import Iterable, Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from remise.core.actor import Actor, holds_anywhere
from remise.core.identifiers import Plate
from remise.core.registry import MenuEntry
from remise.core.search.kinds import Found, Hit, SearchKind, Wanted, any_number, names
from remise.fleet.parties.searching import parties_found
from remise.fleet.rights import FleetRight
from remise.organisations.looking.selectors import Sight, Thing
from remise.organisations.models import Party
from remise.organisations.naming import LONGEST_REFERENCE
from remise.organisations.parties import who

VIEW = (FleetRight.VIEW,)
MENU = MenuEntry(
    "drivers:list",
    gettext_lazy("Drivers and lessees"),
    "steering-wheel",
    VIEW,
    28,
    "drivers",
    side=False,
    beside="fleet:stock",
)


def _describe(by: Actor, found: Sequence[Found]) -> Mapping[int, Hit]:
    return {line.subject: _hit(line.party, line.plates, line.more) for line in parties_found(by, found)}


def _hit(party: Party, plates: Sequence[str], more: int) -> Hit:
    said = [party.reference or party.kvk or "", *(Plate(plate).formatted for plate in plates)]
    said += [_("%(count)s more") % {"count": more}] if more else []
    return Hit(party.name, reverse("drivers:one", args=[party.id]), ", ".join(filter(None, said)))


def _read(typed: str) -> Sequence[Wanted]:
    """By name, or by the company's own number or that of the trade register: those are kept in capitals."""
    return [*names(typed), *NUMBER(typed)]


NUMBER = any_number(LONGEST_REFERENCE)
KIND = SearchKind(
    "party",
    gettext_lazy("Drivers and lessees"),
    "user",
    VIEW,
    _describe,
    _read,
    in_branches=False,
    order=30,
    sight="party",
)


def _parties(by: Actor, numbers: Iterable[int]) -> dict[int, Thing]:
    """By name; whether the reader may open it, its page decides."""
    if not holds_anywhere(by, FleetRight.VIEW):
        return {}
    return {
        number: Thing(party.name, reverse("drivers:one", args=[party.id]))
        for number, party in who(by.company, numbers).items()
        if party.erased_at is None
    }


def _list(_by: Actor, numbers: Iterable[int]) -> dict[int, Thing]:
    return dict.fromkeys(numbers, Thing(_("The list of drivers and lessees"), reverse("drivers:list")))


SIGHTS = (
    Sight("party", lambda: _("A driver or lessee"), _parties),
    Sight("parties", lambda: _("The list of drivers and lessees"), _list),
)
