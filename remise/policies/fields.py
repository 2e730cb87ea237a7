"""What is typed in a product's own fields, read and shown: pure, the same for a page, a program and a file.

A value is what the ledger keeps (docs/adr/0028): a whole number, yes or no, or a text; of a choice its value, of an
amount its digits with cents, of a day its ISO date, of a party the name that was given.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from remise.core.errors import BrokenRule
from remise.core.identifiers import IdentifierError
from remise.core.money import parse_euros
from remise.policies.rules import FieldKind, FieldRule
from remise.ui.components.forms import introducing
from remise.ui.formats import amount, in_language, number
from remise.ui.formats import day as shown_day

type Given = str | int | bool | None

LONGEST_NAME = 160  # of a party
# What a person, a program and a spreadsheet write.
YES = frozenset({"yes", "ja", "j", "y", "true", "waar", "wahr", "1", "x"})
NO = frozenset({"no", "nee", "nein", "n", "false", "onwaar", "falsch", "0"})
_WHOLE = re.compile(r"-?[0-9]{1,15}")
_THOUSANDS = re.compile(r"-?[1-9][0-9]{0,2}(?:[. ,][0-9]{3})+")
_DAY = re.compile(r"([0-9]{1,2})([-./])([0-9]{1,2})\2([0-9]{4})")
FIRST_YEAR, LAST_YEAR = 1900, 2100  # a date outside is a mistake of typing


def read_field(field: FieldRule, text: str) -> Given:
    """The value that this text gives, or None where it is left open; raises a BrokenRule beside the field."""
    typed = text.strip()
    if typed:
        return _READ[field.kind](field, typed)
    if field.required:
        raise _wrong(field, "required", _("Fill it in."))
    return None


def with_label(field: FieldRule, refusal: BrokenRule) -> BrokenRule:
    """The same for who reads it elsewhere than beside the field."""
    return BrokenRule(f"{introducing(label(field))} {refusal.message}", code=refusal.code, field=field.name)


def label(field: FieldRule) -> str:
    return in_language(field.labels)


def shown(field: FieldRule, value: Given) -> str:
    """In the reader's words; empty where nothing was filled in. A party's number is not for here."""
    if value is None or value == "":
        return ""
    match field.kind:
        case FieldKind.CHOICE:
            return in_language(field.labels_of(str(value)))
        case FieldKind.NUMBER:
            unit = in_language(field.units) if field.units else ""
            return f"{number(int(value))} {unit}".strip()
        case FieldKind.MONEY:
            return amount(Decimal(value))
        case FieldKind.YES_NO:
            return _("yes") if value else _("no")
        case FieldKind.DATE:
            return shown_day(date.fromisoformat(str(value)))
        case FieldKind.TEXT | FieldKind.PARTY:
            return str(value)


def as_typed(field: FieldRule, text: str) -> str:
    """What was typed, as it would be shown; as it stands where it cannot be read any more."""
    try:
        return shown(field, read_field(field, text))
    except BrokenRule:
        return text


def as_cell(field: FieldRule, value: Given) -> str | int | Decimal | date | None:
    """As a spreadsheet counts with it; a choice, and yes or no, in words."""
    if value is None or value == "":
        return None
    match field.kind:
        case FieldKind.NUMBER:
            return int(value)
        case FieldKind.MONEY:
            return Decimal(value)
        case FieldKind.DATE:
            return date.fromisoformat(str(value))
        case _:
            return shown(field, value)


def limits(field: FieldRule) -> str:
    """What may be filled in, in words: for who reads the rules of a product."""
    match field.kind:
        case FieldKind.CHOICE:
            return ", ".join(in_language(labels) for _value, labels in field.choices)
        case FieldKind.TEXT:
            return _("a text of at most %(longest)s characters") % {"longest": field.longest}
        case FieldKind.NUMBER | FieldKind.MONEY:
            return _range(field)
        case FieldKind.YES_NO:
            return _("yes or no")
        case FieldKind.DATE:
            return _("a day")
        case FieldKind.PARTY:
            return _("the name of a person or company")


def _range(field: FieldRule) -> str:
    said = {
        "least": "" if field.least is None else _counted(field, field.least),
        "most": "" if field.most is None else _counted(field, field.most),
    }
    if said["least"] and said["most"]:
        return _("from %(least)s to %(most)s") % said
    if said["least"]:
        return _("%(least)s or more") % said
    if said["most"]:
        return _("%(most)s or less") % said
    return _("an amount in euros") if field.kind is FieldKind.MONEY else _("a whole number")


def _counted(field: FieldRule, value: Decimal) -> str:
    return shown(field, str(value) if field.kind is FieldKind.MONEY else int(value))


def _choice(field: FieldRule, typed: str) -> Given:
    found = field.spellings.get(typed.casefold())
    if found is None:
        raise _wrong(field, "invalid_choice", _("Choose one of the options."))
    return found


def _text(field: FieldRule, typed: str, longest: int | None = None) -> Given:
    most = longest or field.longest
    if len(typed) > most:
        message = _("At most %(longest)s characters fit, and this has %(length)s.")
        raise _wrong(field, "max_length", message, longest=most, length=len(typed))
    if not typed.isprintable():
        raise _wrong(field, "unreadable", _("This holds characters that no screen shows."))
    return typed


def _party(field: FieldRule, typed: str) -> Given:
    return _text(field, typed, LONGEST_NAME)


def _number(field: FieldRule, typed: str) -> Given:
    plain = typed
    if _THOUSANDS.fullmatch(typed):
        plain = re.sub(r"[. ,]", "", typed)
    elif typed.endswith((".0", ",0")):  # a spreadsheet's whole number
        plain = typed[:-2]
    if not _WHOLE.fullmatch(plain):
        raise _wrong(field, "number", _("Type a whole number, such as 12."))
    value = int(plain)
    _within(field, Decimal(value))
    return value


def _money(field: FieldRule, typed: str) -> Given:
    try:
        value = parse_euros(typed)
    except IdentifierError as error:
        raise BrokenRule(str(error), code=error.code, field=field.name) from error
    _within(field, value)
    return str(value)


def _within(field: FieldRule, value: Decimal) -> None:
    if field.least is not None and value < field.least:
        raise _wrong(field, "too_low", _("Not less than %(least)s."), least=_counted(field, field.least))
    if field.most is not None and value > field.most:
        raise _wrong(field, "too_high", _("Not more than %(most)s."), most=_counted(field, field.most))


def _yes_no(field: FieldRule, typed: str) -> Given:
    word = typed.casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    raise _wrong(field, "yes_no", _("Answer with yes or no."))


def _date(field: FieldRule, typed: str) -> Given:
    try:
        if found := _DAY.fullmatch(typed):
            value = date(int(found[4]), int(found[3]), int(found[1]))
        else:
            value = date.fromisoformat(typed[:10] if typed.endswith(" 00:00:00") else typed)
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise ValueError(value)
    except ValueError:
        message = _("Type a day, such as 2027-12-31 or 31-12-2027.")
        raise _wrong(field, "day", message) from None
    return value.isoformat()


def _wrong(field: FieldRule, code: str, message: str, **said: object) -> BrokenRule:
    return BrokenRule(message % said, code=code, field=field.name)


_READ: Mapping[FieldKind, Callable[[FieldRule, str], Given]] = {
    FieldKind.CHOICE: _choice,
    FieldKind.PARTY: _party,
    FieldKind.TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.MONEY: _money,
    FieldKind.YES_NO: _yes_no,
    FieldKind.DATE: _date,
}
