"""The pure rule: replay an item's entries into the segments in which something holds.

Entries are operations, not values: a renewal writes "index 9.1 %" and not a new sum, so that a change found later
for a day before it survives. They are replayed in order of effect, then of arrival; undone ones are left out. Whoever
starts or ends cover has the last word over what was entered before, whatever its day (docs/adr/0008).

A table may leave room for terms that are no columns of its own: what a product asks besides. Each is a term by
itself, `details.seats`, so that a change of one leaves the others alone; the versions hold them in one column
(docs/adr/0028).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain

from remise.core.money import moved

type Value = str | int | bool | Decimal | date | None
type Terms = Mapping[str, Value]
type Schema = Mapping[str, type]  # term -> its type; what is not in it is refused

DETAILS = "details"  # the last term of a schema, with `dict` as its type, that leaves room for others
_DETAIL = f"{DETAILS}."
_DETAIL_TYPES = frozenset({str, int, bool, type(None)})  # what JSON keeps as it is; the product says what it means


class InvalidOperationError(ValueError):
    """An operation names a term the item does not have, or a value of another type."""


@dataclass(frozen=True, slots=True)
class Start:
    """Cover begins with these terms; what held before is forgotten."""

    terms: Terms


@dataclass(frozen=True, slots=True)
class Set:
    """These terms change, the others stay."""

    terms: Terms


@dataclass(frozen=True, slots=True)
class Index:
    """A sum moves by a percentage, rounded half away from zero to the cent."""

    term: str
    percent: Decimal


@dataclass(frozen=True, slots=True)
class End:
    """Cover ends: the entry's first day is the first day without it."""


type Operation = Start | Set | Index | End


@dataclass(frozen=True, slots=True)
class Posting:
    """An entry as the rule sees it. `number` orders arrival; `ends` null = open."""

    number: int
    starts: date
    ends: date | None
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """From `starts` to before `ends` (null = open) these terms hold."""

    starts: date
    ends: date | None
    terms: Terms

    def covers(self, day: date) -> bool:
        return self.starts <= day and (self.ends is None or day < self.ends)


def replay(postings: Iterable[Posting]) -> tuple[Segment, ...]:
    """The segments that follow, in order of day, neighbours with equal terms joined."""
    ordered = sorted(postings, key=lambda posting: (posting.starts, posting.number))
    cuts = sorted({p.starts for p in ordered} | {p.ends for p in ordered if p.ends})
    segments: list[Segment] = []
    for starts, ends in zip(cuts, chain(cuts[1:], [None]), strict=False):
        terms = _terms_on(starts, ordered)
        if terms is None:
            continue
        last = segments[-1] if segments else None
        if last and last.ends == starts and last.terms == terms:
            segments[-1] = Segment(last.starts, ends, terms)
        else:
            segments.append(Segment(starts, ends, terms))
    return tuple(segments)


def _terms_on(day: date, ordered: Sequence[Posting]) -> dict[str, Value] | None:
    covered, since = False, 0  # the entry that last started or ended cover
    terms: dict[str, Value] = {}
    for posting in ordered:
        if posting.starts > day:
            break
        if posting.ends is not None and posting.ends <= day:
            continue
        if posting.number < since:
            continue
        for operation in posting.operations:
            match operation:
                case Start(given):
                    covered, since, terms = True, posting.number, dict(given)
                case Set(given):
                    terms.update(given)
                case Index(term, percent):
                    terms[term] = indexed(terms.get(term), percent)
                case End():
                    covered, since = False, posting.number
    return terms if covered else None


def indexed(amount: Value, percent: Decimal) -> Decimal | None:
    """The amount moved by the percentage; nothing has no index."""
    if amount is None:
        return None
    if not isinstance(amount, Decimal):
        raise InvalidOperationError("only a sum can be indexed")
    return moved(amount, percent)


def encode(operations: Iterable[Operation], schema: Schema) -> list[dict[str, object]]:
    """The operations as JSON, checked against the item's terms: the ledger never stores what it cannot replay."""
    return [_encode_one(operation, schema) for operation in operations]


def _encode_one(operation: Operation, schema: Schema) -> dict[str, object]:
    match operation:
        case Start(terms):
            return {"op": "start", "terms": _encode_terms(terms, schema)}
        case Set(terms):
            return {"op": "set", "terms": _encode_terms(terms, schema)}
        case Index(term, percent):
            if schema.get(term) is not Decimal:
                raise InvalidOperationError(f"{term} is not a sum")
            return {"op": "index", "term": term, "percent": str(percent)}
        case End():
            return {"op": "end"}


def detail(name: str) -> str:
    """The term of something that a product asks besides."""
    return _DETAIL + name


def details_of(terms: Terms) -> dict[str, Value]:
    """What the product asked besides and was answered, by name."""
    length = len(_DETAIL)
    return {term[length:]: value for term, value in terms.items() if value is not None and term.startswith(_DETAIL)}


def _encode_terms(terms: Terms, schema: Schema) -> dict[str, object]:
    for term, value in terms.items():
        kind = schema.get(term)
        if kind is None or kind is dict:
            _check_detail(term, value, schema)
        elif value is not None and type(value) is not kind:
            raise InvalidOperationError(f"{term} is not a {kind.__name__}")
    return {term: _plain(value) for term, value in terms.items()}


def _check_detail(term: str, value: Value, schema: Schema) -> None:
    if DETAILS not in schema or not term.startswith(_DETAIL) or term == _DETAIL:
        raise InvalidOperationError(f"unknown term {term}")
    if type(value) not in _DETAIL_TYPES:
        raise InvalidOperationError(f"{term} is of no type that JSON keeps")


def _plain(value: Value) -> object:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def decode(stored: Iterable[Mapping[str, object]], schema: Schema) -> tuple[Operation, ...]:
    """The inverse of `encode`. An operation that is not known is an error, never a default branch."""
    return tuple(_decode_one(operation, schema) for operation in stored)


def _decode_one(stored: Mapping[str, object], schema: Schema) -> Operation:
    match stored:
        case {"op": "start", "terms": dict(terms)}:
            return Start(_decode_terms(terms, schema))
        case {"op": "set", "terms": dict(terms)}:
            return Set(_decode_terms(terms, schema))
        case {"op": "index", "term": str(term), "percent": str(percent)}:
            return Index(term, Decimal(percent))
        case {"op": "end"}:
            return End()
    raise InvalidOperationError(f"unknown operation {stored!r}")


def _decode_terms(terms: Mapping[str, object], schema: Schema) -> dict[str, Value]:
    room = DETAILS in schema
    return {
        term: _typed(value, str if room and term.startswith(_DETAIL) else schema[term])
        for term, value in terms.items()
    }


def _typed(value: object, kind: type) -> Value:
    if value is None:
        return None
    if kind is Decimal:
        return Decimal(str(value))
    if kind is date:
        return date.fromisoformat(str(value))
    return value  # type: ignore[return-value]  # JSON keeps text, whole numbers and truth values as they are
