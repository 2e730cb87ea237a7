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
    # As an attribute of a picture: the rules for contents allow no styles in a page.
    drawn = SWATCHES.get(known, UNKNOWN_COLOUR)
    return format_html('<svg class="swatch swatch-{}" color="{}" {}></svg>', known, drawn, shown)


# The register's words for colours, and how each is drawn; several colours at once are one square in remise.css.
SWATCHES = {
    "beige": "#d9c9a8",
    "blauw": "#2b4f86",
    "bruin": "#6b4a34",
    "creme": "#efe6cf",
    "geel": "#f2c521",
    "grijs": "#5b6670",
    "groen": "#2f6b45",
    "oranje": "#dd7a26",
    "paars": "#5d3d78",
    "rood": "#a92a2a",
    "rose": "#dba0ab",
    "wit": "#fdfdfd",
    "zwart": "#1d2226",
    "diversen": "#9aa5ab",
}
UNKNOWN_COLOUR = "#9aa5ab"


draw_icon = icon  # where an argument has its name


@register.inclusion_tag("ui/parts/progress.html")
def progress(done: int, total: int, label: str = "", detail: str = "") -> dict[str, object]:
    return {"done": done, "total": total, "label": label, "detail": detail}


@register.inclusion_tag("ui/parts/skeleton.html")
def skeleton(kind: str = "lines", rows: int = 3) -> dict[str, object]:
    """What stands where an answer will come. Kinds: lines, table, tile, vehicle."""
    return {"kind": kind, "rows": range(rows)}
