"""Sending in a file, mending what it was found to have wrong, and saying that it may be done."""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import batched
from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from remise.core import clock
from remise.core.actor import Actor
from remise.core.errors import BrokenRule, NotVisible
from remise.runs import checking, moves, places, tasks
from remise.runs.actions.steering import held, insert, new_run, sha_of
from remise.runs.checking import TWICE, require_fits
from remise.runs.files import Line, cleaned
from remise.runs.kinds import FileKind, from_file
from remise.runs.models import Run, RunRow
from remise.runs.moves import next_step, record
from remise.runs.selectors import lines_like

MOST_BYTES = 25_000_000  # of a file
TOGETHER = 10_000  # lines that can be done all or none: one transaction of some seconds
WHILE_ONE_WAITS = 10_000  # lines that are looked at anew in one request: some two seconds
LEFT_OUT = "left_out"
WAITED = 3.0  # seconds for what others say of lines: somebody waits, as at the page of one vehicle


@transaction.atomic
def send_file(
    *, by: Actor, kind: str, inputs: Mapping[str, Any], file: IO[bytes], name: str, size: int, again: bool = False
) -> Run:
    """Have a file looked through; nothing else happens before `confirm`. Safe to send again, as `begin_run`."""
    if size > MOST_BYTES:
        raise BrokenRule(
            _("This file is larger than %(most)s MB. Divide it.") % {"most": MOST_BYTES // 1_000_000},
            code="file_too_large",
            field="file",
        )
    run = _new(by, kind, inputs, _digest(file))
    run.source, run.source_name = places.fresh(name or "file"), name[-120:]
    earlier = insert(run, again=again)
    if earlier is not None:
        earlier.sent_before = True
        return earlier
    try:
        stored = default_storage.save(run.source, File(file))
        assert stored == run.source  # its folder is its own
        _begun(by, run)
        next_step(run, tasks.check)
    except BaseException:
        places.remove(run.source)  # no run will know of it
        raise
    return run


@transaction.atomic
def send_lines(
    *,
    by: Actor,
    kind: str,
    inputs: Mapping[str, Any],
    lines: Sequence[Line],
    not_read: Sequence[str] = (),
    whole: bool = False,
    again: bool = False,
) -> Run:
    """The same with lines that were pasted, or came from a program: they are looked through while one waits.
    `not_read`: what stood above them besides, to be told. `whole`: all of it or nothing, unless who confirms it says
    otherwise."""
    found = from_file(kind)
    run = _new(by, kind, inputs, sha_of(by, inputs, [whole, *lines]))
    run.whole, run.not_read = whole, list(not_read)
    require_fits(len(lines), found.most(by, run.inputs), field="lines")
    if not lines:
        raise BrokenRule(_("Paste at least one line."), code="no_rows", field="lines")
    earlier = insert(run, again=again)
    if earlier is not None:
        earlier.sent_before = True
        return earlier
    found.learn(by, [found.key(line) for line in lines], WAITED, nullcontext)
    seen: set[str] = set()
    for start in range(0, len(lines), checking.PART):
        checking.add(run, found, by, lines[start : start + checking.PART], seen)
    _begun(by, run)
    moves.checked(run)
    return run


@transaction.atomic
def mend_row(*, by: Actor, run: int, position: int, data: Line) -> RunRow:
    """Another text for these columns of a line that was looked through, and empty where it is to say nothing; it is
    judged anew, and so is one that was there twice."""
    file, row = _unconfirmed(by, run, position)
    kind = from_file(file.kind)
    known = {column.name for column in kind.columns(by, file.inputs)}
    before, was = row.key, row.data
    cells = row.data | {name: cleaned(text) for name, text in data.items()}
    row.data = {name: text for name, text in cells.items() if name in known and text}
    row.key = checking.key_of(kind, row.data, row.position)
    if row.key != before and RunRow.objects.filter(run=file, key=row.key).exists():
        row.key = f"{row.key} ({row.position})"
        moves.say(row, RunRow.Verdict.WRONG, checking.twice())
    else:
        kind.learn(by, [row.key], WAITED, nullcontext)
        checking.judge(file, kind, by, [row])
    row.save(update_fields=["data", "key", *moves.SAID])
    if row.key != before:
        _no_longer_twice(file, kind, by, before)
    _count(file)
    changed = sorted(name for name in known if row.data.get(name) != was.get(name))
    record("run.line_mended", by, file, after={"line": position, "columns": changed})
    return row


@dataclass(frozen=True, slots=True)
class Mended:
    """How many lines were looked at anew, how many of these can be done now, and how many that have the same problem
    were not reached."""

    lines: int
    able: int
    left: int


@transaction.atomic
def mend_alike(*, by: Actor, run: int, position: int, text: str) -> Mended:
    """Another text on every line that has the problem of this one, where that problem is, as far as they go while one
    waits; nothing where it is mended already."""
    file, row = _unconfirmed(by, run, position)
    kind, said = from_file(file.kind), cleaned(text)
    if row.verdict != RunRow.Verdict.WRONG:
        return Mended(0, 0, 0)
    if not any(column.name == row.field and not column.is_own for column in kind.columns(by, file.inputs)):
        raise NotVisible(_("This column cannot be mended on many lines at once."))
    if not said:
        raise BrokenRule(_("Choose or fill in what is to stand on these lines."), code="required", field="text")
    like = lines_like(row)
    count, rows = like.count(), list(like.order_by("position")[:WHILE_ONE_WAITS])
    for one in rows:
        one.data = {**one.data, row.field: said}
    for part in batched(rows, checking.PART):
        checking.judge(file, kind, by, part)
        moves.keep_mended(part)
    _count(file)
    record("run.line_mended", by, file, after={"lines": len(rows), "columns": [row.field]})
    return Mended(len(rows), sum(one.verdict == RunRow.Verdict.PENDING for one in rows), count - len(rows))


@transaction.atomic
def leave_out(*, by: Actor, run: int, position: int) -> RunRow:
    """This line is not to be done."""
    file, row = _unconfirmed(by, run, position)
    before, row.key = row.key, f"{row.key[:60]} ({row.position}) -"
    moves.say(row, RunRow.Verdict.REFUSED, BrokenRule(_("You left this out."), code=LEFT_OUT))
    row.save(update_fields=["key", *moves.SAID])
    _no_longer_twice(file, from_file(file.kind), by, before)
    _count(file)
    record("run.line_left_out", by, file, after={"line": position})
    return row


@transaction.atomic
def confirm(*, by: Actor, run: int, whole: bool | None = None) -> Run:
    """Do what can be done; `whole`: all of it or nothing, by itself as it was asked when it was sent. What is not
    right yet is refused with what was found."""
    file = held(by, run)
    whole = file.whole if whole is None else whole
    if file.state != Run.State.CHECKED:
        if file.confirmed_at is not None:
            return file  # pressed twice
        moves.move(file, Run.State.WAITING)
    if not file.able:
        raise BrokenRule(_("No line can be done yet."), code="nothing_able")
    if whole and file.wrong:
        raise BrokenRule(
            _("All or none: mend the lines that are not right yet, or leave them out."), code="not_all_right"
        )
    if whole and file.able > TOGETHER:
        raise BrokenRule(
            _("All or none is possible for at most %(most)s lines.") % {"most": TOGETHER}, code="too_many_together"
        )
    wrong = RunRow.objects.filter(run=file, verdict=RunRow.Verdict.WRONG)
    wrong.update(verdict=RunRow.Verdict.REFUSED)
    moves.move(file, Run.State.WAITING)
    file.refused, file.wrong, file.whole = file.refused + file.wrong, 0, whole
    file.message, file.confirmed_at = "", clock.now(by)
    next_step(file, tasks.advance)
    record("run.confirmed", by, file, after={"rows": file.rows, "refused": file.refused})
    return file


def _new(by: Actor, kind: str, inputs: Mapping[str, Any], sha: str) -> Run:
    run = new_run(by, kind, inputs, sha_of(by, inputs, sha))
    run.state = Run.State.CHECKING
    return run


def _digest(file: IO[bytes]) -> str:
    """Read in parts, and wound back."""
    digest = hashlib.sha256()
    while part := file.read(1_000_000):
        digest.update(part)
    file.seek(0)
    return digest.hexdigest()


def _begun(by: Actor, run: Run) -> None:
    record("run.begun", by, run, after={"kind": run.kind, "rows": run.rows})


def _unconfirmed(by: Actor, number: int, position: int) -> tuple[Run, RunRow]:
    file = _checked(by, number)
    row = RunRow.objects.filter(run=file, position=position).exclude(code=LEFT_OUT).first()
    if row is None:
        raise NotVisible(_("This line does not exist."))
    return file, row


def _checked(by: Actor, number: int) -> Run:
    """Locked, so that two who mend it count one after the other."""
    file = held(by, number)
    if file.state != Run.State.CHECKED:
        raise moves.IllegalMove(_("This was begun already: its lines can no longer be mended."))
    return file


def _no_longer_twice(file: Run, kind: FileKind, by: Actor, key: str) -> None:
    """The line that had this key has it no longer: the first of those that came after takes its place."""
    again = RunRow.objects.filter(run=file, code=TWICE).order_by("position")
    for row in again:
        if checking.key_of(kind, row.data, row.position) == key:
            row.key = key
            checking.judge(file, kind, by, [row])
            row.save(update_fields=["key", *moves.SAID])
            return


def _count(file: Run) -> None:
    rows = RunRow.objects.filter(run=file)
    file.wrong = rows.filter(verdict=RunRow.Verdict.WRONG).count()
    file.refused = rows.filter(verdict=RunRow.Verdict.REFUSED).count()
    file.save(update_fields=["wrong", "refused"])
