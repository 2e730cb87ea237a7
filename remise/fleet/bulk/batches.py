"""A batch: a file of vehicles as a program sends it. What follows is the same run, whoever began it: a page shows it,
mends it and confirms it as well."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _

from remise.core.actor import Actor
from remise.core.errors import BrokenRule, NotVisible
from remise.fleet.access import Branches
from remise.fleet.bulk.kinds import DEEDS, KINDS
from remise.policies.selectors import policy_of
from remise.runs import actions
from remise.runs.checking import require_fits
from remise.runs.files import names_of, read_cells
from remise.runs.kinds import from_file
from remise.runs.models import Run, RunRow
from remise.runs.selectors import run_of

type Cells = Mapping[str, object]  # by the name of a column, in any of our languages


def begin_batch(
    *,
    by: Actor,
    deed: str,
    policy: str,
    day: date | None,
    branch: int | None,
    rows: Sequence[Cells],
    whole: bool,
) -> Run:
    """Have these rows looked through; nothing else happens before they are confirmed. `day` and `branch` hold where a
    row says none."""
    kind, found = KINDS[deed], policy_of(by, policy)
    if branch is not None:
        _require_asked(deed)
        Branches(by, found, kind.right).require(branch)
    inputs = {"policy": found.number, "day": day.isoformat() if day else None, "branch": branch}
    require_fits(len(rows), kind.most(by, inputs), field="rows")
    known = names_of(kind.columns(by, inputs))
    read = (read_cells(row, known, place=f"rows.{place}") for place, row in enumerate(rows))
    lines = [{name: text for name, text in line.items() if text} for line in read]
    return actions.send_lines(by=by, kind=kind.name, inputs=inputs, lines=lines, whole=whole)


def mend_batch(*, by: Actor, batch: int, position: int, cells: Cells) -> RunRow:
    """These cells say something else; the row is judged anew."""
    run = batch_of(by, batch)
    known = names_of(from_file(run.kind).columns(by, run.inputs))
    data = read_cells(cells, known, place="cells")
    return actions.mend_row(by=by, run=run.id, position=position, data=data)


def batch_of(by: Actor, number: int) -> Run:
    """Raises NotVisible for what is no file of vehicles."""
    run = run_of(by, number)
    if run.kind not in DEEDS:
        raise NotVisible(_("There is no such batch."))
    return run


def _require_asked(deed: str) -> None:
    if deed != "register":
        told = _("Only who registers gives a branch for all rows.")
        raise BrokenRule(told, code="branch_not_asked", field="branch")
