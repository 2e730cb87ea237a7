"""The rules of a product in words, as dated data: for the insurer's people, and for a customer of the product."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from remise.policies.examples import TOO_MANY, Judged, Verdict, judged
from remise.policies.fields import label, limits
from remise.policies.models import Product
from remise.policies.premium import Share
from remise.policies.rules import (
    BackDate,
    FieldRule,
    Limit,
    Misfit,
    PremiumBasis,
    ProductRules,
    TradePlates,
    Unfit,
    YearDay,
)
from remise.policies.sections import Line, sections
from remise.policies.selectors import in_force
from remise.ui.formats import day as shown_day
from remise.ui.formats import in_language, number
from remise.vehicles.rules import KINDS, in_words


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class VersionShown:
    """`last_day` None = still; `is_now`: the one that holds today, or the first where none has begun."""

    starts: date
    last_day: date | None
    source: str
    is_now: bool
    is_ahead: bool
    groups: Sequence[Group]
    basis: str

    @property
    def days(self) -> str:
        if self.last_day is None:
            return _("From %(first)s") % {"first": shown_day(self.starts)}
        said = {"first": shown_day(self.starts), "last": shown_day(self.last_day)}
        return _("%(first)s up to and including %(last)s") % said


def versions_shown(product: Product, *, today: date) -> list[VersionShown]:
    """The newest first."""
    versions = sorted(product.versions.all(), key=lambda version: version.starts)
    now = in_force(versions, today)
    following = [*(version.starts - timedelta(days=1) for version in versions[1:]), None]
    shown = [
        VersionShown(
            starts=version.starts,
            last_day=last_day,
            source=version.source,
            is_now=version == now,
            is_ahead=version.starts > today and version != now,
            groups=_groups(version.rules, max(version.starts, min(today, last_day or today))),
            basis=_basis(version.rules),
        )
        for version, last_day in zip(versions, following, strict=True)
    ]
    return shown[::-1]


def _groups(rules: ProductRules, on: date) -> list[Group]:
    """As they hold on that day: what a room says besides may follow from more than the product."""
    asked = [_asked(field) for field in rules.fields]
    nothing_more = Line(_("Besides"), _("nothing: plate, check code and day are enough"))
    return [
        Group(_("Which vehicles"), _vehicles(rules)),
        Group(_("What is asked per vehicle"), asked or [nothing_more]),
        Group(_("Which days"), _days(rules)),
        Group(_("Premium"), _premium(rules)),
        *(Group(str(section.title), section.lines(rules.sections.get(section.name, {}), on)) for section in sections),
    ]


def _asked(field: FieldRule) -> Line:
    needed = _("required") if field.required else _("not required")
    return Line(label(field), f"{limits(field)} ({needed})")


def _vehicles(rules: ProductRules) -> list[Line]:
    kinds = ", ".join(sorted(in_words(kind, KINDS) for kind in rules.kinds)) or _("every kind")
    if rules.trade_plates is TradePlates.ONLY:
        kinds = _("trade plates only")
    lines = [Line(_("For"), kinds)]
    if rules.kinds:
        asked = rules.other_kinds is Misfit.ASKED
        words = (
            _("asked about once, and then taken") if asked else _("refused online; the insurer's desk can allow it")
        )
        lines.append(Line(_("Other kinds"), words))
    if rules.trade_plates is not TradePlates.ONLY:
        also = rules.trade_plates is TradePlates.ALSO
        lines.append(Line(_("Trade plates"), _("also") if also else _("not on this policy")))
    most = rules.most_in_file
    if most is None:
        at_once = _("as many as a file takes")
    else:
        at_once = ngettext("one at a time", "at most %(most)s", most) % {"most": number(most)}
    return [*lines, Line(_("At once"), at_once)]


def _days(rules: ProductRules) -> list[Line]:
    back = ngettext("%(days)s day back", "%(days)s days back", rules.back_date_days) % {"days": rules.back_date_days}
    if not rules.name_date:
        words = _("at most %(back)s") % {"back": back}
        name_date = _("does not matter")
    elif rules.back_date_reading is BackDate.FROM_TODAY:
        words = _("at most %(back)s") % {"back": back}
        name_date = _("cover does not begin before it, where the register says it")
    else:
        words = _("at most %(back)s, and only within as many days of the name date") % {"back": back}
        name_date = _("cover does not begin before it, where the register says it")
    ahead = ngettext("at most %(days)s day ahead", "at most %(days)s days ahead", rules.ahead_days)
    last = _("the last day covered") if rules.last_day_covered else _("the first day without cover")
    return [
        Line(_("Back online"), words),
        Line(_("Ahead"), ahead % {"days": rules.ahead_days}),
        Line(_("Name date"), name_date),
        Line(_("Day of deregistering"), last),
    ]


def _basis(rules: ProductRules) -> str:
    measured = rules.premium_basis is PremiumBasis.MEASURED
    return _("measured over a year") if measured else _("per vehicle, by the day")


def _premium(rules: ProductRules) -> list[Line]:
    if rules.premium_basis is PremiumBasis.PER_VEHICLE:
        words = _("charged and refunded by the day, within the insurance year")
        return [Line(_("Basis"), words), Line(_("Insurance year"), _year(rules.insurance_year))]
    divided = number(rules.divisor) if rules.divisor else _("the days of that year")
    return [
        Line(_("Basis"), _("what changes costs nothing now, and counts in a later premium")),
        Line(_("Counted over"), _year(rules.window)),
        Line(_("Divided by"), divided),
        Line(_("Insurance year"), _year(rules.insurance_year)),
    ]


_A_LEAP_YEAR = 2024


def _year(year: YearDay) -> str:
    first = year.in_year(_A_LEAP_YEAR)
    last = year.after(first) - timedelta(days=1)
    return _("%(first)s up to and including %(last)s") % {
        "first": shown_day(first, "plain"),
        "last": shown_day(last, "plain"),
    }


@dataclass(frozen=True, slots=True)
class ExampleShown:
    """What is typed, and what comes of it."""

    what: str
    is_true: bool
    outcome: str  # accepted, asked or refused
    lines: Sequence[Line]


def examples_shown(product: Product) -> list[ExampleShown]:
    """As they come out now, by the versions that are kept."""
    versions = sorted(product.versions.all(), key=lambda version: version.starts)
    rules = {version.starts: version.rules for version in versions}
    return [_example(one) for one in judged(lambda day: rules[in_force(versions, day).starts], product.examples)]


def _example(one: Judged) -> ExampleShown:
    example, verdict = one.example, one.verdict
    lines = [
        Line(_("Today"), shown_day(example.today)),
        Line(_("Insured from"), shown_day(example.day)),
        *([Line(_("In its owner's name since"), shown_day(example.in_name_since))] if example.in_name_since else []),
        *([Line(_("The register says"), in_words(example.kind, KINDS))] if example.kind else []),
        *([Line(_("Why not"), _why_not(verdict))] if verdict.code else []),
        Line(
            _("Days to choose from"),
            _("%(first)s up to and including %(last)s")
            % {"first": shown_day(verdict.earliest), "last": shown_day(verdict.latest)},
        ),
        *(Line(_("Premium"), _counts(share)) for share in verdict.premium),
        *(line for name, said in verdict.then.items() for line in sections[name].tell(said)),
    ]
    return ExampleShown(in_language(example.what), one.is_true, verdict.outcome, lines)


def _counts(share: Share) -> str:
    return _("%(days)s of %(of)s days, for %(year)s") % {"days": share.days, "of": share.of, "year": share.year}


def _why_not(verdict: Verdict) -> str:
    if verdict.wrong:
        return " ".join(str(refusal.message) for refusal in verdict.wrong.values())
    match verdict.code:
        case Limit.TOO_LONG_AGO:
            return _("longer ago than can be done online")
        case Limit.BEFORE_NAME_DATE:
            return _("before the name date")
        case Limit.TOO_FAR_AHEAD:
            return _("too far ahead")
        case Unfit.KIND:
            return _("not a kind of vehicle that this product is for")
        case Unfit.TRADE_PLATE:
            return _("a trade plate, and this product is not for those")
        case Unfit.NO_TRADE_PLATE:
            return _("no trade plate, and this product is for those only")
        case code if code == TOO_MANY:
            return _("too many vehicles at once")
        case _:
            return _("something is filled in that this product does not ask")
