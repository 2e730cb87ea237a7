"""Columns of values as PostgreSQL's array literals: thousands of rows in one statement. The driver's own conversion
of lists, element by element, took half of the time of a bulk change."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from json import dumps

from remise.core.ledger.operations import Value

type Element = Value | dict[str, Value] | list[dict[str, object]]  # a moment is a day too


def array(values: Iterable[Element]) -> str:
    """To be cast where it is used: `%s::date[]`. A list or mapping becomes JSON."""
    return "{" + ",".join([_WRITTEN[type(value)](value) for value in values]) + "}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class _Ways(dict[type, Callable[..., str]]):
    """What is of no kind here is an error, and never written some other way; what is a sort of one of them (a choice,
    a text that is safe to show) is written as that one."""

    def __missing__(self, kind: type) -> Callable[..., str]:
        for base in kind.__mro__[1:]:
            if base in self:
                return self.setdefault(kind, self[base])
        raise KeyError(kind)


_WRITTEN = _Ways(
    {
        type(None): lambda _null: "NULL",
        str: _quoted,
        int: str,
        bool: str,
        Decimal: str,
        date: str,
        datetime: str,
        list: lambda operations: _quoted(dumps(operations)),
        dict: lambda details: _quoted(dumps(details)) if details else '"{}"',
    }
)
