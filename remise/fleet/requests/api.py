"""Asking the insurer's desk by program what a rule refuses, with what was sent: the forms and the action of the
pages.

Each has the parameters of the call that is refused, and is named after the kind of request that it makes: so a
refusal can say where it is (`remise.api.problems`).
"""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_noop as _  # said in the reader's language by api.description
from ninja import Field, Router, Status

from remise.core import clock
from remise.core.actor import Actor
from remise.core.models import Item
from remise.core.schemas import Call, Sent, asks
from remise.desk.actions import open_request
from remise.desk.api import RequestShown, asked
from remise.fleet.access import branches_for, require_any
from remise.fleet.api import ChangeSent, Deregistration, OneRegistration
from remise.fleet.forms import CorrectionForm, DeregisterForm, ValueForm
from remise.fleet.requests import (
    CATALOGUE_VALUE,
    CHECK_CODE,
    CORRECT_REGISTRATION,
    LATE_CHANGE,
    LATE_DEREGISTRATION,
    LATE_REGISTRATION,
    VEHICLE_KIND,
    asking,
)
from remise.fleet.rights import FleetRight
from remise.fleet.selectors.history import history
from remise.fleet.selectors.plates import items_on
from remise.fleet.selectors.receipts import receipt_of
from remise.fleet.sent import details_sent, form_sent
from remise.fleet.terms import read_sent
from remise.organisations.requests import as_member
from remise.policies.selectors import policy_of, rules_of
from remise.ui.forms import valid

router = Router(tags=[_("requests")])


class Why(Sent):
    why: str = Field("", description=_("What is wrong: the desk looks at that."), examples=["Another vehicle."])


class ValueAsked(Sent):
    value: str = Field(
        "", description=_("The catalogue value when it was new, with tax, in euros."), examples=["38950.00"]
    )
    why: str = Field("", description=_("How you know: the desk looks at that."), examples=["The price list."])
    sure: bool = Field(
        False, description=_("Said once more, of a value that was refused because it looks like a slip.")
    )


@router.post(
    "/policies/{str:number}/requests/late-registration",
    response={201: RequestShown},
    url_name=f"ask_{LATE_REGISTRATION.name}",
    summary=_("Ask to insure from an earlier day"),
    description=_("The body of the registration that was refused, sent here. The desk decides; then it is insured."),
    openapi_extra=asks(*LATE_REGISTRATION.rights),
)
def registration(request: Call, response: HttpResponse, number: str, sent: OneRegistration) -> Status[dict[str, Any]]:
    return _registration(request, response, LATE_REGISTRATION.name, number, sent)


@router.post(
    "/policies/{str:number}/requests/check-code",
    response={201: RequestShown},
    url_name=f"ask_{CHECK_CODE.name}",
    summary=_("Ask about a check code that is refused"),
    description=_(
        "The body of the registration, sent here once the attempts are over. The desk looks at the registration"
        " certificate; then it is insured."
    ),
    openapi_extra=asks(*CHECK_CODE.rights),
)
def check_code(request: Call, response: HttpResponse, number: str, sent: OneRegistration) -> Status[dict[str, Any]]:
    return _registration(request, response, CHECK_CODE.name, number, sent)


@router.post(
    "/policies/{str:number}/requests/vehicle-kind",
    response={201: RequestShown},
    url_name=f"ask_{VEHICLE_KIND.name}",
    summary=_("Ask to insure another kind of vehicle"),
    description=_("The body of the registration that was refused, sent here. The desk decides; then it is insured."),
    openapi_extra=asks(*VEHICLE_KIND.rights),
)
def vehicle_kind(request: Call, response: HttpResponse, number: str, sent: OneRegistration) -> Status[dict[str, Any]]:
    return _registration(request, response, VEHICLE_KIND.name, number, sent)


