"""When a vehicle may come on a policy and go off it: pure functions that raise a BrokenRule worded for the user."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from remise.core.errors import BrokenRule, Remedy
from remise.core.identifiers import CheckCode, Plate
from remise.core.ledger.operations import Segment
from remise.core.rights import Right
from remise.fleet.findings import FindingKind
from remise.fleet.remedies import RequestName
from remise.fleet.rights import UnderwritingRight
from remise.policies.cover import joined
from remise.policies.rules import Limit, Misfit, ProductRules, Unfit, Window, registering_window, unfit
from remise.ui.formats import amount, money, number
from remise.ui.formats import day as shown_day
from remise.vehicles import values
from remise.vehicles.rules import KINDS, in_words


def check_code_given(plate: Plate, check_code: CheckCode | None) -> None:
    if plate.needs_check_code and check_code is None:
        raise BrokenRule(
            _("Fill in the check code: the last four characters of the chassis number, on the registration card."),
            code="check_code_missing",
            field="check_code",
        )


# A guard against a comma in the wrong place, and no rule of the trade.
HIGHEST_VALUE = Decimal(5_000_000)
# Who can lift a limit of days. What is not in here nobody lifts.
LIFTED_BY: Mapping[Limit, UnderwritingRight] = {
    Limit.TOO_LONG_AGO: UnderwritingRight.ALLOW_LATE,
    Limit.BEFORE_NAME_DATE: UnderwritingRight.ALLOW_LATE,
}


def day_allowed(
    window: Window,
    day: date,
    *,
    today: date,
    rules: ProductRules,
    request_kind: RequestName | None = RequestName.LATE_REGISTRATION,
    lifting: Collection[Right] = (),
) -> None:
    """`request_kind`: by which the desk is asked, where it can be; `lifting` are the rights with which it decides on
    a customer's request of this kind."""
    broken = window.broken_by(day)
    if broken is None or LIFTED_BY.get(broken) in lifting:
        return
    remedy = Remedy(_("Ask the desk"), request_kind) if request_kind and broken in LIFTED_BY else None
    raise BrokenRule(_limit_message(broken, window, day, today, rules), code=broken, field="day", remedy=remedy)


def asks_the_desk(window: Window, day: date, *, today: date, rules: ProductRules) -> bool:
    """Is this a day that the desk may allow? False where it needs no desk; a limit that nobody lifts is refused."""
    broken = window.broken_by(day)
    if broken is not None and broken not in LIFTED_BY:
        raise BrokenRule(_limit_message(broken, window, day, today, rules), code=broken, field="day")
    return broken is not None


def limit_words(window: Window, day: date, *, today: date, rules: ProductRules) -> str:
    """The limit that this day breaks, as who chose it was told; empty where it breaks none."""
    broken = window.broken_by(day)
    return "" if broken is None else _limit_message(broken, window, day, today, rules)


def _limit_message(broken: Limit, window: Window, day: date, today: date, rules: ProductRules) -> str:
    if broken is Limit.BEFORE_NAME_DATE:
        return _("The vehicle is in its owner's name since %(day)s. Cover cannot start before that day.") % {
            "day": shown_day(window.earliest)
        }
    if broken is Limit.TOO_FAR_AHEAD:
        return _("This is too far ahead. The last day you can choose is %(day)s.") % {"day": shown_day(window.latest)}
    back = (today - day).days
    if window.earliest == today:
        return _("Going back is no longer possible for this vehicle: the limit was %(limit)s days.") % {
            "limit": rules.back_date_days
        }
    return ngettext(
        "%(back)s day back is no longer possible online: the limit is %(limit)s days.",
        "%(back)s days back is no longer possible online: the limit is %(limit)s days.",
        back,
    ) % {"back": number(back), "limit": rules.back_date_days}


def only_what_is_asked(rules: ProductRules, details: Collection[str]) -> None:
    """`details`: the names of what was filled in besides."""
    unknown = set(details) - {field.name for field in rules.fields}
    if unknown:
        raise BrokenRule(
            _("This policy does not ask for: %(fields)s.") % {"fields": ", ".join(sorted(unknown))},
            code="unknown_field",
        )


