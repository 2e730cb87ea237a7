"""What the middleware adds to a request, for the types; and where in the company one works, kept in the session."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, cast

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from remise.core.actor import Actor
from remise.organisations.selectors import OwnMembership
from remise.portals.models import Portal

if TYPE_CHECKING:
    from remise.organisations.preview import Preview

# The field of a form that says for which company its page was made.
FOR_COMPANY = "for_company"
# In the session: the client that one acts for, beside the office that one works for.
CLIENT = "client"


@dataclass(frozen=True, slots=True)
class Ground:
    """Why somebody may act for a client: a mandate with its purpose, or (without a number) that the office is the
    client's intermediary. `until` is the first day without; None = open."""

    mandate: int | None
    purpose: str
    rights: frozenset[str]
    until: date | None


@dataclass(frozen=True, slots=True)
class Client:
    """The company acted for by who works for another one."""

    organisation: int
    name: str
    office: int
    office_name: str
    grounds: tuple[Ground, ...]


class MemberRequest(HttpRequest):
    """A request as a view sees it. `memberships` are all companies of the person at this insurer, `membership` is the
    one acted for; or, where there is a `client`, the office that acts for it."""

    portal: Portal
    actor: Actor
    preview: "Preview | None"  # as which colleague one looks
    membership: OwnMembership | None
    memberships: tuple[OwnMembership, ...]
    client: Client | None
    htmx: HtmxDetails


def as_member(request: HttpRequest) -> MemberRequest:
    """For code that is handed a plain request, such as the frame's parts."""
    return cast("MemberRequest", request)


def chosen(session: SessionBase, memberships: Sequence[OwnMembership]) -> OwnMembership | None:
    """The one of this session while it still holds, else the only company, in everyday work; else none: then one must
    choose."""
    wanted = session.get("membership")
    found = next((own for own in memberships if own.id == wanted), None)
    companies = {own.organisation for own in memberships}
    return found or (memberships[0] if len(companies) == 1 else None)


def chosen_branch(session: SessionBase, membership: OwnMembership) -> int | None:
    """The branch of this session, else the only one in which anything may be done; None = the whole company."""
    if session.get("membership") == membership.id and session.get("branch"):
        return int(session["branch"])
    held = {branch for _, branch in membership.grants}
    return held.pop() if len(held) == 1 else None


def work_at(session: SessionBase, *, membership: int, branch: int | None) -> None:
    session["membership"] = membership
    session["branch"] = branch
    session.pop(CLIENT, None)


def company_name(request: HttpRequest) -> str:
    """Of the company that is acted for, be it one's own or a client."""
    asked = as_member(request)
    if asked.client is not None:
        return asked.client.name
    return asked.membership.company if asked.membership else ""


def made_for(actor: Actor) -> str:
    """What a form says of the company for which its page was made, and of the office that acts for it."""
    return f"{actor.organisation}@{actor.office}" if actor.office else str(actor.organisation)


def is_for_another(request: MemberRequest) -> bool:
    """Sent from a page that was made for another company, or by way of another office, than the one chosen meanwhile
    in another tab."""
    return request.method == "POST" and request.POST.get(FOR_COMPANY, "") not in {"", made_for(request.actor)}


def page_asked(request: HttpRequest) -> str:
    """To come back to afterwards; what was sent is not sent once more."""
    return request.get_full_path() if request.method == "GET" else "/"


def safe_next(request: HttpRequest, otherwise: str = "/") -> str:
    """Where to go on afterwards; only ever to a page of this portal."""
    return own_page(request, request.POST.get("next") or request.GET.get("next") or "", otherwise)


def own_page(request: HttpRequest, wanted: str, otherwise: str = "/") -> str:
    """What a browser says of where it is or wants to be, if that is in this portal."""
    hosts = {request.get_host()}
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=hosts, require_https=request.is_secure()):
        return wanted
    return otherwise


def wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"
