"""The stock as a table for a spreadsheet, written in parts."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import BinaryIO

from django.utils.translation import gettext as _

from remise.core.actor import Actor
from remise.core.identifiers import Plate
from remise.core.spreadsheet import Cell, open_sheet
from remise.fleet.details import cell
from remise.fleet.models import RegistrationVersion
from remise.fleet.selectors.covers import ends_of
from remise.fleet.selectors.stock import Versions
from remise.organisations.fields import party_names
from remise.organisations.models import Branch
from remise.policies import rules as product_rules
from remise.policies.fields import label
from remise.policies.rules import ProductRules

PART = 2_000
# As many are downloaded while one waits (a second); more are a run.
AT_ONCE = 5_000


def write_stock(
    by: Actor,
    file: BinaryIO,
    kind: str,
    versions: Versions,
    rules: ProductRules,
    *,
    known_at: datetime | None = None,
    part: int | None = None,
) -> Iterator[int]:
    """The rows that the list shows, in order of plate, with the product's own fields behind them; tells after each
    part how many rows are written. `known_at`: as `versions` are. No cursor outlives a part."""
    size = part or PART
    sheet = open_sheet(file, kind, _header(rules), title=_("Vehicles"))
    branches = dict(Branch.objects.values_list("id", "name"))
    written, last = 0, ""
    while rows := list(versions.filter(plate__gt=last).order_by("plate")[:size]):
        parties, ends = _named(by, rows), ends_of(rows, known_at)
        sheet.write(_row(row, ends[row.item_id], rules, branches, parties) for row in rows)
        written, last = written + len(rows), rows[-1].plate
        yield written
    sheet.close()


def _named(by: Actor, rows: list[RegistrationVersion]) -> dict[int, str]:
    """The lessees and drivers of these rows."""
    return party_names(by, (party for row in rows for party in (row.lessee, row.driver) if party is not None))


def _header(rules: ProductRules) -> list[str]:
    return [
        _("Plate"),
        _("Make"),
        _("Model"),
        _("Branch"),
        _("Insured from"),
        _("Last day insured") if rules.last_day_covered else _("First day without cover"),
        _("Catalogue value"),
        _("Source"),
        _("As of"),
        *(label(field) for field in rules.fields),
    ]


def _row(
    row: RegistrationVersion,
    ends: date | None,
    rules: ProductRules,
    branches: dict[int, str],
    parties: dict[int, str],
) -> list[Cell]:
    return [
        Plate(row.plate).formatted,
        row.make,
        row.model,
        branches.get(row.branch or 0, ""),
        row.starts,
        product_rules.day_to_show(rules, ends) if ends else None,
        row.value,
        row.value_source,
        row.value_date,
        *(cell(field, row, parties) for field in rules.fields),
    ]
