from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port

from remise.portals.models import Portal


def portal_of(request: HttpRequest | None) -> Portal | None:
    """The portal that was asked for; none on the demo's start page, and outside a request."""
    return getattr(request, "portal", None)


def address_of(request: HttpRequest, path: str) -> str:
    """An address to mail: the portal's host as it is stored, with the installation's own scheme and port. Whoever
    asks for a mail also writes the Host header, whose port is checked by nothing."""
    return address_at(getattr(request, "portal_host", "") or split_domain_port(request.get_host())[0], path)


def host_of(portal: Portal) -> str:
    """The name under which it is reached, where nobody asked for it under one."""
    return portal.hosts.order_by("id").values_list("host", flat=True).first() or "localhost"


def address_at(host: str, path: str) -> str:
    """An address for paper, where there is no request: the host as it is stored."""
    scheme, usual = ("https", 443) if settings.SECURE else ("http", 80)
    port = f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT not in {0, usual} else ""
    return f"{scheme}://{host}{port}{path}"
