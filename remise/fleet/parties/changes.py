"""What was changed of a driver or lessee, in words. It stands in the party's own row and goes with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from remise.core.actor import Actor
from remise.core.words import Text
from remise.organisations.models import Party
from remise.organisations.names import doers

LABELS: dict[str, Text] = {
    "kind": _("Person or company"),
    "name": _("Name"),
    "reference": _("Your own number"),
    "kvk": _("KvK number"),
    "email": _("E-mail address"),
    "phone": _("Telephone number"),
}


@dataclass(frozen=True, slots=True)
class Changed:
    at: datetime
    by: str  # as this reader may know it
    fields: Sequence[tuple[Text, str, str]]  # label, before, after


def changes_of(by: Actor, party: Party) -> list[Changed]:
    """The newest first."""
    lines = party.changes
    who = doers(by, [(line["account"], line["by_system"]) for line in lines])
    return [
        Changed(
            datetime.fromisoformat(line["at"]),
            name,
            [(LABELS[field], _said(field, old), _said(field, new)) for field, (old, new) in line["fields"].items()],
        )
        for line, name in zip(lines, who, strict=True)
    ]


def _said(field: str, value: str) -> str:
    return str(Party.Kind(value).label) if field == "kind" else value
