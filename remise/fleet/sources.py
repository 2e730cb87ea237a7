"""Where a value comes from, in words."""

from django.utils.translation import gettext as _

from remise.fleet.models import BY_DESK


def source_name(source: str | None) -> str:
    """The register under its own name; a value that the insurer's desk gave is said to be so."""
    return _("the insurer's desk") if source == BY_DESK else source or ""
