"""The same as files: a batch to upload, and the register's answers to take in. Semicolons, UTF-8, a line a notice."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO

from django.utils.translation import gettext as _

from remise.core.errors import BrokenRule
from remise.notices.register.protocol import Told

HEADER = ("line", "kind", "plate", "check_code", "kvk", "insurer", "policy", "starts", "ends")
ANSWER = ("batch", "line", "verdict", "code", "words")
VERDICTS = {"accepted": True, "rejected": False}
MOST_BYTES = 5_000_000
MOST_MISTAKES = 50  # told at once


@dataclass(frozen=True, slots=True)
class Line:
    """What the register says of one line of a batch."""

    line: int
    accepted: bool
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Mistake:
    """A line of the answer that cannot be read, by its number in the file."""

    number: int
    why: str


@dataclass(frozen=True, slots=True)
class AnswerFile:
    lines: Sequence[Line]
    mistakes: Sequence[Mistake]


def written(insurer_code: str, number: int, notices: Iterable[Told]) -> str:
    """The file of a batch."""
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(["batch", number, insurer_code])
    writer.writerow(HEADER)
    for line, told in enumerate(notices, start=1):
        row = (told.plate, told.check_code, told.kvk, told.insurer, told.policy, told.starts, told.ends)
        writer.writerow([line, told.kind.value, *("" if value is None else str(value) for value in row)])
    return text.getvalue()


def read(content: bytes, *, number: int, size: int) -> AnswerFile:
    """The answers for batch `number` of `size` lines. What can be read is taken, the rest is told by line; a file
    that is no such file at all is refused."""
    rows = _rows(content)
    if not rows or tuple(cell.strip().lower() for cell in rows[0]) != ANSWER:
        raise BrokenRule(
            _("This is no answer of the register. Its first line must be: %(header)s.")
            % {"header": ";".join(ANSWER)},
            code="no_answer_file",
            field="file",
        )
    lines: list[Line] = []
    mistakes: list[Mistake] = []
    for place, row in enumerate(rows[1:], start=2):
        if not any(row):
            continue
        why = _wrong(row, number, size)
        if why:
            mistakes.append(Mistake(place, why))
        else:
            lines.append(
                Line(int(row[1]), VERDICTS[row[2].strip().lower()], row[3][:20].strip(), row[4][:200].strip())
            )
    return AnswerFile(lines, mistakes[:MOST_MISTAKES])


def _rows(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
        return [] if "\0" in text else list(csv.reader(StringIO(text, newline=""), delimiter=";"))
    except (UnicodeDecodeError, csv.Error):
        return []


def _wrong(row: Sequence[str], number: int, size: int) -> str:
    if len(row) != len(ANSWER):
        return _("This line has %(found)s columns instead of %(wanted)s.") % {
            "found": len(row),
            "wanted": len(ANSWER),
        }
    batch, line, verdict, *_rest = (cell.strip() for cell in row)
    if batch != str(number):
        return _("This line is about batch %(found)s, and not about %(number)s.") % {
            "found": batch[:20],
            "number": number,
        }
    if not (line.isascii() and line.isdigit() and len(line) < 9 and 1 <= int(line) <= size):
        return _("This batch has no line %(line)s.") % {"line": line[:20]}
    if verdict.lower() not in VERDICTS:
        return _("The verdict must be accepted or rejected, and not “%(found)s”.") % {"found": verdict[:20]}
    return ""
