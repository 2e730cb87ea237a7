"""How the API shows drivers and lessees."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_noop as _  # said in the reader's language by api.description
from ninja import Field, Schema

from remise.core.actor import Actor
from remise.core.schemas import Day, PlateShown
from remise.fleet.parties.selectors import Line, Period
from remise.organisations.fields import FieldGroup, party_names
from remise.organisations.models import Party
from remise.organisations.parties import who

KIND = _("person or company; null where it is left out")


class PartyNamed(Schema):
    """A driver or lessee where a vehicle names one. Without a number: erased, or left out by a mandate."""

    id: int | None = Field(description=_("Asks for more: /parties/{id}."), examples=[7])
    kind: str | None = Field(description=KIND, examples=["person"])
    name: str = Field(examples=["J. Jansen"])
    reference: str | None = Field(description=_("The company's own number."), examples=["K-1001"])


class PartyShown(Schema):
    id: int
    kind: str = Field(description=_("person or company"), examples=["person"])
    name: str
    reference: str | None = Field(description=_("The company's own number."))
    kvk: str | None
    email: str
    phone: str


class PartyListed(PartyShown):
    vehicles: int = Field(description=_("So many today."))
    until: Day | None = Field(description=_("The last day with a vehicle, where there is none today."))


class PeriodShown(PlateShown):
    vehicle: int
    policy: str
    role: str = Field(description=_("driver or lessee"), examples=["driver"])
    starts: Day
    last_day: Day | None


class PartyWithHistory(PartyShown):
    vehicles: list[PeriodShown] = Field(description=_("Those that this key sees, the newest first."))


def parties_named(by: Actor, numbers: Iterable[int]) -> dict[int, dict[str, Any]]:
    asked = set(numbers)
    empty = {"id": None, "kind": None, "reference": None}
    if FieldGroup.PEOPLE in by.withheld:
        return {number: {**empty, "name": name} for number, name in party_names(by, asked).items()}
    return {
        number: {"id": party.id, "kind": party.kind, "name": party.name, "reference": party.reference}
        if party.erased_at is None
        else {**empty, "name": party_names(by, [number])[number]}
        for number, party in who(by.company, asked).items()
    }


def party(found: Party) -> dict[str, Any]:
    return {field: getattr(found, field) for field in PartyShown.model_fields}


def listed(rows: Sequence[Line]) -> list[dict[str, Any]]:
    return [party(line.party) | {"vehicles": line.vehicles, "until": line.until} for line in rows]


def with_history(found: Party, had: Sequence[Period]) -> dict[str, Any]:
    return party(found) | {
        "vehicles": [
            {
                "vehicle": one.item,
                "plate": one.plate.value,
                "plate_formatted": one.plate.formatted,
                "policy": one.policy,
                "role": one.role,
                "starts": one.starts,
                "last_day": one.last_day,
            }
            for one in had
        ]
    }
