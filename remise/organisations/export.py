"""Who may do what as a table for a spreadsheet: a line per colleague and branch, a column per right."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from remise.core.actor import Actor
from remise.core.rights import RightLabel
from remise.core.spreadsheet import Cell
from remise.organisations.rights import offered
from remise.organisations.selectors import Colleague, Matrix


def header(by: Actor) -> list[str]:
    return [_("Name"), _("Branch"), *(str(entry.label) for entry in offered(by))]


def rows(by: Actor, matrix: Matrix) -> Iterator[list[Cell]]:
    """What holds everywhere stands in the line "All branches"; further lines are what single branches add to it."""
    rights = offered(by)
    for colleague in matrix.people:
        yield _row(rights, colleague, _("All branches"), None)
        held = {branch for _right, branch in colleague.held}
        for branch in matrix.branches:
            if branch.id in held:
                yield _row(rights, colleague, branch.name, branch.id)


def _row(rights: list[RightLabel], colleague: Colleague, place: str, branch: int | None) -> list[Cell]:
    marks = [_("yes") if (entry.right, branch) in colleague.held else "" for entry in rights]
    return [colleague.name, place, *marks]
