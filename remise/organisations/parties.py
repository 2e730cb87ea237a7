"""Lessees and drivers as a company names them: who is meant, and a row for whom nobody named before."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from remise.core import clock
from remise.core.actor import Actor
from remise.core.doors import rows
from remise.core.errors import BrokenRule
from remise.organisations.models import Party
from remise.organisations.naming import Former, Known, Somebody, Text

ATTEMPTS = 3
# Held as they are until the transaction ends: nobody erases meanwhile whom a vehicle is about to get.
LIVING = """
select p.name, p.kind, p.reference, p.kvk, p.id from organisations_party p
where p.organisation = %s and p.erased_at is null"""
ASKED = "and (p.name_key = any(%s) or p.reference_key = any(%s) or p.kvk = any(%s))"
FIND = f"{LIVING} and p.merged_into is null {ASKED} order by p.id for key share"
HOLD = f"{LIVING} and p.id = any(%s) order by p.id for key share"
# Asked after who is living: whoever was merged meanwhile is found here.
FORMER = f"""
select p.name, p.kind, p.reference, p.kvk, p.merged_into from organisations_party p
where p.organisation = %s and p.erased_at is null and p.merged_into is not null {ASKED} order by p.id
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Named:
    """Whom each text means, or why it means nobody."""

    meant: Mapping[str, Somebody | BrokenRule]
    fresh: Sequence[Somebody]


def named(texts: Collection[str], *, organisation: int) -> Named:
    """In their order. As many statements for many as for one."""
    wanted = {text: Text(text.strip()) for text in texts}
    if not wanted:
        return Named({}, ())
    names = set().union(*(one.names for one in wanted.values()))
    numbers = set().union(*(one.numbers for one in wanted.values()))
    living = _living(organisation, names=names, numbers=numbers)
    known = Known.of(living, _former(organisation, names=names, numbers=numbers))
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


def who(organisation: int, numbers: Iterable[int]) -> dict[int, Party]:
    """Who each of these numbers is: of somebody who was merged, the one that stayed."""
    asked = set(numbers)
    of = Party.objects.filter(organisation=organisation)
    known = of.in_bulk(asked) if asked else {}
    stayed = {party.merged_into for party in known.values() if party.merged_into} - known.keys()
    known |= of.in_bulk(stayed) if stayed else {}
    return {number: known[known[number].merged_into or number] for number in asked & known.keys()}


def merged(organisation: int, numbers: Collection[int]) -> dict[int, int]:
    """Who of these is somebody else by now, and who."""
    of = Party.objects.filter(organisation=organisation, merged_into__isnull=False, id__in=numbers)
    found = of.values_list("id", "merged_into") if numbers else ()
    return {number: stayed for number, stayed in found if stayed is not None}


def also(organisations: Collection[int], parties: Collection[int]) -> dict[int, int]:
    """The numbers under which these are known as well, since they were merged: each with whom it stands for."""
    found = Party.objects.filter(organisation__in=organisations, merged_into__in=parties)
    return {number: stayed for number, stayed in found.values_list("id", "merged_into") if stayed is not None}


def _living(organisation: int, *, names: Collection[str], numbers: Collection[str]) -> list[Somebody]:
    found = rows(FIND, organisation, sorted(names), sorted(numbers), sorted(numbers))
    return [Somebody(*one) for one in found]


def _former(organisation: int, *, names: Collection[str], numbers: Collection[str]) -> list[Former]:
    found = [Somebody(*one) for one in rows(FORMER, organisation, sorted(names), sorted(numbers), sorted(numbers))]
    if not found:
        return []
    held = [Somebody(*one) for one in rows(HOLD, organisation, sorted({one.id for one in found}))]
    now = {one.id: one for one in held}
    return [Former(one, now[one.id]) for one in found if one.id in now]


def _key(one: Somebody) -> tuple[str, str]:
    """By what it is one and the same."""
    return (one.numbers[0] if one.numbers else "", one.key)
