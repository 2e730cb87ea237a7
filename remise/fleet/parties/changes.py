"""What was changed of a driver or lessee, in words. It stands in the party's own row and goes with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from remise.core.actor import Actor
from remise.core.words import Text
from remise.fleet.parties.selectors import merged_with
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
    merged: str  # who was made one with this one; "" = nobody was
    of: str  # whose particulars these were, before they were merged into this one; "" = its own


def changes_of(by: Actor, party: Party) -> list[Changed]:
    """The newest first; also of those who were merged into this one."""
    former = {one.id: one for one in merged_with(party)}
    lines = [(one, line) for one in (party, *former.values()) for line in one.changes]
    lines.sort(key=lambda found: str(found[1]["at"]), reverse=True)
    who = doers(by, [(line["account"], line["by_system"]) for _one, line in lines])
    return [
        Changed(
            datetime.fromisoformat(line["at"]),
            name,
            [(LABELS[field], _said(field, old), _said(field, new)) for field, (old, new) in line["fields"].items()],
            former[line["merged"]].name if "merged" in line else "",
            "" if one is party else one.name,
        )
        for (one, line), name in zip(lines, who, strict=True)
    ]


def in_words(party: Party, field: str) -> str:
    return _said(field, getattr(party, field) or "")


def _said(field: str, value: str) -> str:
    return str(Party.Kind(value).label) if field == "kind" else value
