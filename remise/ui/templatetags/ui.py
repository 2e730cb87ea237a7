"""The components as template tags: `{% load ui %}`. The gallery shows each in all its states."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.contrib.messages import constants as levels
from django.forms import BoundField
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from remise.ui import formats, sparkline

register = template.Library()
type Numeric = Decimal | int


# ---- words and numbers --------------------------------------------------------------------------------------------
@register.filter
def money(value: Numeric | None, style: str = "") -> str:
    return "" if value is None else formats.money(value, style)


@register.filter
def number(value: Numeric | float | None, digits: int | None = None) -> str:
    return "" if value is None else formats.number(value, digits)


@register.filter
def day(value: dt.date | None, style: str = "") -> str:
    return formats.day(value, style) if value else ""


@register.filter
def moment(value: dt.datetime | None, style: str = "") -> str:
    return formats.moment(value, style) if value else ""


@register.filter
def clock_time(value: dt.datetime | None) -> str:
    return formats.clock_time(value) if value else ""


@register.filter
def near_day(value: dt.date | None, today: dt.date) -> str:
    return formats.near_day(value, today) if value else ""


@register.filter
def initials(name: object) -> str:
    return formats.initials(str(name))


@register.filter
def tone(level: int) -> str:
    """The colour of a message from `django.contrib.messages`."""
    return {levels.ERROR: "bad", levels.WARNING: "warn", levels.SUCCESS: "good"}.get(level, "info")


@register.filter
def tone_icon(level: int) -> str:
    return note_icon(tone(level))


@register.filter
def note_icon(tone_word: str) -> str:
    return {"bad": "alert-circle", "warn": "alert-triangle", "good": "circle-check"}.get(tone_word, "info-circle")


@register.filter
def two_lines(label: object) -> SafeString:
    """ "Name|what it means" as a name with its explanation under it."""
    name, _, meaning = str(label).partition("|")
    return format_html("<b>{}</b>{}", name, format_html("<small>{}</small>", meaning) if meaning else "")


# ---- the portal ---------------------------------------------------------------------------------------------------
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
    return format_html(
        '<img src="{}" alt="" width="32" height="32"><span>{}</span>', portal_mark(context), name
    )


# ---- small marks --------------------------------------------------------------------------------------------------
@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """One icon of the sprite. Without a label it is decoration and hidden from a screen reader."""
    return format_html(
        '<svg class="icon{}" {} focusable="false"><use href="{}#{}"/></svg>',
        f" icon-{size}" if size else "",
        format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"'),
        static("ui/icons.svg"),
        name,
    )


@register.inclusion_tag("ui/parts/plate.html")
def plate(value: object, size: str = "", trade: bool | None = None, country: str = "NL") -> dict[str, object]:
    """A plate as on the car: yellow, or green for the trade. Sizes: "", "m", "l"."""
    green = formats.is_trade_plate(value) if trade is None else trade
    return {"text": formats.plate_text(value), "size": size, "trade": green, "country": country}


@register.inclusion_tag("ui/parts/state.html")
def state(label: str, tone: str = "", icon: str = "") -> dict[str, object]:
    """A state as a word with a dot. Tones: "", good, warn, bad, info."""
    return {"label": label, "tone": tone, "icon": icon}


@register.simple_tag
def swatch(colour: str, label: str = "") -> SafeString:
    """A square in a car's colour; `colour` is one of the register's words ("GRIJS"), in any case."""
    known = colour.lower() if colour.lower() in SWATCHES else "unknown"
    shown = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<span class="swatch swatch-{}" {}></span>', known, shown)


SWATCHES = frozenset(
    "beige blauw bruin creme diversen geel grijs groen oranje paars rood rose wit zwart".split()
)


@register.inclusion_tag("ui/parts/progress.html")
def progress(done: int, total: int, label: str = "", detail: str = "") -> dict[str, object]:
    return {"done": done, "total": total, "label": label, "detail": detail}


@register.inclusion_tag("ui/parts/skeleton.html")
def skeleton(kind: str = "lines", rows: int = 3) -> dict[str, object]:
    """What stands where an answer will come. Kinds: lines, table, tile, vehicle."""
    return {"kind": kind, "rows": range(rows)}


# ---- buttons and links --------------------------------------------------------------------------------------------
KINDS = {
    "primary": "btn-primary",
    "plain": "btn-plain",
    "quiet": "btn-quiet",
    "danger": "btn-danger-soft",
    "link": "btn-link",
}


def flat_attributes(extra: dict[str, Any]) -> SafeString:
    """`hx_post="/x"` becomes `hx-post="/x"`; True gives a bare attribute, False and None give none."""
    pairs = [(k.rstrip("_").replace("_", "-"), v) for k, v in extra.items() if v is not None and v is not False]
    return format_html_join("", " {}{}", ((k, "" if v is True else format_html('="{}"', v)) for k, v in pairs))


@register.inclusion_tag("ui/parts/button.html")
def button(label: str, href: str = "", kind: str = "plain", icon: str = "", **extra: Any) -> dict[str, object]:
    """A link when it has an href, else a button. Extra: size="sm|lg", wide=True, type, name, value, hx_get, data_x."""
    classes = ["btn", KINDS[kind]]
    if size := extra.pop("size", ""):
        classes.append(f"btn-{size}")
    if extra.pop("wide", False):
        classes.append("btn-wide")
    extra.setdefault("type", None if href else "submit")
    return {
        "label": label,
        "href": href,
        "icon": icon,
        "classes": " ".join(classes),
        "extra": flat_attributes(extra),
    }


@register.inclusion_tag("ui/parts/sentence.html")
def sentence_button(sentence: str, otherwise: str, today: dt.date | None = None, **extra: Any) -> dict[str, object]:
    """The submit button that says what will happen: "{plate} verzekeren vanaf {day}".

    A word in braces is the name of an input of the same form; while one is empty, `otherwise` stands there. A date
    input is written as "today", "yesterday" or the day.
    """
    return {"sentence": sentence, "otherwise": otherwise, "today": today, "extra": flat_attributes(extra)}


@register.inclusion_tag("ui/parts/copy.html")
def copy(value: object, label: str = "") -> dict[str, object]:
    return {"value": value, "label": label}


# ---- blocks -------------------------------------------------------------------------------------------------------
def draw(name: str, content: str, **context: object) -> SafeString:
    return render_to_string(f"ui/parts/{name}.html", {"content": mark_safe(content), **context})  # noqa: S308


@register.simple_block_tag
def page_head(content: str, title: str, sub: str = "", back: str = "", back_label: str = "") -> SafeString:
    """The page's one question; the block holds its buttons."""
    return draw("page_head", content, title=title, sub=sub, back=back, back_label=back_label)


