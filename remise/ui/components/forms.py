"""Fields and what is wrong with them."""

from __future__ import annotations

from django import template
from django.forms import BaseForm, BoundField
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def introducing(label: str) -> str:
    """A label in front of what is said of it: with a colon, unless it is a question."""
    return label if label[-1:] in ":?.!" else f"{label}:"


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    return bound.as_field_group()


@register.inclusion_tag("ui/forms/summary.html")
def error_summary(form: BaseForm) -> dict[str, object]:
    """All that is wrong, on top, each a link to its field."""
    return {"form": form}
