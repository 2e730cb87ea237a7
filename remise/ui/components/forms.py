"""Fields and what is wrong with them."""

from __future__ import annotations

from django import template
from django.forms import BaseForm, BoundField
from django.forms.utils import ErrorList
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from remise.core.reading import read_why

register = template.Library()


@register.filter
def introducing(label: str) -> str:
    """A label in front of what is said of it: with a colon, unless it is a question."""
    return label if label[-1:] in ":?.!" else f"{label}:"


@register.simple_tag
def why(code: str, classes: str = "") -> SafeString:
    """A link to where this refusal is explained; nothing where nobody wrote about it."""
    address = read_why(code)
    if not address:
        return SafeString("")
    return format_html('<a class="why {}" href="{}">{}</a>', classes, address, gettext("Read why"))


@register.filter
def explained(errors: ErrorList) -> list[tuple[str, str]]:
    """Each thing that is wrong, with the code under which it may be explained."""
    told = (error for error in errors.as_data())
    return [(message, error.code or "") for error in told for message in error.messages]


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    return bound.as_field_group()


@register.inclusion_tag("ui/forms/summary.html")
def error_summary(form: BaseForm) -> dict[str, object]:
    """All that is wrong, on top, each a link to its field."""
    return {"form": form}