@register.simple_block_tag
def card(content: str, title: str = "", sub: str = "", kind: str = "", id: str = "") -> SafeString:  # noqa: A002
    """A white sheet. Kinds: "" (padded), "flush" (lists and tables up to the edge), "aside" (the side that explains)."""
    return draw("card", content, title=title, sub=sub, kind=kind, id=id)


@register.simple_block_tag
def note(content: str, tone: str = "info", title: str = "") -> SafeString:
    """A remark in the page. Tones: info, good, warn, bad."""
    return draw("note", content, tone=tone, title=title)


@register.simple_block_tag
def empty(content: str, title: str, text: str = "", icon: str = "table") -> SafeString:
    """An empty list says how it fills; the block holds the button that does so."""
    return draw("empty", content, title=title, text=text, icon=icon)


@register.simple_block_tag
def todo(
    content: str,
    when: str,
    by: str = "",
    title: str = "",
    urgent: bool = False,
    href: str = "",
    action: str = "",
    primary: bool = False,
) -> SafeString:
    """A line of "what needs doing now": when, what, and its button; the block holds the explanation."""
    kind = KINDS["primary" if primary else "plain"]
    return draw(
        "todo", content, when=when, by=by, title=title, urgent=urgent, href=href, action=action, kind=kind
    )


@register.simple_block_tag
def band(content: str, tone: str = "warn", icon: str = "history") -> SafeString:
    """The quiet band over a page: you are looking at the past, or at the demo."""
    return draw("band", content, tone=tone, icon=icon)


