"""What the register says against a cover: pure functions over dated limits. Each limit names its source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from remise.fleet.findings import FindingKind

type Said = Mapping[str, str]  # what a finding was found by: days, sums and codes
type Verdicts = Mapping[FindingKind, Said]

DEALER_STOCK = "dealer-stock"  # the product whose vehicles are in nobody's name until they are sold


@dataclass(frozen=True, slots=True)
class Dated[T]:
    """From `starts` on this holds."""

    starts: date
    value: T
    source: str


def on[T](table: Sequence[Dated[T]], day: date) -> T:
    """What holds on that day; before the first one, the first."""
    return max((one for one in table if one.starts <= day), key=lambda one: one.starts, default=table[0]).value


_BEGIN = date(2020, 1, 1)
# A name date so many days behind the first day of cover is another owner's. One's own may come that late: the car is
# insured when it is fetched, and the register is told and publishes within the week.
RENAMED_AFTER = (Dated(_BEGIN, 7, "RDW open data is published daily; a transfer is there within some days (2026)"),)
# Stock is in nobody's name: whatever name comes after the first day is the buyer's.
STOCK_RENAMED_AFTER = (Dated(_BEGIN, 0, "RDW: stock of a recognised company leaves it by a name (WAM art. 13a)"),)
# So long after its end a cover is looked at: twice the weeks in which the register writes to an owner.
ENDED_LATELY = (Dated(_BEGIN, 56, "RDW's register comparison: a letter some 28 days after the name date or the end"),)
# The register may say for so long that a covered vehicle is not insured.
WAM_AFTER = (Dated(_BEGIN, 28, "Besluit kennisgevingen WAM art. 3: the insurer reports within four weeks"),)
# A value may differ by this share, and by so many euros in any case.
VALUE_SHARE = (Dated(_BEGIN, Decimal("0.02"), "Product sheets 2020-01: corrections under two per cent are not made"),)
VALUE_LEAST = (Dated(_BEGIN, Decimal(250), "Product sheets 2020-01: corrections under 250 euros are not made"),)
# Which kinds are never inspected.
NOT_INSPECTED = (
    Dated(_BEGIN, frozenset({"Motorfiets", "Motorfiets met zijspan", "Bromfiets"}), "Besluit voertuigen art. 4"),
)
_TRAILERS = frozenset({"Aanhangwagen", "Autonome aanhangwagen", "Middenasaanhangwagen", "Oplegger"})
LIGHT_TRAILERS = (Dated(_BEGIN, _TRAILERS, "Besluit voertuigen art. 4"),)
LIGHT_UP_TO = (Dated(_BEGIN, 3500, "Besluit voertuigen art. 4: kilograms, the most that it may weigh"),)
OLD_TIMER_YEARS = (Dated(_BEGIN, 50, "Regeling voertuigen, since 20 May 2018"),)


@dataclass(frozen=True, slots=True)
class Facts:
    """One vehicle on one policy, and what the register says of it. `starts`, `ends`: of its last cover, `ends` the
    first day without. `answered_on`: as of when the register says so. `told_since`: the name date about which the
    desk was told when it came (`findings.NAME_DATE`)."""

    starts: date
    ends: date | None
    stock: bool
    covered_elsewhere: bool
    value: Decimal | None
    value_is_desks: bool
    told_since: str | None
    answered_on: date
    found: bool
    known: bool  # the register knew it once
    kind: str
    first_admitted_on: date | None
    in_name_since: date | None
    inspection_until: date | None
    exported: bool | None
    wam_insured: bool | None
    maximum_mass: int | None
    sure_value: Decimal | None

    def is_covered(self, today: date) -> bool:
        return self.ends is None or self.ends > today


def judge(facts: Facts, *, today: date) -> Verdicts:
    """All that the register says against it, by kind. Of a vehicle that is gone or sold nothing else is said: whoever
    deregisters it need not have it inspected."""
    if not facts.is_covered(today):
        return _not_covered(facts, today)
    since = {"starts": facts.starts.isoformat()}
    if not facts.found:
        return {FindingKind.GONE: since} if facts.known else {}
    if facts.exported:
        return {FindingKind.EXPORTED: since}
    if _is_sold(facts, today):
        assert facts.in_name_since is not None
        return {FindingKind.SOLD: since | {"in_name_since": facts.in_name_since.isoformat()}}
    verdicts: dict[FindingKind, Said] = {}
    if _is_expired(facts, today):
        assert facts.inspection_until is not None
        verdicts[FindingKind.INSPECTION_EXPIRED] = {"inspection_until": facts.inspection_until.isoformat()}
    if _is_not_seen(facts, today):
        verdicts[FindingKind.WAM_MISSING] = since
    if facts.value is not None and facts.sure_value is not None and _differs(facts, today):
        verdicts[FindingKind.VALUE_DIFFERS] = {"value": str(facts.sure_value), "ours": str(facts.value)}
    return verdicts


def _not_covered(facts: Facts, today: date) -> Verdicts:
    """Taken off lately, in the same name ever since, and insured by nobody as the register says after the end."""
    ends, since = facts.ends, facts.in_name_since
    assert ends is not None
    if not (facts.found and facts.wam_insured is False) or facts.exported or facts.covered_elsewhere:
        return {}
    if since is None or since >= ends or facts.answered_on < ends or _is_sold(facts, today):
        return {}
    if today - ends > timedelta(days=on(ENDED_LATELY, today)):
        return {}
    return {FindingKind.NOT_COVERED: {"ends": ends.isoformat(), "in_name_since": since.isoformat()}}


def _is_sold(facts: Facts, today: date) -> bool:
    since = facts.in_name_since
    if since is None or since > today or since.isoformat() == facts.told_since:
        return False
    days = on(STOCK_RENAMED_AFTER if facts.stock else RENAMED_AFTER, today)
    return since > facts.starts + timedelta(days=days)


def _is_expired(facts: Facts, today: date) -> bool:
    if facts.inspection_until is None or facts.inspection_until >= today or facts.stock:
        return False
    if facts.kind in on(NOT_INSPECTED, today):
        return False
    if facts.kind in on(LIGHT_TRAILERS, today) and (facts.maximum_mass or 0) <= on(LIGHT_UP_TO, today):
        return False
    return facts.first_admitted_on is None or not _is_old_timer(facts.first_admitted_on, today)


def _is_old_timer(admitted: date, today: date) -> bool:
    years = today.year - admitted.year - ((today.month, today.day) < (admitted.month, admitted.day))
    return years >= on(OLD_TIMER_YEARS, today)


def _is_not_seen(facts: Facts, today: date) -> bool:
    """A dealer's stock is insured by one notice for the company (WAM art. 13a): of its vehicles the register may say
    that they are not."""
    if facts.stock or facts.wam_insured is not False:
        return False
    return facts.answered_on >= facts.starts + timedelta(days=on(WAM_AFTER, today))


def _differs(facts: Facts, today: date) -> bool:
    """The desk's value stands above the register's."""
    assert facts.value is not None
    assert facts.sure_value is not None
    if facts.value_is_desks:
        return False
    apart = abs(facts.value - facts.sure_value)
    return apart > max(on(VALUE_LEAST, today), facts.sure_value * on(VALUE_SHARE, today))
