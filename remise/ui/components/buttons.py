"""Buttons, and what stands on them."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


KINDS = {
    "primary": "btn-primary",
    "plain": "btn-plain",
    "quiet": "btn-quiet",
    "danger": "btn-danger-soft",
    "link": "btn-link",
}


def flat_attributes(extra: dict[str, object]) -> SafeString:
    """`hx_post="/x"` becomes `hx-post="/x"`; True gives a bare attribute, False and None give none."""
    pairs = [(k.rstrip("_").replace("_", "-"), v) for k, v in extra.items() if v is not None and v is not False]
    return format_html_join("", " {}{}", ((k, "" if v is True else format_html('="{}"', v)) for k, v in pairs))


@register.inclusion_tag("ui/parts/button.html")
def button(label: str, href: str = "", kind: str = "plain", icon: str = "", **extra: object) -> dict[str, object]:
    """A link when it has an href, else a button. Extra: size="sm|lg", wide=True, type, name, hx_get, data_x."""
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
def sentence_button(
    sentence: str, otherwise: str, today: dt.date | None = None, **extra: object
) -> dict[str, object]:
    """The submit button that says what will happen: "{plate} verzekeren vanaf {day}".

    A word in braces is the name of an input of the same form; while one is empty, `otherwise` stands there. A date
    input is written as "today", "yesterday" or the day.
    """
    return {"sentence": sentence, "otherwise": otherwise, "today": today, "extra": flat_attributes(extra)}


@register.inclusion_tag("ui/parts/copy.html")
def copy(value: object, label: str = "") -> dict[str, object]:
    return {"value": value, "label": label}


@register.inclusion_tag("ui/parts/link_row.html")
def link_row(
    title: str, href: str = "", sub: str = "", *, icon: str = "", person: bool = False, **extra: object
) -> dict[str, object]:
    """A line that leads on, in `<ul class="link-rows">`; without an href a submit button (name=, value=)."""
    return {
        "title": title,
        "href": href,
        "sub": sub,
        "icon": icon,
        "person": person,
        "extra": flat_attributes(extra),
    }
