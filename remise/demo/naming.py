"""What the lessor's own people wrote down of its lessees and drivers: numbers, addresses, and two of one name."""

from remise.core.actor import Actor
from remise.core.scope import enter
from remise.fleet.parties.actions import Particulars, add_party, change_party
from remise.organisations.models import Party

TWICE = "Wim Kuipers"
NUMBERED = {TWICE: "L-1041", "Esra Yilmaz": "L-1042", "Karim Haddad": "L-1043"}
FIRST_KVK = 90000010  # no company has such a number


def tell(by: Actor, lessees: tuple[str, ...]) -> None:
    """One after the other, on the clock of `by`."""
    with enter(by.scope):
        known = {party.name: party.id for party in Party.objects.filter(organisation=by.company).order_by("id")}
        for number, name in enumerate(lessees):
            if name in known:
                said = Particulars("company", name, kvk=str(FIRST_KVK + number))
                change_party(by=by, party=known[name], particulars=said)
        for name, reference in NUMBERED.items():
            if name in known:
                said = Particulars("person", name, reference, email=_address(name))
                change_party(by=by, party=known[name], particulars=said)
        add_party(by=by, particulars=Particulars("person", TWICE, "L-1077", phone="06 0000 1077"))


def _address(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@leaserijnland.example"
