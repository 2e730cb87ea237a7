"""What registering a vehicle does to the premium, in words: days, and no amounts (policies.premium)."""

from datetime import date

from django.utils.translation import gettext as _

from remise.fleet.entries import made_on
from remise.fleet.selectors.receipts import Receipt
from remise.policies.premium import Share, shares
from remise.policies.rules import PremiumBasis, ProductRules
from remise.ui.formats import day as shown_day
from remise.ui.formats import number


def premium_line(rules: ProductRules, starts: date, *, today: date) -> str:
    """Of cover from that day on, with no end known."""
    found = shares(rules, starts, today=today)
    if rules.premium_basis is PremiumBasis.MEASURED:
        return " ".join([_("Nothing now."), *(_measured(share) for share in found)])
    return " ".join([_charged(found[0], starts), *(_also_charged(share) for share in found[1:])])


def change_line(rules: ProductRules, day: date, *, today: date) -> str:
    """Of other terms from that day on."""
    found = shares(rules, day, today=today)
    if rules.premium_basis is PremiumBasis.MEASURED:
        said = {"day": shown_day(day), "years": ", ".join(str(share.year) for share in found)}
        counts = _("From %(day)s it counts on these terms in the premium of %(years)s.") % said
        return " ".join([_("Nothing now."), *([counts] if found else [])])
    first = {"day": shown_day(day), "days": found[0].days, "of": found[0].of, "year": found[0].year}
    return _("New terms, charged by the day from %(day)s: %(days)s of the %(of)s days of year %(year)s.") % first


def premium_of(receipt: Receipt) -> str:
    """What a registration did; empty for anything else, and for one that was undone."""
    starts = receipt.entry.starts
    if receipt.what != "registered" or receipt.corrected_by is not None or starts is None:
        return ""
    return premium_line(receipt.rules, starts, today=made_on(receipt.entry))


def _measured(share: Share) -> str:
    return _("It counts as %(part)s of a vehicle in the premium of %(year)s.") % {
        "part": number(share.vehicles, 2),
        "year": share.year,
    }


def _charged(share: Share, starts: date) -> str:
    said = {"day": shown_day(starts), "days": share.days, "of": share.of, "year": share.year}
    return _("Charged by the day from %(day)s: %(days)s of the %(of)s days of insurance year %(year)s.") % said


def _also_charged(share: Share) -> str:
    return _("And of %(year)s all %(of)s days.") % {"year": share.year, "of": share.of}
