"""Lists: sorting, filters, pages."""

from __future__ import annotations

from django import template
from django.template.context import RequestContext

register = template.Library()


def address(context: RequestContext, **changes: str | None) -> str:
    """This page's address with some parameters changed; None takes one out. The place in the list starts again."""
    query = context["request"].GET.copy() if "request" in context else {}
    for name in ("after", "before"):
        query.pop(name, None)
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = value
    encoded = query.urlencode() if hasattr(query, "urlencode") else ""
    return f"?{encoded}" if encoded else "?"


@register.simple_tag(takes_context=True, name="address")
def address_tag(context: RequestContext, **changes: str | None) -> str:
    return address(context, **changes)


@register.inclusion_tag("ui/parts/as_of.html", takes_context=True)
def as_of(context: RequestContext, sentence: str) -> dict[str, object]:
    """The band over a page that shows another day than today (`?day=`, `?known=`), with the way back."""
    return {"sentence": sentence, "today_url": address(context, day=None, known=None)}


@register.inclusion_tag("ui/parts/sort.html", takes_context=True)
def sort(context: RequestContext, key: str, label: str, kind: str = "", default: str = "") -> dict[str, object]:
    """A head of a column that sorts by `?sort=key` and `?sort=-key`. Kind "number" sets it to the right."""
    request = context.get("request")
    chosen = (request.GET.get("sort", "") if request else "") or default
    direction = {key: "ascending", f"-{key}": "descending"}.get(chosen, "")
    following = f"-{key}" if direction == "ascending" else key
    return {"label": label, "kind": kind, "direction": direction, "url": address(context, sort=following)}


@register.inclusion_tag("ui/parts/chip.html", takes_context=True)
def chip(
    context: RequestContext, label: str, param: str = "", value: str = "", *, count: int | None = None, href: str = ""
) -> dict[str, object]:
    """A filter. With `param` and `value` it sets `?param=value`, shows whether that holds, and takes it off again."""
    request = context.get("request")
    now = request.GET.get(param, "") if request else ""
    active = bool(param) and now == value
    url = href or address(context, **{param: None if active or not value else value})
    return {"label": label, "count": count, "active": active, "url": url, "removable": active and bool(value)}


@register.inclusion_tag("ui/parts/pager.html", takes_context=True)
def pager(
    context: RequestContext,
    newer: str | None = None,
    older: str | None = None,
    summary: str = "",
    *,
    name: str = "",
    anchor: str = "",
) -> dict[str, object]:
    """Keyset pages: `newer` and `older` are the keys for `?before=` and `?after=`; None where the list ends. Of two
    lists on one page the second has a word before these names (`name`); `anchor` is where the page opens."""
    place = f"#{anchor}" if anchor else ""
    before, after = f"{name}before", f"{name}after"
    return {
        "newer": address(context, **{before: newer, after: None}) + place if newer else "",
        "older": address(context, **{after: older, before: None}) + place if older else "",
        "summary": summary,
    }