def vehicle_fits(
    rules: ProductRules, plate: Plate, kind: str, *, sure: bool = False, lifting: Collection[Right] = ()
) -> None:
    """Is the product for such a vehicle? `kind` as the register says it, empty while it says nothing. `sure`: it was
    asked, and somebody said that it is right; `lifting` as in `day_allowed`."""
    found = unfit(rules, is_trade=plate.is_trade, kind=kind)
    is_asked = found is Unfit.KIND and rules.other_kinds is Misfit.ASKED
    if found is None or UnderwritingRight.ALLOW_LATE in lifting or (is_asked and sure):
        return
    words = unfit_words(found, rules, plate, kind)
    if is_asked:
        raise BrokenRule(words, code=KIND_DOUBTFUL, field="plate")
    raise BrokenRule(words, code=found, field="plate", remedy=Remedy(_("Ask the desk"), RequestName.VEHICLE_KIND))


KIND_DOUBTFUL = "kind_doubtful"


def unfit_words(found: Unfit, rules: ProductRules, plate: Plate, kind: str) -> str:
    said = {"plate": plate.formatted, "kind": in_words(kind, KINDS), "kinds": kinds_in_words(rules.kinds)}
    match found:
        case Unfit.TRADE_PLATE:
            return _("%(plate)s is a trade plate, and this policy is not for trade plates.") % said
        case Unfit.NO_TRADE_PLATE:
            return _("%(plate)s is no trade plate, and this policy is for trade plates only.") % said
        case Unfit.KIND:
            return _("The register calls %(plate)s a %(kind)s, and this policy is for: %(kinds)s.") % said


def kinds_in_words(kinds: Collection[str]) -> str:
    return ", ".join(sorted(in_words(kind, KINDS) for kind in kinds))


def policy_in_force(number: str, starts: date, ends: date | None, day: date) -> None:
    if day < starts or (ends is not None and day >= ends):
        raise BrokenRule(
            _("Policy %(number)s is not in force on %(day)s.") % {"number": number, "day": shown_day(day)},
            code="policy_not_in_force",
            field="day",
        )


def not_covered_from(plate: Plate, timeline: Sequence[Segment], starts: date) -> None:
    for segment in covers(timeline):
        if segment.ends is None or segment.ends > starts:
            raise BrokenRule(
                _("%(plate)s is already insured on this policy, since %(day)s.")
                % {"plate": plate.formatted, "day": shown_day(segment.starts)},
                code="already_registered",
                field="plate",
            )


def running_cover(plate: Plate, timeline: Sequence[Segment], *, day: date, ends: date) -> Segment:
    """The cover that ends: the last one, when it is open or runs past the end that is given."""
    last = covers(timeline)[-1] if timeline else None
    if last is None or (last.ends is not None and last.ends <= ends):
        raise no_longer_insured(plate)
    if ends < last.starts or (ends == last.starts and day < last.starts):
        raise BrokenRule(
            _("%(plate)s is insured since %(day)s: the end cannot be before that.")
            % {"plate": plate.formatted, "day": shown_day(last.starts)},
            code="ends_before_start",
            field="day",
        )
    return last


def no_longer_insured(plate: Plate) -> BrokenRule:
    return BrokenRule(
        _("%(plate)s is no longer insured on this policy.") % {"plate": plate.formatted}, code="not_registered"
    )


def nothing_changes() -> BrokenRule:
    return BrokenRule(_("Nothing changes: fill in what is to become different."), code="nothing_changes")


def value_allowed(value: Decimal) -> None:
    """A euro at least, in cents, and no more than a vehicle costs: a comma too far right is a typing mistake."""
    if not 1 <= value <= HIGHEST_VALUE or value != value.quantize(Decimal("0.01")):
        raise BrokenRule(
            _("Give a value in euros between 1 and %(highest)s.") % {"highest": money(HIGHEST_VALUE, "whole")},
            code="value_out_of_range",
            field="value",
        )


