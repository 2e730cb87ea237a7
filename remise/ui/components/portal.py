"""The mark and the name of the portal."""

from __future__ import annotations

from django import template
from django.template.context import RequestContext
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


HOUSE_MARK = "ui/logos/remise.svg"


def portal_of(context: RequestContext) -> object:
    return context.get("portal") or getattr(context.get("request"), "portal", None)


@register.simple_tag(takes_context=True)
def portal_mark(context: RequestContext) -> str:
    """Address of the portal's mark, also its favicon: `portal.logo` is the path of an SVG among the static files."""
    return static(getattr(portal_of(context), "logo", "") or HOUSE_MARK)


@register.simple_tag(takes_context=True)
def portal_logo(context: RequestContext) -> SafeString:
    name = getattr(portal_of(context), "name", "") or "Remise"
    return format_html('<img src="{}" alt="" width="32" height="32"><span>{}</span>', portal_mark(context), name)
