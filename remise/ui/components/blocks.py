"""Parts of a page with something in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django import template
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from remise.ui import sparkline
from remise.ui.components.buttons import KINDS
from remise.ui.formats import Amount

register = template.Library()


def draw(part: str, content: str, /, **context: object) -> SafeString:
    return render_to_string(f"ui/parts/{part}.html", {"content": mark_safe(content), **context})  # noqa: S308


@register.simple_block_tag
def page_head(content: str, title: str, sub: str = "", back: str = "", back_label: str = "") -> SafeString:
    """The page's one question; the block holds its buttons."""
    return draw("page_head", content, title=title, sub=sub, back=back, back_label=back_label)


@register.simple_block_tag
def card(content: str, title: str = "", sub: str = "", kind: str = "", id: str = "") -> SafeString:  # noqa: A002
    """A white sheet. Kinds: "" (padded), "flush" (lists up to the edge), "aside" (the side that explains)."""
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
    *,
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
    return draw("todo", content, when=when, by=by, title=title, urgent=urgent, href=href, action=action, kind=kind)


@register.simple_block_tag
def band(content: str, tone: str = "warn", icon: str = "history") -> SafeString:
    """The quiet band over a page: you are looking at the past, or at the demo."""
    return draw("band", content, tone=tone, icon=icon)


@register.simple_block_tag
def vehicle(
    content: str, name: str, sub: str = "", *, colour: str = "", colour_name: str = "", checked: str = ""
) -> SafeString:
    """What the register says of a vehicle: swatch, name, line; the block holds `{% fact %}`s."""
    return draw("vehicle", content, name=name, sub=sub, colour=colour, colour_name=colour_name, checked=checked)


@register.inclusion_tag("ui/parts/vehicle_waiting.html")
def vehicle_waiting(text: str) -> dict[str, object]:
    """Holds the place of `{% vehicle %}` before there is a plate, so that nothing jumps."""
    return {"text": text}


@register.simple_block_tag
def facts(content: str, kind: str = "") -> SafeString:
    """A list of `{% fact %}`s. Kinds: "" (label above), "rows" (label beside, a line each)."""
    return draw("facts", content, kind=kind)


@register.simple_block_tag
def receipt(content: str, number: str, title: str, at: dt.datetime | None = None, portal: str = "") -> SafeString:
    """What is now true, with its number; the block holds facts and buttons. Prints well."""
    return draw("receipt", content, number=number, title=title, at=at, portal=portal)


@register.simple_block_tag
def action_bar(content: str, one: str, other: str, form: str = "") -> SafeString:
    """Rises when rows are ticked (`data-row` boxes in the same form); `other` may hold {n}. The block: buttons."""
    return draw("action_bar", content, one=one, other=other, form=form)


@register.simple_block_tag
def menu(content: str, label: str, icon: str = "dots", text: bool = False) -> SafeString:
    """A button that opens a short list of links and buttons."""
    return draw("menu", content, label=label, icon=icon, text=text)


@register.simple_tag
def fact(label: str, value: object) -> SafeString:
    shown = (
        "\N{EN DASH}"
        if value in {None, ""}
        else conditional_escape(str(value) if not isinstance(value, SafeString) else value)
    )
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", label, shown)


@register.inclusion_tag("ui/parts/tile.html")
def tile(
    label: str,
    number: str,
    delta: str = "",
    *,
    href: str = "",
    source: str = "",
    trend: Sequence[Amount] | None = None,
    tone: str = "",
) -> dict[str, object]:
    """A number of the business. `source`: the address of "where from?"; tone "up" colours the trend."""
    return {
        "label": label,
        "number": number,
        "delta": delta,
        "href": href,
        "source": source,
        "tone": tone,
        "long": len(str(number)) > 11,
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
