"""What a product asks besides, as terms of a registration (docs/adr/0028): cover, lessee and driver have columns of
their own, whatever else an insurer asks stands together in one."""

from collections.abc import Iterator, Mapping, Sequence

from remise.core.ledger.operations import Terms, detail
from remise.core.spreadsheet import Cell
from remise.fleet.models import RegistrationVersion
from remise.policies.fields import Given, as_cell, label, shown
from remise.policies.rules import PARTIES, FieldKind, FieldRule

OWN = ("cover", *PARTIES)


def term_of(field: FieldRule) -> str:
    """The term of the ledger that holds what was filled in."""
    return field.name if field.name in OWN else detail(field.name)


def in_entry(terms: Terms, field: FieldRule) -> Given:
    """What an entry says of it."""
    return terms.get(term_of(field))  # type: ignore[return-value]  # the ledger's types are more than a field has


def in_version(version: RegistrationVersion, field: FieldRule) -> Given:
    given: Given = getattr(version, field.name) if field.name in OWN else version.details.get(field.name)
    return given


def answers(
    fields: Sequence[FieldRule], given: Mapping[str, Given], parties: Mapping[int, str]
) -> Iterator[tuple[str, str]]:
    """What the product asked and what was answered, by label, in the reader's words; what was left open is left
    out. `given` by the name of the field; of a party its number."""
    for field in fields:
        value = given.get(field.name)
        words = in_words(field, value, parties)
        if words:
            yield label(field), words


def emptied(fields: Sequence[FieldRule], terms: Terms) -> Iterator[str]:
    """Of what a change says, the labels of what it made empty; what it does not name stays as it was."""
    for field in fields:
        if term_of(field) in terms and in_entry(terms, field) in (None, ""):
            yield label(field)


def in_words(field: FieldRule, value: Given, parties: Mapping[int, str]) -> str:
    if field.kind is FieldKind.PARTY:
        return parties.get(value, "") if isinstance(value, int) else ""
    return shown(field, value)


def cell(field: FieldRule, version: RegistrationVersion, parties: Mapping[int, str]) -> Cell:
    """For a spreadsheet, which counts with it."""
    value = in_version(version, field)
    return in_words(field, value, parties) if field.kind is FieldKind.PARTY else as_cell(field, value)
