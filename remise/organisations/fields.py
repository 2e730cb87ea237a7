"""Particulars that an office sees only where its mandate says so, whatever its rights open (docs/adr/0023).

Each group stands in tables of its own, whose wall leaves it out for who is not to see it: no page can forget to.
"""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from remise.core.actor import Actor
from remise.core.errors import BrokenRule
from remise.organisations.parties import who


class FieldGroup(models.TextChoices):
    PEOPLE = "people", _("Names of drivers and lessees")


def party_names(by: Actor, parties: Iterable[int]) -> dict[int, str]:
    """By number; in words where the reader is not to see who it is."""
    asked = set(parties)
    if FieldGroup.PEOPLE in by.withheld:
        return dict.fromkeys(asked, left_out())
    if not asked:
        return {}
    return {number: party.name or gettext("erased") for number, party in who(by.company, asked).items()}


def living_parties(by: Actor, parties: Iterable[int]) -> frozenset[int]:
    """Those of whom there is still something to be seen."""
    return frozenset(number for number, party in who(by.company, parties).items() if party.erased_at is None)


def left_out() -> str:
    """What is shown in the place of it."""
    return gettext("left out by the mandate")


def require_seen(by: Actor, group: FieldGroup, *, field: str) -> None:
    """Who does not see these does not fill them in either: what is there could not be told from what is new."""
    if group in by.withheld:
        message = gettext("Your mandate leaves out: %(what)s. Leave this empty, or let the company do it.")
        raise BrokenRule(message % {"what": group.label}, code="field_withheld", field=field)
