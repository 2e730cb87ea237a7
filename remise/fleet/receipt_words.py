"""What a receipt says in one sentence: on the page, and in its PDF."""

from django.utils.translation import gettext as _

from remise.fleet.selectors.receipts import Receipt
from remise.fleet.sources import source_name
from remise.ui.formats import day as shown_day
from remise.ui.formats import money


def headline(receipt: Receipt) -> str:
    said = {"plate": receipt.plate.formatted, "day": shown_day(receipt.day) if receipt.day else ""}
    if receipt.corrected_by:
        said["number"] = receipt.corrected_by.receipt
        return _("%(plate)s: undone by receipt %(number)s") % said
    match receipt.what, receipt.undone_what:
        case "deregistered", _undone if receipt.rules.last_day_covered:
            return _("%(plate)s is insured up to and including %(day)s") % said
        case "deregistered", _undone:
            return _("%(plate)s is no longer insured from %(day)s") % said
        case "completed", _undone:
            return _("%(plate)s: make, model or value filled in from the register") % said
        case "changed", _undone if receipt.check_code:
            return _("%(plate)s has the check code %(code)s from %(day)s") % {**said, "code": receipt.check_code}
        case "changed", _undone:
            return _("%(plate)s is insured on other terms from %(day)s") % said
        case "revalued", _undone:
            said["value"] = money(receipt.value.amount if receipt.value else 0, "whole")
            return _("%(plate)s has the catalogue value %(value)s from %(day)s") % said
        case "correction", "changed" if receipt.check_code:
            return _("%(plate)s has the check code of before") % said
        case "correction", "changed":
            return _("%(plate)s is insured on the terms of before") % said
        case "correction", "revalued":
            return _("%(plate)s has the catalogue value of before") % said
        case "correction", "deregistered":
            return _("%(plate)s is insured as before: the deregistration was undone") % said
        case "correction", _undone:
            return _("%(plate)s is not insured: the registration was undone") % said
    return _("%(plate)s is insured from %(day)s") % said


def value_fixed(receipt: Receipt) -> str:
    """The catalogue value that this receipt fixes, with its source and day; that it is still to come, where a
    registration fixed none. Empty where it is about no value."""
    fixed = receipt.value
    if fixed is None:
        awaited = receipt.what == "registered" and not receipt.plate.is_trade
        return _("not known yet") if awaited else ""
    said_by = [source_name(fixed.source), shown_day(fixed.said_on) if fixed.said_on else ""]
    return f"{money(fixed.amount, 'whole')} ({', '.join(part for part in said_by if part)})"