@router.post(
    "/policies/{str:number}/requests/late-deregistration",
    response={201: list[RequestShown]},
    url_name=f"ask_{LATE_DEREGISTRATION.name}",
    summary=_("Ask to deregister from an earlier day"),
    description=_(
        "The body of the deregistration that was refused, sent here: a request for each vehicle, or none. The desk"
        " may accept one and refuse another."
    ),
    openapi_extra=asks(*LATE_DEREGISTRATION.rights),
)
def deregistration(request: Call, number: str, sent: Deregistration) -> Status[list[dict[str, Any]]]:
    by = request.actor
    require_any(as_member(request), FleetRight.DEREGISTER)
    policy, today = policy_of(by, number), clock.today(by)
    form = valid(DeregisterForm({"day": sent.day}, rules=rules_of(policy, on=today), today=today))
    items = Item.objects.filter(organisation=policy.organisation, id__in=items_on(policy, sent.plates))
    vehicles = dict(items.order_by("key").values_list("id", "key"))
    made = asking.ask_deregistrations(by=by, policy=policy, vehicles=vehicles, day=form.cleaned_data["day"])
    return Status(201, [asked(by, one) for one in made])


@router.post(
    "/vehicles/{int:item}/requests/late-change",
    response={201: RequestShown},
    url_name=f"ask_{LATE_CHANGE.name}",
    summary=_("Ask to change from an earlier day"),
    description=_("The body of the change that was refused, sent here. The desk decides; then it is changed."),
    openapi_extra=asks(*LATE_CHANGE.rights),
)
def change(request: Call, response: HttpResponse, item: int, sent: ChangeSent) -> Status[dict[str, Any]]:
    by = request.actor
    require_any(as_member(request), FleetRight.REGISTER)
    found = history(by, item)
    asked_for = read_sent(by, found, day=sent.day, details=sent.details, branch=sent.branch)
    return _opened(by, response, LATE_CHANGE.name, asking.late_change(found, asked_for))


@router.post(
    "/receipts/{int:entry}/requests/correction",
    response={201: RequestShown},
    url_name=f"ask_{CORRECT_REGISTRATION.name}",
    summary=_("Ask to correct an earlier receipt"),
    description=_("What was entered on an earlier day is undone by the desk."),
    openapi_extra=asks(*CORRECT_REGISTRATION.rights),
)
def correction(request: Call, response: HttpResponse, entry: int, sent: Why) -> Status[dict[str, Any]]:
    by = request.actor
    require_any(as_member(request), FleetRight.REGISTER, FleetRight.DEREGISTER)
    found = receipt_of(by, entry)
    form = valid(CorrectionForm({"why": sent.why}))
    return _opened(by, response, CORRECT_REGISTRATION.name, asking.correction(found, form))


@router.post(
    "/vehicles/{int:item}/requests/value",
    response={201: RequestShown},
    url_name=f"ask_{CATALOGUE_VALUE.name}",
    summary=_("Ask for another catalogue value"),
    description=_("What it should be, and how you know. It changes nothing yet: the desk looks at it."),
    openapi_extra=asks(*CATALOGUE_VALUE.rights),
)
def value(request: Call, response: HttpResponse, item: int, sent: ValueAsked) -> Status[dict[str, Any]]:
    by = request.actor
    require_any(as_member(request), FleetRight.REGISTER)
    found = history(by, item)
    form = valid(ValueForm({"value": sent.value, "why": sent.why}))
    return _opened(by, response, CATALOGUE_VALUE.name, asking.wrong_value(found, form, sure=sent.sure))


def _registration(
    request: Call, response: HttpResponse, kind: str, number: str, sent: OneRegistration
) -> Status[dict[str, Any]]:
    by = request.actor
    require_any(as_member(request), FleetRight.REGISTER)
    policy = policy_of(by, number)
    branches = branches_for(by, FleetRight.REGISTER) if sent.branch is None else []
    form = form_sent(by, policy, sent.model_dump(), branches)
    branch = form.branch if sent.branch is None else sent.branch
    details = details_sent(form, sent.details)
    return _opened(by, response, kind, asking.late_registration(policy, form, branch=branch, details=details))


def _opened(by: Actor, response: HttpResponse, kind: str, data: object) -> Status[dict[str, Any]]:
    made = open_request(by=by, kind=kind, data=data)
    response["Location"] = reverse("api:request", args=[made.id])
    return Status(201, asked(by, made))
