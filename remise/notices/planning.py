"""What the register has still to be told: the cover that the ledger says, less what the register will know once all
that is under way has arrived. Pure; replaying the notices that were accepted gives the ledger's cover."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from remise.core.ledger.operations import Segment
from remise.notices.rules import Kind


@dataclass(frozen=True, slots=True)
class Cover:
    """From `starts` to before `ends` (null = open); the check code is the newest one known."""

    starts: date
    ends: date | None
    check_code: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """What one notice tells of the cover that begins on `starts`."""

    kind: Kind
    starts: date
    ends: date | None
    check_code: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """A notice that there is. `arrives`: the register has it, or may get it any moment. One that does not arrive
    waits in the house, or came back refused, and can still be taken back."""

    number: int
    said: Said
    arrives: bool
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    withdraw: tuple[int, ...] = ()  # nothing needs them any more
    replace: tuple[int, ...] = ()  # refused ones, instead of which others go
    write: tuple[Said, ...] = ()  # in the order in which they are told

    def __bool__(self) -> bool:
        return bool(self.withdraw or self.replace or self.write)


def covers(segments: Iterable[Segment]) -> list[Cover]:
    """What the register keeps: days, and no terms. Where one cover follows another at once, they are one."""
    found: list[Cover] = []
    for segment in segments:
        code = segment.terms.get("check_code")
        last = found[-1] if found else None
        begins = last.starts if last is not None and last.ends == segment.starts else segment.starts
        if last is not None and begins == last.starts:
            found.pop()
        found.append(Cover(begins, segment.ends, None if code is None else str(code)))
    return found


def replay(told: Iterable[Said]) -> list[Cover]:
    """What a register that took all of these holds."""
    held: dict[date, Cover] = {}
    for said in told:
        match said.kind:
            case Kind.START | Kind.CORRECT:
                held[said.starts] = Cover(said.starts, said.ends, said.check_code)
            case Kind.END:
                held[said.starts] = Cover(said.starts, said.ends, held[said.starts].check_code)
            case Kind.ANNUL:
                del held[said.starts]
    return [held[starts] for starts in sorted(held)]


def plan(wanted: Sequence[Cover], told: Sequence[Told]) -> Plan:
    """`told` in the order in which they were written."""
    missing = list(_missing(wanted, replay(each.said for each in told if each.arrives)))
    withdraw, replace, kept = [], [], 0
    for each in told:
        if each.arrives:
            continue
        # One stays where it stands if nothing has to be told before it: it waits already, or the desk is at it.
        if missing[kept : kept + 1] == [each.said]:
            kept += 1
        elif each.refused and any(said.starts == each.said.starts for said in missing[kept:]):
            replace.append(each.number)
        else:
            withdraw.append(each.number)
    return Plan(tuple(withdraw), tuple(replace), tuple(missing[kept:]))


def _missing(wanted: Sequence[Cover], held: Sequence[Cover]) -> Iterable[Said]:
    """What is no cover goes first, and what is new comes last: at no moment does the register hold two at once."""
    by_day, kept = {cover.starts: cover for cover in wanted}, {cover.starts for cover in held}
    for cover in held:
        if cover.starts not in by_day:
            yield Said(Kind.ANNUL, cover.starts, None, None)
    for cover in held:
        now = by_day.get(cover.starts)
        if now is not None and now != cover:
            yield _change(cover, now)
    for cover in wanted:
        if cover.starts not in kept:
            yield Said(Kind.START, cover.starts, None, cover.check_code)
            if cover.ends is not None:
                yield Said(Kind.END, cover.starts, cover.ends, None)


def _change(was: Cover, now: Cover) -> Said:
    if was.ends is None and now.ends is not None and was.check_code == now.check_code:
        return Said(Kind.END, now.starts, now.ends, None)
    return Said(Kind.CORRECT, now.starts, now.ends, now.check_code)
