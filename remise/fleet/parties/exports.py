"""Drivers and lessees as tables for a spreadsheet: all of a list in parts, or one with every vehicle."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from io import BytesIO
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.spreadsheet import Cell, open_sheet
from remise.fleet.parties.roles import role_label
from remise.fleet.parties.selectors import Line, PartyQuery, asked, lines, merged_with, periods
from remise.fleet.rights import FleetRight
from remise.organisations.models import Party
from remise.runs.actions import begin_run
from remise.runs.kinds import ExportKind, Progress
from remise.runs.models import Run

PART = 2_000
AT_ONCE = 5_000  # are downloaded while one waits; more are a run


@transaction.atomic
def export_parties(*, by: Actor, query: PartyQuery, kind: str) -> bytes:
    """The list as a file, at once. Who took it is written down, as when it is a run; what they searched for is not:
    it may be a name (docs/adr/0007)."""
    file, written = BytesIO(), 0
    for written in write_parties(by, file, kind, query):  # noqa: B007
        pass
    _record(by, {"format": kind, "parties": written})
    return file.getvalue()


@transaction.atomic
def begin_parties_export(*, by: Actor, query: PartyQuery, kind: str) -> Run:
    """The same as a run, of all who are seen: a run keeps what it was asked, and that may not be a name."""
    inputs = {"format": kind, "kind": query.kind, "now": query.now, "day": clock.today(by).isoformat()}
    run = begin_run(by=by, kind=PARTIES_FILE.name, inputs=inputs)
    if not run.sent_before:
        _record(by, {"format": kind, "run": run.id})
    return run


@transaction.atomic
def export_party(*, by: Actor, party: Party, kind: str) -> bytes:
    """All that is kept of one, for who asks the company for it (Regulation (EU) 2016/679, art. 15 and 20): also how
    else it was written down, before that was merged with it."""
    file = BytesIO()
    header = [*_header(), _("Plate"), _("Policy"), _("As"), _("From"), _("Last day")]
    sheet = open_sheet(file, kind, header, title=_("Drivers and lessees"))
    first = _particulars(party)
    had = periods(by, party)
    sheet.write(
        [*first, one.plate.formatted, one.policy, str(role_label(one.role)), one.starts, one.last_day] for one in had
    )
    without = [*([] if had else [first]), *(_particulars(one) for one in merged_with(party))]
    sheet.write([*particulars, None, None, None, None, None] for particulars in without)
    sheet.close()
    events.record("party.exported", by=by, subject=("party", party.id), after={"format": kind})
    return file.getvalue()


def write_parties(by: Actor, file: BinaryIO, kind: str, query: PartyQuery) -> Iterator[int]:
    """By name; tells after each part how many rows are written. No cursor outlives a part."""
    sheet = open_sheet(
        file, kind, [*_header(), _("Vehicles now"), _("Last day with a vehicle")], title=_("Drivers and lessees")
    )
    written = 0
    for part in _parts(asked(by, query)):
        sheet.write(_row(line) for line in lines(by, part))
        written += len(part)
        yield written
    sheet.close()


def write_parties_file(by: Actor, inputs: Mapping[str, Any], _at: datetime, file: BinaryIO) -> Iterator[Progress]:
    query = PartyQuery(kind=inputs["kind"], now=inputs["now"])
    total = asked(by, query).count()
    for written in write_parties(by, file, inputs["format"], query):
        yield Progress(written, max(total, written))


def parties_file_name(_by: Actor, inputs: Mapping[str, Any]) -> str:
    return f"drivers-{inputs['day']}.{inputs['format']}"


def _parts(found: QuerySet[Party]) -> Iterator[list[Party]]:
    behind = Q()
    while part := list(found.filter(behind).order_by("name_key", "id")[:PART]):
        last = part[-1]
        behind = Q(name_key__gte=last.name_key) & (Q(name_key__gt=last.name_key) | Q(id__gt=last.id))
        yield part


def _header() -> list[str]:
    return [
        *(_("Name"), _("Person or company"), _("Your own number")),
        *(_("KvK number"), _("E-mail address"), _("Telephone number")),
    ]


def _particulars(party: Party) -> list[Cell]:
    return [party.name, str(party.get_kind_display()), party.reference, party.kvk, party.email, party.phone]


def _row(line: Line) -> list[Cell]:
    return [*_particulars(line.party), line.vehicles, line.until]


def _record(by: Actor, after: Mapping[str, Any]) -> None:
    events.record("parties.exported", by=by, after=after)


PARTIES_FILE = ExportKind(
    name="fleet.parties",
    label=gettext_lazy("Download drivers and lessees"),
    right=FleetRight.VIEW,
    write=write_parties_file,
    file_name=parties_file_name,
)
