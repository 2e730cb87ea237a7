"""What there is to do about a finding, until when, and where one click does it."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from remise.core.words import Text
from remise.fleet.findings import FindingKind
from remise.fleet.models import Finding
from remise.fleet.rights import FleetRight
from remise.policies.models import Policy
from remise.policies.rules import (
    ProductRules,
    day_to_show,
    deregistering_until,
    deregistering_window,
    first_day_without,
    registering_until,
    registering_window,
)
from remise.policies.selectors import rules_of

LEAVING = (FindingKind.SOLD, FindingKind.EXPORTED, FindingKind.GONE)  # the cover should end


@dataclass(frozen=True, slots=True)
class Todo:
    """`day`: filled in where a day is asked. `last`: the last day on which it goes online; past that the desk is
    asked. None where there is no such day."""

    label: Text
    url: str
    right: FleetRight
    day: date | None = None
    last: date | None = None

    def days_left(self, today: date) -> int | None:
        return None if self.last is None else (self.last - today).days

    def is_late(self, today: date) -> bool:
        return self.last is not None and self.last < today


def todo(finding: Finding, policy: Policy, plate: str, *, today: date) -> Todo | None:
    """None where nothing can be done here: an inspection is made elsewhere, and then said to be."""
    rules = rules_of(policy, on=today)
    match FindingKind(finding.kind):
        case FindingKind.SOLD:
            return _deregister(finding, rules, first_day_without=_day(finding, "in_name_since"))
        case FindingKind.EXPORTED | FindingKind.GONE:
            return _deregister(finding, rules, first_day_without=None, today=today)
        case FindingKind.NOT_COVERED:
            return _register_again(finding, policy, rules, plate, today)
        case FindingKind.VALUE_DIFFERS:
            url = reverse("fleet:ask_value", args=[finding.item_id])
            asked = urlencode({"value": finding.said["value"], "why": _("The register says so.")})
            return Todo(_("Ask for the register's value"), f"{url}?{asked}", FleetRight.REGISTER)
        case _:
            return None


def _deregister(
    finding: Finding, rules: ProductRules, *, first_day_without: date | None, today: date | None = None
) -> Todo:
    """On the last day before the vehicle was another's; where nobody says which, today."""
    url = f"{reverse('fleet:deregister')}?item={finding.item_id}"
    if first_day_without is None:
        return Todo(_("Deregister"), url, FleetRight.DEREGISTER, day=today)
    day = day_to_show(rules, first_day_without)
    last = deregistering_until(rules, day)
    return Todo(_("Deregister"), f"{url}&day={day.isoformat()}", FleetRight.DEREGISTER, day=day, last=last)


def _register_again(finding: Finding, policy: Policy, rules: ProductRules, plate: str, today: date) -> Todo:
    """From the first day without cover on, as far back as goes."""
    ends = _day(finding, "ends")
    since = _day(finding, "in_name_since")
    window = registering_window(rules, today=today, in_name_since=since)
    asked = {"plate": plate, "day": max(ends, window.earliest).isoformat()}
    if policy.ends is None or policy.ends > ends:  # it was left on a policy that ended: another one takes it on
        asked["policy"] = policy.number
    url = f"{reverse('fleet:register')}?{urlencode(asked)}"
    last = registering_until(rules, ends, in_name_since=since)
    return Todo(_("Register again"), url, FleetRight.REGISTER, day=ends, last=last)


def counted_from(kind: FindingKind, rules: ProductRules, *, today: date) -> tuple[str, date]:
    """From which day that is said of one of this kind its days are counted, and the first such day that still goes
    online."""
    if kind is FindingKind.SOLD:
        return "in_name_since", first_day_without(rules, deregistering_window(rules, today=today).earliest)
    earliest = registering_window(rules, today=today, in_name_since=None).earliest
    return "in_name_since" if rules.counts_from_name_date else "ends", earliest


def can_be_deregistered(offered: Todo, rules: ProductRules, *, today: date) -> bool:
    """Online, on its own day."""
    return offered.day is not None and deregistering_window(rules, today=today).broken_by(offered.day) is None


def _day(finding: Finding, name: str) -> date:
    return date.fromisoformat(finding.said[name])
