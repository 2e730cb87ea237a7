"""Every "no" of the API as a problem document (RFC 9457): what a page would say, in a form that a program reads.

`code` is stable and made for programs; `detail` is for people, in the language of the call. A missing right comes
with the right, the branch and who can grant it; a limit with what lifts it.
"""

import json
from collections.abc import Mapping
from http import HTTPStatus
from math import ceil
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Field, Schema
from ninja.errors import ValidationError

from remise.api.mistakes import words
from remise.core.errors import DomainError, Forbidden, NotVisible, Remedy
from remise.core.limits import TooOften
from remise.core.schemas import WayOut
from remise.organisations import lacking, refusals
from remise.organisations.lacking import Missing
from remise.organisations.requests import MemberRequest
from remise.organisations.tokens.authentication import UnknownKey

MEDIA_TYPE = "application/problem+json"


class Mistake(Schema):
    """One thing that is not as the description of the API says."""

    field: str = Field(examples=["body.rows.0.plate"])
    code: str = Field(examples=["string_type"])
    detail: str


class Problem(Schema):
    """A problem document (RFC 9457). `code` says which rule: it stays as it is; `detail` is for people."""

    type: str = Field("about:blank", description=gettext_noop("Always about:blank: `code` says what happened."))
    title: str = Field(description=gettext_noop("The words of the status."), examples=["Unprocessable Content"])
    status: int = Field(examples=[422])
    code: str = Field(examples=["already_registered"])
    detail: str = Field("", description=gettext_noop("For people, in the language of Accept-Language."))
    field: str | None = Field(None, description=gettext_noop("What was sent that this is about."), examples=["plate"])
    missing: Missing | None = None
    granters: list[str] | None = Field(
        None, description=gettext_noop("Who can grant the right."), examples=[["Kees Bos"]]
    )
    remedy: WayOut | None = None
    mistakes: list[Mistake] | None = None


def problem(status: int, code: str, detail: str = "", **more: object) -> HttpResponse:
    said: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    said |= {name: value for name, value in more.items() if value is not None}
    answer = HttpResponse(json.dumps(said, ensure_ascii=False), status=status, content_type=MEDIA_TYPE)
    answer["X-Reason-Code"] = code
    return answer


def refused(request: MemberRequest, error: DomainError) -> HttpResponse:
    """What an action or a selector raised; no more status codes than there are sorts of it."""
    match error:
        case Forbidden():
            return _forbidden(request, error)
        case NotVisible():
            return problem(404, error.code, str(error.message))
        case UnknownKey():
            answer = problem(401, error.code, str(error.message))
            answer["WWW-Authenticate"] = 'Bearer realm="api"'
            return answer
        case TooOften():
            answer = problem(429, error.code, str(error.message))
            answer["Retry-After"] = str(ceil(error.seconds))
            return answer
    remedy = error.remedy and _way_out(request, error.remedy)
    return problem(422, error.code, str(error.message), field=error.field, remedy=remedy)


def _way_out(request: MemberRequest, remedy: Remedy) -> dict[str, str]:
    """The operation that makes such a request is named after its kind, and stands at the address of the refused
    call."""
    told = {"label": str(remedy.label), "request_kind": remedy.request_kind}
    called = request.resolver_match
    try:
        path = reverse(f"api:ask_{remedy.request_kind}", kwargs=called.kwargs if called else {})
    except NoReverseMatch:  # of another call, such as a run: the request is made one by one
        return told
    return told | {"method": "POST", "path": path}


def _forbidden(request: MemberRequest, error: Forbidden) -> HttpResponse:
    """Written down as on a page: an attempt stays known."""
    decision = error.decision
    refusals.note(request, decision)
    if decision.right is None or request.actor.organisation is None:
        return problem(403, error.code, str(error.message))
    company = request.actor.organisation
    return problem(
        403,
        error.code,
        str(error.message),
        missing=lacking.missing(decision.right, decision.branch, organisation=company),
        granters=lacking.granters(request, company),
    )


def misshapen(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What does not fit the description of the API. Of a value it says nothing back."""
    mistakes = [_mistake(said) for said in error.errors]
    whole = _("What was sent is not as the description of the API says.")
    return problem(422, "shape", whole, field=mistakes[0]["field"], mistakes=mistakes)


def _mistake(said: Mapping[str, Any]) -> dict[str, str]:
    place = [str(part) for part in said["loc"]]
    return {"field": ".".join(place), "code": str(said["type"]), "detail": words(said)}
