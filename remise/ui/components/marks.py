"""Small marks: icons, plates, states, progress."""

from __future__ import annotations

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from remise.ui import formats

register = template.Library()


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


# Plates and states stand in every line of a list: here they cost a fifth of what templates of their own would.


@register.simple_tag
def plate(value: object, size: str = "", trade: bool | None = None, country: str = "NL") -> SafeString:
    """A plate as on the car: yellow, or green for the trade. Sizes: "", "m", "l"."""
    known = formats.read_plate(value)
    green = bool(known and known.is_trade) if trade is None else trade
    return format_html(
        '<span class="plate{}{}"><span class="plate-land" aria-hidden="true">{}</span><span class="plate-text">'
        '<span class="visually-hidden">{} </span>{}</span></span>',
        f" plate-{size}" if size else "",
        " plate-trade" if green else "",
        country,
        gettext("Trade plate") if green else gettext("Plate"),
        formats.plate_text(known or value),
    )


@register.simple_tag
def state(label: str, tone: str = "", icon: str = "") -> SafeString:
    """A state as a word with a dot. Tones: "", good, warn, bad, info."""
    mark = draw_icon(icon) if icon else ""
    return format_html('<span class="state{}">{}{}</span>', f" tone-{tone}" if tone else "", mark, label)


@register.simple_tag
def swatch(colour: str, label: str = "") -> SafeString:
    """A square in a car's colour; `colour` is one of the register's words ("GRIJS"), in any case."""
    known = colour.lower() if colour.lower() in SWATCHES else "unknown"
    shown = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<span class="swatch swatch-{}" {}></span>', known, shown)


# The register's words for colours; each has a square in remise.css.
SWATCHES = frozenset(
    {"beige", "blauw", "bruin", "creme", "diversen", "geel", "grijs", "groen"}
    | {"oranje", "paars", "rood", "rose", "wit", "zwart"}
)


draw_icon = icon  # where an argument has its name


@register.inclusion_tag("ui/parts/progress.html")
def progress(done: int, total: int, label: str = "", detail: str = "") -> dict[str, object]:
    return {"done": done, "total": total, "label": label, "detail": detail}


@register.inclusion_tag("ui/parts/skeleton.html")
def skeleton(kind: str = "lines", rows: int = 3) -> dict[str, object]:
    """What stands where an answer will come. Kinds: lines, table, tile, vehicle."""
    return {"kind": kind, "rows": range(rows)}
