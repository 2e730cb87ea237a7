from collections.abc import Mapping
from datetime import date

from django import template

from remise.fleet import exports, receipt_words
from remise.policies.rules import ProductRules, day_to_show

register = template.Library()
register.filter(receipt_words.headline)


@register.filter
def as_given(ends: date, rules: ProductRules) -> date:
    """The end as the product's customers give it: the last day covered, or the first without cover."""
    return day_to_show(rules, ends)


@register.filter
def of_plate(found: Mapping[str, date], plate: str) -> date | None:
    return found.get(plate)


@register.filter
def is_large(vehicles: int) -> bool:
    """Too many to be downloaded while one waits."""
    return vehicles > exports.AT_ONCE
