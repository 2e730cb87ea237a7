"""Looking a file through before anything happens: its lines are read, judged and kept in parts, each in a transaction
of its own. Killed halfway, it goes on behind the last line that was kept."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import batched
from pathlib import Path
from typing import Any

import structlog
from django.core.files.storage import default_storage
from django.utils import translation
from django.utils.translation import gettext as _

from remise.core.actor import Actor
from remise.core.errors import BrokenRule, DomainError
from remise.core.observe import fault
from remise.core.scope import enter
from remise.core.tables import UnreadableFile
from remise.runs import moves, steps
from remise.runs.files import Line, Sheet, keys_of, read_file
from remise.runs.kinds import Column, FileKind, Row, from_file
from remise.runs.models import Run, RunRow
from remise.runs.places import let_go_of_sent
from remise.runs.steps import NotAllowed
from remise.ui.formats import number

log = structlog.get_logger("remise.runs")

PART = 1_000  # lines in one transaction
PATIENCE = 30.0  # seconds for what others say of one part: nobody looks on
TWICE = "twice"


def produce(system: Actor, *, run: int, step: int) -> None:
    """The job. What cannot be read stops the run, with the reason."""
    try:
        _look_through(system, run, step)
    except steps.PASSING:
        raise  # the job is tried again
    except (UnreadableFile, DomainError) as refusal:
        steps.stop(system, run=run, step=step, message=str(refusal))
    except Exception as error:
        log.error("run stopped", run=run, step=step, **fault(error))
        steps.stop(system, run=run, step=step)


def _look_through(system: Actor, number: int, step: int) -> None:
    """Until all lines are kept, or whoever sent them in may not do it any more."""
    with steps.take(system, run=number, step=step) as taken:
        if taken is None:
            return
        source = taken.run.source
        reads = _reading(taken.run, taken.by) if isinstance(taken.by, Actor) else None
    if reads is not None:
        with translation.override(reads.language), _at_hand(source) as path:
            sheet = read_file(path, reads.columns)
            for part in batched(_beyond(sheet, reads.done, reads.most), PART):
                keys = [reads.kind.key(line) for line in part]
                reads.kind.learn(reads.by, keys, PATIENCE, lambda: enter(reads.by.scope))
                if not _keep(system, number, step, reads, part, sheet):
                    break
    _end(system, number, step)


@dataclass(frozen=True, slots=True)
class _Reads:
    """What a file is read by. `language`: of who sent it in; `done`: lines that are kept already; `seen`: what those
    are about."""

    kind: FileKind
    by: Actor
    language: str
    columns: Sequence[Column]
    most: int
    done: int
    seen: set[str]


def _reading(run: Run, by: Actor) -> _Reads:
    kind = from_file(run.kind)
    return _Reads(
        kind, by, run.language, kind.columns(by, run.inputs), kind.most(by, run.inputs), run.rows, keys_of(run)
    )


def _keep(system: Actor, number: int, step: int, reads: _Reads, part: Sequence[Line], sheet: Sheet) -> bool:
    """One part; False where nobody may go on with it."""
    with steps.take(system, run=number, step=step) as taken:
        if taken is None or not isinstance(taken.by, Actor):
            return False
        add(taken.run, reads.kind, taken.by, part, reads.seen)
        taken.run.not_read = list(sheet.not_read)
        taken.run.save()
        return True


def _beyond(sheet: Sheet, done: int, most: int) -> Iterator[Line]:
    """The lines that are not kept yet."""
    for place, line in enumerate(sheet, start=1):
        require_fits(place, most)
        if place > done:
            yield line


def require_fits(lines: int, most: int, *, field: str | None = None) -> None:
    """In one file; the same by page, program and file."""
    if lines <= most:
        return
    told = _("This is more than the %(most)s lines that one file may have. Divide it.") % {"most": number(most)}
    one = _("This policy takes one vehicle at a time.")
    raise BrokenRule(one if most == 1 else told, code="too_many_rows", field=field)


def _end(system: Actor, number: int, step: int) -> None:
    with steps.take(system, run=number, step=step) as taken:
        if taken is None:
            return
        place = taken.run.source
        if isinstance(taken.by, NotAllowed):
            moves.end(taken.run, Run.State.CANCELLED, by=system, message=str(taken.by.message))
        elif taken.run.rows:
            moves.checked(taken.run)
        else:
            raise BrokenRule(_("There is no line in this file."), code="no_rows")
    if place:
        let_go_of_sent(system.scope, number, place)


@contextmanager
def _at_hand(place: str) -> Iterator[Path]:
    """The file on this machine: readers of workbooks want a path."""
    with tempfile.NamedTemporaryFile() as copy:
        with default_storage.open(place) as stored:
            for part in stored.chunks():
                copy.write(part)
        copy.flush()
        yield Path(copy.name)


def add(run: Run, kind: FileKind, by: Actor, lines: Sequence[Line], seen: set[str]) -> None:
    """Judge these lines and keep them with their verdict; `seen` are the keys of those before."""
    rows = [_row(run, kind, place, line) for place, line in enumerate(lines, start=run.rows + 1)]
    fresh: list[RunRow] = []
    for row in rows:
        if row.key in seen:
            moves.say(row, RunRow.Verdict.WRONG, twice())
            row.key = _by_place(row.key, row.position)
        else:
            fresh.append(row)
        seen.add(row.key)
    judge(run, kind, by, fresh)
    moves.keep_rows(rows)
    run.rows += len(rows)
    run.wrong += sum(row.verdict == RunRow.Verdict.WRONG for row in rows)


def judge(run: Run, kind: FileKind, by: Actor, rows: Sequence[RunRow]) -> None:
    """What would come of each now; the caller writes it."""
    asked = [Row(row.data, key=row.key, run=run.id, inputs=run.inputs) for row in rows]
    for row, said in zip(rows, kind.check(by, asked), strict=True):
        moves.say(row, RunRow.Verdict.WRONG if isinstance(said, DomainError) else RunRow.Verdict.PENDING, said)


def key_of(kind: FileKind, data: Mapping[str, Any], position: int) -> str:
    """What a line is about; where that cannot be read, its place tells it from others."""
    return kind.key(data)[:60] or _by_place("", position)


def twice() -> BrokenRule:
    return BrokenRule(_("This is in the file twice. The first one counts."), code=TWICE)


def _row(run: Run, kind: FileKind, place: int, line: Line) -> RunRow:
    return RunRow(
        portal=run.portal,
        organisation=run.organisation,
        run_id=run.id,
        position=place,
        key=key_of(kind, line, place),
        data=line,
    )


def _by_place(key: str, position: int) -> str:
    return f"{key} ({position})".strip()
