"""The mark and the name of the portal."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from django import template
from django.http import HttpRequest
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
def this_page(context: RequestContext) -> str:
    """An address at which this page can be asked for again. What a form answered has none: then it is the page that
    had the form."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return "/"
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    before = urlsplit(request.headers.get("Referer", ""))
    return urlunsplit(("", "", before.path or "/", before.query, ""))


@register.simple_tag(takes_context=True)
def portal_logo(context: RequestContext) -> SafeString:
    name = getattr(portal_of(context), "name", "") or "Remise"
    return format_html('<img src="{}" alt="" width="32" height="32"><span>{}</span>', portal_mark(context), name)
