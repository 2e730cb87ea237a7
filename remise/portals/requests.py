from django.http import HttpRequest

from remise.portals.models import Portal


def portal_of(request: HttpRequest | None) -> Portal | None:
    """The portal that was asked for; none on the demo's start page, and outside a request."""
    return getattr(request, "portal", None)
