"""Numbers, days and tones as filters."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django import template
from django.contrib.messages import constants as levels
from django.utils.html import format_html
from django.utils.safestring import SafeString

from remise.ui import formats
from remise.ui.formats import Amount

register = template.Library()


@register.filter
def money(value: Amount | None, style: str = "") -> str:
    return "" if value is None else formats.money(value, style)


@register.filter
def amount(value: Decimal | None) -> str:
    return "" if value is None else formats.amount(value)


@register.filter
def number(value: Amount | None, digits: int | None = None) -> str:
    return "" if value is None else formats.number(value, digits)


@register.filter
def day(value: dt.date | None, style: str = "") -> str:
    return formats.day(value, style) if value else ""


@register.filter
def duration(days: int) -> str:
    return formats.duration(days)


@register.filter
def plate_text(value: object) -> str:
    return formats.plate_text(value)


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
