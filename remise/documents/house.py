"""What all documents of a portal have in common, taken into each snapshot: a look that changes later changes no
document of before."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.utils import translation
from django.utils.translation import gettext as _

from remise.portals.models import Portal
from remise.ui.theme import Palette

LARGEST_LOGO = 20_000  # characters of SVG: it is in every snapshot


def frame(portal: Portal, language: str) -> dict[str, Any]:
    palette = Palette.of(portal.brand)
    with translation.override(language):
        return {
            "house": {
                "portal": portal.name,
                "insurer": portal.insurer,
                "brand": palette.brand,
                "ink": palette.ink,
                "logo": _logo(portal.logo),
                "desk": [portal.desk_name, portal.desk_phone, portal.desk_email, portal.desk_hours],
            },
            "words": {
                # The template puts the figures in.
                "page": _("Page {page} of {pages}"),
                "sealed": _("Sealed electronically by %(insurer)s: a PDF reader shows any change.")
                % {"insurer": portal.insurer},
            },
        }


@lru_cache(maxsize=64)
def _logo(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str) or not found.endswith(".svg"):
        return ""
    drawing = Path(found).read_text()
    return drawing if len(drawing) <= LARGEST_LOGO else ""