@register.simple_block_tag
def vehicle(
    content: str, name: str, sub: str = "", colour: str = "", colour_name: str = "", checked: str = ""
) -> SafeString:
    """What the register says of a vehicle: swatch, name, line; the block holds `{% fact %}`s."""
    return draw("vehicle", content, name=name, sub=sub, colour=colour, colour_name=colour_name, checked=checked)


@register.simple_block_tag
def facts(content: str, kind: str = "") -> SafeString:
    """A list of `{% fact %}`s. Kinds: "" (label above), "rows" (label beside, a line each)."""
    return draw("facts", content, kind=kind)


@register.simple_block_tag
def receipt(
    content: str, number: str, title: str, at: dt.datetime | None = None, portal: str = ""
) -> SafeString:
    """What is now true, with its number; the block holds facts and buttons. Prints well."""
    return draw("receipt", content, number=number, title=title, at=at, portal=portal)


@register.simple_block_tag
def action_bar(content: str, one: str, other: str, form: str = "") -> SafeString:
    """Rises when rows are ticked (`data-row` boxes in the same form). `other` may hold {n}; the block has the buttons."""
    return draw("action_bar", content, one=one, other=other, form=form)


@register.simple_block_tag
def menu(content: str, label: str, icon: str = "dots", text: bool = False) -> SafeString:
    """A button that opens a short list of links and buttons."""
    return draw("menu", content, label=label, icon=icon, text=text)


@register.simple_tag
def fact(label: str, value: object) -> SafeString:
    shown = "\N{EN DASH}" if value in {None, ""} else conditional_escape(value)
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", label, shown)


@register.inclusion_tag("ui/parts/tile.html")
def tile(
    label: str,
    number: str,
    delta: str = "",
    href: str = "",
    source: str = "",
    trend: Sequence[Numeric] | None = None,
    tone: str = "",
) -> dict[str, object]:
    """A number of the business. `source` is the address of "where does this come from?"; tone "up" colours the trend."""
    return {
        "label": label,
        "number": number,
        "delta": delta,
        "href": href,
        "source": source,
        "tone": tone,
        "points": sparkline.points(trend or ()),
        "width": sparkline.WIDTH,
        "height": sparkline.HEIGHT,
    }


@register.inclusion_tag("ui/parts/steps.html")
def steps(names: Sequence[str], current: int, urls: Sequence[str] = ()) -> dict[str, object]:
    """Where I am, what comes. `current` counts from 1; steps already done link back when `urls` are given."""
    rows = [
        {
            "name": name,
            "number": i,
            "done": i < current,
            "current": i == current,
            "url": urls[i - 1] if i < current and len(urls) >= i else "",
        }
        for i, name in enumerate(names, start=1)
    ]
    return {"steps": rows, "current": current, "total": len(rows)}


@register.inclusion_tag("ui/parts/decision.html")
def decision(refusal: object) -> dict[str, object]:
    return {"decision": refusal}


# ---- lists --------------------------------------------------------------------------------------------------------
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
    context: RequestContext, label: str, param: str = "", value: str = "", count: int | None = None, href: str = ""
) -> dict[str, object]:
    """A filter. With `param` and `value` it sets `?param=value`, shows whether that holds, and takes it off again."""
    request = context.get("request")
    now = request.GET.get(param, "") if request else ""
    active = bool(param) and now == value
    url = href or address(context, **{param: None if active or not value else value})
    return {"label": label, "count": count, "active": active, "url": url, "removable": active and bool(value)}


@register.inclusion_tag("ui/parts/pager.html", takes_context=True)
def pager(
    context: RequestContext, newer: str | None = None, older: str | None = None, summary: str = ""
) -> dict[str, object]:
    """Keyset pages: `newer` and `older` are the keys for `?before=` and `?after=`; None where the list ends."""
    return {
        "newer": address(context, before=newer) if newer else "",
        "older": address(context, after=older) if older else "",
        "summary": summary,
    }


# ---- forms --------------------------------------------------------------------------------------------------------
@register.simple_tag
def field(bound: BoundField) -> SafeString:
    return bound.as_field_group()


@register.inclusion_tag("ui/forms/summary.html")
def error_summary(form: object) -> dict[str, object]:
    """All that is wrong, on top, each a link to its field."""
    return {"form": form}
