"""One cell of the matrix: does this colleague hold this right here, and what does a click on it ask for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from remise.core.actor import Actor
from remise.core.rights import RightLabel
from remise.organisations.models import Branch
from remise.organisations.rights import divisible, offered
from remise.organisations.selectors import Colleague, Held


@dataclass(frozen=True, slots=True)
class Cell:
    """`fixed` cannot be changed here, because it holds in all branches; `note` says what the mark does not."""

    entry: RightLabel
    key: str
    change: str
    label: str
    is_on: bool
    fixed: bool = False
    note: str = ""
    held: Held | None = None


def row(by: Actor, colleague: Colleague, branch: Branch | None) -> Iterator[Cell]:
    """The rights of one colleague, in one branch or in the whole company."""
    for entry in offered(by, in_branch=branch is not None):
        yield cell(colleague, entry, branch)


def cell(colleague: Colleague, entry: RightLabel, branch: Branch | None) -> Cell:
    place = branch.id if branch else None
    wide = colleague.held.get((entry.right, None))
    held = colleague.held.get((entry.right, place))
    verb = "revoke" if held else "grant"
    return Cell(
        entry=entry,
        key=f"{colleague.id}-{entry.right.replace('.', '-')}-{place or 'all'}",
        change=f"{verb}:{colleague.id}:{entry.right}:{place or ''}",
        label=f"{entry.label}, {colleague.name}, {branch.name if branch else _('All branches')}",
        is_on=(held or wide) is not None,
        fixed=branch is not None and wide is not None,
        note=_note(colleague, entry, branch),
        held=held,
    )


def _note(colleague: Colleague, entry: RightLabel, branch: Branch | None) -> str:
    if branch is not None:
        return _("all branches") if (entry.right, None) in colleague.held else ""
    count = len(colleague.in_branches(entry.right))
    return ngettext("%(count)d branch", "%(count)d branches", count) % {"count": count} if count else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One right of one colleague: in the whole company, or branch by branch, and who gave it."""

    entry: RightLabel
    everywhere: Cell
    places: list[Cell]
    names: list[str]

    @property
    def given(self) -> list[tuple[str, Held]]:
        cells = [(_("All branches"), self.everywhere), *zip(self.names, self.places, strict=True)]
        return [(name, found.held) for name, found in cells if found.held]

    @property
    def chips(self) -> list[tuple[str, Cell]]:
        return list(zip(self.names, self.places, strict=True))


def sheet(colleague: Colleague, entry: RightLabel, branches: Iterable[Branch]) -> Sheet:
    """Branches are left out where there is nothing to choose: one branch, a right for the company, or one held in
    all of them."""
    found = list(branches)
    is_divided = len(found) > 1 and divisible(entry.right)
    shown = found if is_divided and (entry.right, None) not in colleague.held else []
    return Sheet(
        entry,
        cell(colleague, entry, None),
        [cell(colleague, entry, branch) for branch in shown],
        [branch.name for branch in shown],
    )
