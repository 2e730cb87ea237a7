"""Lessees and drivers as a company names them: who is meant, and a row for whom nobody named before."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from remise.core import clock
from remise.core.actor import Actor
from remise.core.doors import rows
from remise.core.errors import BrokenRule
from remise.organisations.models import Party
from remise.organisations.naming import Known, Somebody, Text

ATTEMPTS = 3
# Held as they are until the transaction ends: nobody erases meanwhile whom a vehicle is about to get.
FIND = """
select p.name, p.kind, p.reference, p.kvk, p.id from organisations_party p
where p.organisation = %s and p.erased_at is null
  and (p.name_key = any(%s) or p.reference_key = any(%s) or p.kvk = any(%s))
order by p.id for key share
"""


@dataclass(frozen=True, slots=True)
class Named:
    """Whom each text means, or why it means nobody."""

    meant: Mapping[str, Somebody | BrokenRule]
    fresh: Sequence[Somebody]


def named(texts: Collection[str], *, organisation: int) -> Named:
    """In their order. One statement, however many."""
    wanted = {text: Text(text.strip()) for text in texts}
    if not wanted:
        return Named({}, ())
    known = Known.of(
        _living(
            organisation,
            names=set().union(*(one.names for one in wanted.values())),
            numbers=set().union(*(one.numbers for one in wanted.values())),
        )
    )
    return Named({text: _meant(known, text) for text in wanted}, known.fresh)


def _meant(known: Known, text: str) -> Somebody | BrokenRule:
    try:
        return known.meant(text)
    except BrokenRule as refusal:
        return refusal


def keep(fresh: Collection[Somebody], *, by: Actor, portal: int, organisation: int) -> None:
    """Give those a row who have none. Of two who name the same one at once the second waits, and takes the row of the
    first. Two statements, however many; in one order, so that two files do not wait for each other."""
    for _attempt in range(ATTEMPTS):
        missing = sorted((one for one in fresh if one.id is None), key=_key)
        if not missing:
            return
        Party.objects.bulk_create(
            (
                Party(
                    portal=portal,
                    organisation=organisation,
                    kind=one.kind,
                    name=one.name,
                    reference=one.reference,
                    kvk=one.kvk,
                    made_at=clock.now(by),
                )
                for one in missing
            ),
            ignore_conflicts=True,
        )
        numbers = {number for one in missing for number in one.numbers}
        found = _living(organisation, names={one.key for one in missing if not one.numbers}, numbers=numbers)
        ids = {_key(one): one.id for one in found}
        for one in missing:
            one.id = ids.get(_key(one))
    raise BrokenRule(_("Somebody else changes these names at this moment. Try again."), code="names_moving")


def _living(organisation: int, *, names: Collection[str], numbers: Collection[str]) -> list[Somebody]:
    found = rows(FIND, organisation, sorted(names), sorted(numbers), sorted(numbers))
    return [Somebody(*one) for one in found]


def _key(one: Somebody) -> tuple[str, str]:
    """By what it is one and the same."""
    return (one.numbers[0] if one.numbers else "", one.key)
