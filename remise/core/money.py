"""Euros and cents. Decimal with two places, rounded half away from zero; nothing about money is a float."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from math import floor
from typing import Self

from babel.numbers import format_currency
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from remise.core.identifiers.text import IdentifierError

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
# Wider than any amount, so that rounding happens where it is asked for and nowhere else.
_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)
_LIMIT = Decimal(10) ** 23

type Exact = Decimal | Fraction | int


def cents(value: Decimal | int) -> Decimal:
    """`value` rounded to the cent, half away from zero. Floats are refused: their cents are already lost."""
    if not isinstance(value, Decimal | int) or isinstance(value, bool):
        raise TypeError(f"money is Decimal or int, not {type(value).__name__}")
    amount = Decimal(value)
    if not amount.is_finite() or abs(amount) >= _LIMIT:
        raise ValueError("money is a finite number of less than 24 digits")
    return _WIDE.add(_WIDE.quantize(amount, CENT), ZERO)  # adding turns -0.00 into 0.00


def moved(amount: Decimal, percent: Decimal) -> Decimal:
    """The amount with so many percent more, or less, in whole cents."""
    return cents(_WIDE.multiply(amount, _WIDE.add(100, percent)).scaleb(-2, _WIDE))


@dataclass(frozen=True, slots=True)
class Money:
    """An amount with its insurance tax, in whole cents. `gross` is their sum, so the three always agree."""

    net: Decimal
    tax: Decimal = ZERO

    def __post_init__(self) -> None:
        for name in ("net", "tax"):
            given = getattr(self, name)
            rounded = cents(given)
            if rounded != given:
                raise ValueError(f"{name} has more than two places: round it where the rule says so")
            object.__setattr__(self, name, rounded)

    @classmethod
    def from_net(cls, net: Decimal, rate: Decimal) -> Self:
        """Add tax at `rate` (0.21 for 21 %)."""
        return cls(net, cents(_WIDE.multiply(net, rate)))

    @classmethod
    def from_gross(cls, gross: Decimal, rate: Decimal) -> Self:
        """Take the tax at `rate` out of an amount that includes it."""
        net = cents(_WIDE.divide(gross, 1 + rate))
        return cls(net, _WIDE.subtract(gross, net))

    @property
    def gross(self) -> Decimal:
        return _WIDE.add(self.net, self.tax)

    def __add__(self, other: "Money") -> "Money":
        return Money(_WIDE.add(self.net, other.net), _WIDE.add(self.tax, other.tax))

    def __sub__(self, other: "Money") -> "Money":
        return self + -other

    def __neg__(self) -> "Money":
        return Money(_WIDE.minus(self.net), _WIDE.minus(self.tax))

    def __bool__(self) -> bool:
        return bool(self.net or self.tax)


def split(total: Decimal, weights: Sequence[Exact]) -> tuple[Decimal, ...]:
    """Divide `total` (whole cents) in proportion to `weights` (>= 0, not all 0); the parts add up exactly."""
    exact = [_exact(weight) for weight in weights]
    if any(weight < 0 for weight in exact) or not sum(exact):
        raise ValueError("weights are zero or more, and not all zero")
    return allot([_exact(total) * weight / sum(exact) for weight in exact])


def allot(shares: Sequence[Exact]) -> tuple[Decimal, ...]:
    """Round exact shares, of either sign, to cents that add up to their sum, itself in whole cents.

    Largest remainder with the sign turned to the total: each share is floored, the cents left over go to the
    largest remainders, ties in the order given. A share in whole cents never receives one.
    """
    exact = [_exact(share) * 100 for share in shares]
    total = sum(exact, Fraction(0))
    if total.denominator != 1:
        raise ValueError("the shares do not add up to whole cents")
    sign = -1 if total < 0 else 1
    parts = [floor(sign * share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: parts[i] - sign * exact[i])
    for i in by_remainder[: int(sign * total) - sum(parts)]:
        parts[i] += 1
    return tuple(_WIDE.add(_WIDE.multiply(sign * part, CENT), ZERO) for part in parts)


def _exact(value: Exact) -> Fraction:
    if not isinstance(value, Decimal | Fraction | int) or isinstance(value, bool):
        raise TypeError(f"money is Decimal, Fraction or int, not {type(value).__name__}")
    return Fraction(value)


def format_euros(value: Decimal, language: str | None = None) -> str:
    """As people of that language write it: `€ 1.234,56`; without `language` in that of the page."""
    return format_currency(cents(value), "EUR", locale=(language or get_language() or "en").replace("-", "_"))


# A comma or dot before one or two last digits is the decimal mark; before three it parts thousands. One comma
# before three digits is left out: a Dutch and an English reader would disagree by a factor of a thousand.
_PLAIN = r"(?P<whole>[0-9]{1,15})(?:[.,](?P<places>[0-9]{1,2}))?"
_DUTCH = r"(?P<whole>[1-9][0-9]{0,2}(?:[. ][0-9]{3}){1,4})(?:,(?P<places>[0-9]{1,2}))?"
_ENGLISH = r"(?P<whole>[1-9][0-9]{0,2}(?:,[0-9]{3}){1,4})\.(?P<places>[0-9]{1,2})"
_ENGLISH_LARGE = r"(?P<whole>[1-9][0-9]{0,2}(?:,[0-9]{3}){2,4})(?P<places>)"
_AMOUNTS = tuple(re.compile(p, re.ASCII) for p in (_PLAIN, _DUTCH, _ENGLISH, _ENGLISH_LARGE))


def parse_euros(text: str) -> Decimal:
    """Read an amount of zero or more: `10000`, `10.000`, `€ 10.000,00` and `10.000,-` are all 10,000."""
    bare = re.sub(r"\s+", " ", text).strip()
    bare = re.sub(r"^(€|EUR) ?| ?(€|EUR)$", "", bare, flags=re.IGNORECASE)
    bare = re.sub(r"[.,][-–—]{1,2}$", "", bare)
    for pattern in _AMOUNTS:
        if match := pattern.fullmatch(bare):
            return cents(Decimal(f"{re.sub('[^0-9]', '', match['whole'])}.{match['places'] or '0'}"))
    if re.fullmatch(r"[0-9]+,[0-9]{3}", bare, re.ASCII):
        message = _("We cannot tell whether this is thousands or cents. Write 10000 or 10.000,00.")
        raise IdentifierError(message, code="ambiguous")
    raise IdentifierError(_("This is not an amount in euros. Write it like 1.234,56."), code="amount")
