from collections.abc import Collection, Mapping
from datetime import date

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from remise.desk.kinds import kinds
from remise.desk.models import DeskRequest
from remise.fleet import exports, receipt_words
from remise.fleet.premium import premium_of
from remise.fleet.sources import source_name
from remise.policies.rules import ProductRules, day_to_show

register = template.Library()
register.filter(receipt_words.headline)
register.filter(receipt_words.value_fixed)
register.filter(premium_of)


@register.filter
def as_given(ends: date, rules: ProductRules) -> date:
    """The end as the product's customers give it: the last day covered, or the first without cover."""
    return day_to_show(rules, ends)


@register.simple_tag
def request_link(request: DeskRequest, url: str) -> SafeString:
    """To the request on which the desk decided."""
    return format_html('<a href="{}">{}</a>', url, kinds[request.kind].label)


@register.simple_tag
def party_link(name: str, party: int, living: Collection[int]) -> SafeString | str:
    """To the page of a driver or lessee; the words alone where there is none to be seen."""
    return format_html('<a href="{}">{}</a>', reverse("drivers:one", args=[party]), name) if party in living else name


@register.filter
def of_plate(found: Mapping[str, date], plate: str) -> date | None:
    return found.get(plate)


@register.filter
def of_item(found: Mapping[int, object], item: int) -> object:
    return found.get(item)


@register.filter
def is_large(vehicles: int) -> bool:
    """Too many to be downloaded while one waits."""
    return vehicles > exports.AT_ONCE


register.filter("source_name", source_name)
