"""Which rule a customer met who asks the desk: as it was on the day of the request, in the words of the refusal."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from remise.core.models import Entry
from remise.desk.kinds import RuleMet
from remise.fleet.entries import made_on
from remise.fleet.findings import FindingKind, explain
from remise.fleet.requests.data import (
    Correction,
    FoundLater,
    LateChange,
    LateDeregistration,
    LateRegistration,
    WrongValue,
)
from remise.fleet.requests.placing import kind_met, policy_asked
from remise.fleet.rules import DoubtfulValue, limit_words, value_likely
from remise.fleet.selectors.values import known_of_value
from remise.policies.rules import ProductRules, Window, deregistering_window, registering_window
from remise.policies.selectors import rules_of
from remise.ui.formats import day as shown_day
from remise.vehicles import chassis, values
from remise.vehicles.models import Vehicle


def late_registration(organisation: int, asked: LateRegistration, on: date) -> RuleMet | None:
    """Of the day, and of the kind of vehicle where that stands in the way too: who decides lifts both."""
    policy = policy_asked(organisation, asked.policy)
    rules = rules_of(policy, on=on)
    since = Vehicle.objects.known().filter(plate=asked.plate).values_list("in_name_since", flat=True).first()
    of_day = _of_days(rules, registering_window(rules, today=on, in_name_since=since), asked.day, on)
    of_kind = kind_met(policy, asked, on)
    if not of_kind:
        return of_day
    return RuleMet(" ".join(filter(None, (of_kind, of_day.words if of_day else ""))), rules.source)


def told_late(organisation: int, asked: LateDeregistration | LateChange, on: date) -> RuleMet | None:
    """A change goes as far back as an end does."""
    rules = rules_of(policy_asked(organisation, asked.policy), on=on)
    return _of_days(rules, deregistering_window(rules, today=on), asked.day, on)


def _of_days(rules: ProductRules, window: Window, day: date, on: date) -> RuleMet | None:
    words = limit_words(window, day, today=on, rules=rules)
    if not words:
        return None  # the register says another name date by now
    earliest = _("The first day that could be chosen was %(day)s.") % {"day": shown_day(window.earliest)}
    days = rules.back_date_days
    limit = ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    return RuleMet(f"{words} {earliest}", rules.source, limit)


def check_code(organisation: int, asked: LateRegistration, on: date) -> RuleMet:
    limit = chassis.BY_COMPANY
    words = ngettext(
        "After %(times)s wrong check code in an hour no more can be tried for a vehicle.",
        "After %(times)s wrong check codes in an hour no more can be tried for a vehicle.",
        limit.times,
    ) % {"times": limit.times}
    late = late_registration(organisation, asked, on)
    guard = _("guard against guessing chassis numbers")
    if late is None:
        return RuleMet(words, guard)
    return RuleMet(f"{words} {late.words}", f"{guard}; {late.source}")


def correction(organisation: int, asked: Correction, _on: date) -> RuleMet:
    entry = Entry.objects.get(organisation=organisation, id=asked.entry)
    if entry.by_system:
        words = _("What no person entered can be undone by the desk only.")
    else:
        words = _("Online an entry can be undone on the day it was made; this one was made on %(day)s.") % {
            "day": shown_day(made_on(entry))
        }
    return RuleMet(words, _("how corrections work at this insurer"))


def value(organisation: int, asked: WrongValue, on: date) -> RuleMet:
    """That it is not the customer's to set; and why this one is in doubt, where it is."""
    words = _("The catalogue value is the register's: another one is set by the desk.")
    try:
        value_likely(asked.value, known_of_value(organisation, asked.item, asked.plate), on=on)
    except DoubtfulValue as doubted:
        sure = _("The customer said that it is right.") if asked.sure else ""
        return RuleMet(" ".join(filter(None, (words, str(doubted.message), sure))), values.rule_on(on).source)
    return RuleMet(words, _("terms of the policy"))


def finding(organisation: int, found: FoundLater, on: date) -> RuleMet | None:
    match FindingKind(found.what):
        case FindingKind.VALUE_IN_DOUBT:
            source = values.rule_on(on).source
        case FindingKind.BEFORE_NAME_DATE | FindingKind.LATE_FOR_NAME_DATE | FindingKind.OTHER_KIND:
            source = rules_of(policy_asked(organisation, found.policy), on=on).source
        case FindingKind.UNKNOWN_PLATE:
            return None
    return RuleMet(str(explain(found.what, found.said).title), source)