class DoubtfulValue(BrokenRule):
    """The value can be right, and looks like a slip: who says so once more gets it. `meant` is what it may have
    been."""

    code = "value_doubtful"

    def __init__(self, message: str, value: Decimal, meant: Decimal | None) -> None:
        super().__init__(message, field="value")
        self.value = value
        self.meant = meant


@dataclass(frozen=True, slots=True)
class KnownOfValue:
    """What another value is held against: the one that holds now, and what kind of vehicle it is of."""

    value: Decimal | None
    kind: str
    first_admitted_on: date | None


def value_likely(value: Decimal, known: KnownOfValue, *, on: date) -> None:
    """Ask before a value is taken that the register itself would not be believed (`vehicles.values`, a dated table),
    or that is far from the one known now: for the desk as for the customer. Raises DoubtfulValue."""
    doubt = partial(
        values.doubt, kind=known.kind, first_admitted_on=known.first_admitted_on, typical=known.value, on=on
    )
    found = doubt(value)
    if found is None:
        return
    is_filler = found is values.Doubt.PLACEHOLDER and value >= values.LEAST
    likely = None if is_filler else values.meant(value, lambda other: doubt(other) is None)
    parts = [_how_doubtful(found, value, known.value) % {"value": amount(value)}]
    if known.value:
        parts.append(_("The catalogue value is %(known)s now.") % {"known": amount(known.value)})
    if likely:
        parts.append(_("Do you mean %(meant)s?") % {"meant": amount(likely)})
    raise DoubtfulValue(" ".join(parts), value, likely)


def _how_doubtful(found: values.Doubt, value: Decimal, known: Decimal | None) -> str:
    if found is values.Doubt.TOO_HIGH or (known is not None and value > known):
        return _("%(value)s is very much for this vehicle.")
    if found is values.Doubt.PLACEHOLDER and value >= values.LEAST:
        return _("%(value)s looks like a number that was typed to fill the field.")
    return _("%(value)s is very little for this vehicle.")


def cover_on(plate: Plate, timeline: Sequence[Segment], day: date) -> Segment:
    """The cover that runs on this day or begins later: from its first day, with the terms that hold last."""
    last = covers(timeline)[-1] if timeline else None
    if last is None or (last.ends is not None and last.ends <= day):
        raise no_longer_insured(plate)
    return last


def covers(timeline: Sequence[Segment]) -> list[Segment]:
    """Each cover whole, with the terms that hold last: a changed term cuts a segment, not the cover."""
    terms = {segment.ends: segment.terms for segment in timeline}
    whole = joined([(segment.starts, segment.ends) for segment in timeline])
    return [Segment(starts, ends, terms[ends]) for starts, ends in whole]


class Held(Protocol):
    @property
    def ends(self) -> date | None: ...


def nearest[H: Held](held: Sequence[H], day: date) -> H | None:
    """Of what holds one after another: what holds on that day, else what holds next, else what held last."""
    return next((one for one in held if one.ends is None or one.ends > day), held[-1] if held else None)


def name_date_finding(
    rules: ProductRules, *, begins: date, ends: date | None, entered: date, in_name_since: date | None
) -> FindingKind | None:
    """What the page would have refused on the day of entry, had it known the name date. A vehicle that came in
    another's name after its cover ended contradicts nothing: it was sold."""
    if in_name_since is None or (ends is not None and ends <= in_name_since):
        return None
    window = registering_window(rules, today=entered, in_name_since=in_name_since)
    if registering_window(rules, today=entered, in_name_since=None).broken_by(begins):
        return None  # the desk allowed it
    match window.broken_by(begins):
        case Limit.BEFORE_NAME_DATE:
            return FindingKind.BEFORE_NAME_DATE
        case Limit.TOO_LONG_AGO:
            return FindingKind.LATE_FOR_NAME_DATE
        case _:
            return None


def kind_finding(rules: ProductRules, plate: Plate, kind: str) -> bool:
    """Would the page have refused this kind of vehicle, had the register answered in time?"""
    return rules.other_kinds is Misfit.REFUSED and unfit(rules, is_trade=plate.is_trade, kind=kind) is Unfit.KIND
