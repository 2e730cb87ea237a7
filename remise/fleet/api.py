"""The vehicles on a policy for programs: the selectors, forms and actions of the pages, and so the same verdict."""

from typing import Annotated, Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_noop as _  # said in the reader's language by api.description
from ninja import Field, Query, Router, Schema, Status
from pydantic import ConfigDict

from remise.core import clock, paging
from remise.core.actor import Actor
from remise.core.schemas import (
    EXAMPLE_DAY,
    AskedDay,
    AskedMoment,
    Before,
    Call,
    Cursor,
    Listed,
    Number,
    Sent,
    asks,
    listed,
)
from remise.core.words import language_now
from remise.fleet import described as shown
from remise.fleet.access import branches_for, require_any
from remise.fleet.actions import correct_entry, deregister_vehicles, mail_receipt
from remise.fleet.described import (
    MailedShown,
    ReceiptShown,
    RegisteredShown,
    TotalsShown,
    VehicleShown,
    VehicleWithHistory,
)
from remise.fleet.documents import ABOUT, OPENED_BY
from remise.fleet.forms import DeregisterForm
from remise.fleet.rights import FleetRight
from remise.fleet.selectors.covers import ends_of
from remise.fleet.selectors.history import history
from remise.fleet.selectors.plates import items_on
from remise.fleet.selectors.receipts import receipt_of, receipts_of
from remise.fleet.selectors.stock import Only, StockQuery, order_of, page, stock, totals
from remise.fleet.sent import register_sent
from remise.fleet.terms import change_sent
from remise.messages.selectors import mailed_about, mailed_by
from remise.organisations.access import require
from remise.organisations.requests import as_member
from remise.policies.models import Policy
from remise.policies.selectors import policy_of, rules_of
from remise.ui.forms import valid

router = Router(tags=[_("vehicles")])

MOST_AT_ONCE = 500
SORTS = "^-?(plate|make|since|value)$"


class Filters(Schema):
    """Which vehicles: those on cover on a day, as known at a moment."""

    day: AskedDay = Field(None, description=_("Default: today."))
    known_at: AskedMoment = Field(None, description=_("As it was known at this moment. Default: now."))
    search: str = Field(
        "", max_length=60, description=_("What a plate, a make or a name of its driver or lessee begins with.")
    )
    branch: Number | None = Field(None, description=_("Only this branch."))
    only: Only = Field(
        Only.ALL,
        description=_("`leaving`: the end of their cover is known; `unvalued`; `inspection`; `finding`; `at_desk`."),
    )

    def asked(self, by: Actor, sort: str = "-since") -> StockQuery:
        return StockQuery(
            day=self.day or clock.today(by),
            known_at=self.known_at,
            search=self.search,
            branch=self.branch,
            only=self.only,
            sort=sort,
        )


class Registration(Sent):
    """What registering asks, as on the page; the page's own form and the rules of the policy judge it."""

    # Left out, it is the form that says so, in the words of the page.
    model_config = ConfigDict(json_schema_extra={"required": ["plate", "day"]})

    plate: str = Field("", description=_("With or without dashes, in any case."), examples=["GHK-12-L"])
    check_code: str | None = Field(
        None, description=_("The last four of the chassis number; a trade plate has none."), examples=["0413"]
    )
    day: str = Field("", description=_("From when it is insured, as 2026-11-22."), examples=[EXAMPLE_DAY])
    details: dict[str, str | None] = Field(
        default_factory=dict, description=_("What the policy asks besides: `fields` of the policy."), examples=[{}]
    )
    sure: bool = Field(
        False,
        description=_("Said once more, of a vehicle that was refused because the policy is for other kinds."),
    )


class OneRegistration(Registration):
    branch: Number | None = Field(
        None, description=_("May be left out where this key registers in one branch only."), examples=[1]
    )


class Deregistration(Sent):
    plates: Annotated[list[str], Field(min_length=1, max_length=MOST_AT_ONCE, examples=[["GHK-12-L", "GT-001-K"]])]
    day: str = Field(
        description=_("As 2026-11-22: the last day covered or the first one without, as the policy says."),
        examples=[EXAMPLE_DAY],
    )


class ChangeSent(Sent):
    day: str = Field("", description=_("From when it is different, as 2026-11-22."), examples=[EXAMPLE_DAY])
    details: dict[str, str | None] = Field(
        default_factory=dict,
        description=_("What becomes different, by the names in `fields` of the policy; null: becomes empty."),
        examples=[{}],
    )
    branch: Number | None = Field(None, description=_("To which the vehicle belongs from then on."), examples=[1])


class ToMail(Sent):
    recipient: str = Field(max_length=254, examples=["jan@example.com"])
    language: str | None = Field(None, description=_("One of the portal's."), examples=["nl"])


@router.get(
    "/policies/{str:number}/vehicles",
    response=Listed[VehicleShown],
    url_name="vehicles",
    openapi_extra=asks(FleetRight.VIEW),
    summary=_("List the vehicles on a policy"),
    description=_("On a day, as known at a moment, fifty at a time."),
)
def vehicles(
    request: Call,
    number: str,
    filters: Query[Filters],
    sort: Annotated[str, Query(pattern=SORTS, description=_("A minus: downwards."))] = "-since",
    cursor: Cursor = "",
    before: Before = "",
) -> dict[str, Any]:
    policy, query = _asked(request, number, filters, sort)
    order = order_of(query)
    after, before = (paging.opened(text, order) for text in (cursor, before))
    found = page(stock(request.actor, policy, query), query, after=after, before=before)
    ends = ends_of(found.rows, query.known_at)
    return listed(found, shown.vehicles(request.actor, policy, found.rows, ends))


@router.get(
    "/policies/{str:number}/totals",
    response=TotalsShown,
    url_name="totals",
    openapi_extra=asks(FleetRight.VIEW),
    summary=_("Count and value of a policy"),
    description=_("Of the same vehicles that the list shows with the same filters."),
)
def counted(request: Call, number: str, filters: Query[Filters]) -> object:
    policy, query = _asked(request, number, filters)
    return totals(request.actor, policy, query)


@router.get(
    "/vehicles/{int:item}",
    response=VehicleWithHistory,
    url_name="vehicle",
    openapi_extra=asks(FleetRight.VIEW),
    summary=_("One vehicle and its history"),
    description=_("What holds or held last, and every line that led there, the newest first."),
)
def vehicle(request: Call, item: int) -> dict[str, Any]:
    require_any(as_member(request), FleetRight.VIEW)
    found = history(request.actor, item)
    policy = Policy.objects.select_related("product").get(organisation=request.actor.company, id=found.item.policy)
    return shown.with_history(request.actor, policy, found)


@router.post(
    "/vehicles/{int:item}/changes",
    response={201: ReceiptShown},
    url_name="change",
    openapi_extra=asks(FleetRight.REGISTER),
    summary=_("Change a vehicle's terms"),
    description=_("From a day on. What is not sent stays as it is. The answer is the receipt."),
)
def change(request: Call, response: HttpResponse, item: int, sent: ChangeSent) -> Status[dict[str, Any]]:
    by = request.actor
    require_any(as_member(request), FleetRight.REGISTER)
    done = change_sent(by=by, found=history(by, item), day=sent.day, details=sent.details, branch=sent.branch)
    response["Location"] = reverse("api:receipt", args=[done.entry.id])
    return Status(201, shown.receipt(receipt_of(by, done.entry.id)))


@router.post(
    "/policies/{str:number}/vehicles",
    response={201: RegisteredShown},
    url_name="register",
    openapi_extra=asks(FleetRight.REGISTER),
    summary=_("Register a vehicle"),
    description=_("Puts the vehicle on the policy from that day on. The answer has the number of the receipt."),
)
def register(request: Call, response: HttpResponse, number: str, sent: OneRegistration) -> Status[dict[str, Any]]:
    by = request.actor
    require_any(as_member(request), FleetRight.REGISTER)
    policy = policy_of(by, number)
    branches = branches_for(by, FleetRight.REGISTER) if sent.branch is None else []
    done = register_sent(by=by, policy=policy, sent=sent.model_dump(), branch=sent.branch, branches=branches)
    response["Location"] = reverse("api:receipt", args=[done.entry.id])
    return Status(201, shown.registered(policy, done))


@router.post(
    "/policies/{str:number}/deregistrations",
    response={201: list[ReceiptShown]},
    url_name="deregister",
    openapi_extra=asks(FleetRight.DEREGISTER),
    summary=_("Deregister vehicles"),
    description=_("Takes these vehicles off the policy: all of them or none."),
)
def deregister(request: Call, number: str, sent: Deregistration) -> Status[list[dict[str, Any]]]:
    by = request.actor
    require_any(as_member(request), FleetRight.DEREGISTER)
    policy, today = policy_of(by, number), clock.today(by)
    form = valid(DeregisterForm({"day": sent.day}, rules=rules_of(policy, on=today), today=today))
    items = items_on(policy, sent.plates)
    done = deregister_vehicles(by=by, policy=policy, items=items, day=form.cleaned_data["day"])
    return Status(201, [shown.receipt(one) for one in receipts_of(by, [one.entry.id for one in done])])


@router.get(
    "/receipts/{int:entry}",
    response=ReceiptShown,
    url_name="receipt",
    openapi_extra=asks(*OPENED_BY),
    summary=_("One receipt"),
    description=_("What was done, when, by whom, and whether it was corrected."),
)
def receipt(request: Call, entry: int) -> dict[str, Any]:
    require_any(as_member(request), *OPENED_BY)
    return shown.receipt(receipt_of(request.actor, entry))


@router.get(
    "/receipts/{int:entry}/mails",
    response=list[MailedShown],
    url_name="receipt_mails",
    openapi_extra=asks(*OPENED_BY),
    summary=_("How its mails fared"),
    description=_("Of the mails with which this receipt was sent, the newest first, at most twenty."),
)
def mails(request: Call, entry: int) -> list[dict[str, Any]]:
    require_any(as_member(request), *OPENED_BY)
    receipt_of(request.actor, entry)
    return [shown.mailed(one) for one in mailed_about(request.actor, (ABOUT, entry))]


@router.post(
    "/receipts/{int:entry}/mails",
    response={202: MailedShown},
    url_name="mail_receipt",
    openapi_extra=asks(FleetRight.REGISTER, FleetRight.DEREGISTER),
    summary=_("Mail a receipt"),
    description=_(
        "Sends the PDF to the driver, in the language of the call where none is given; it goes out a moment later."
    ),
)
def mail(request: Call, entry: int, sent: ToMail) -> Status[dict[str, Any]]:
    by = request.actor
    receipt_of(by, entry)
    language = sent.language or language_now()
    mailing = mail_receipt(by=by, entry=entry, recipient=sent.recipient, language=language, key=uuid4())
    return Status(202, shown.mailed(mailed_by(by, mailing)))


@router.post(
    "/receipts/{int:entry}/correction",
    response={201: ReceiptShown},
    url_name="correct",
    openapi_extra=asks(FleetRight.REGISTER, FleetRight.DEREGISTER),
    summary=_("Undo what was mistyped"),
    description=_("On the day on which it was made. The line and its receipt stay, and show the correction."),
)
def correct(request: Call, response: HttpResponse, entry: int) -> Status[dict[str, Any]]:
    by = request.actor
    found = receipt_of(by, entry)
    correction = correct_entry(by=by, policy=found.policy, entry=entry)
    response["Location"] = reverse("api:receipt", args=[correction.id])
    return Status(201, shown.receipt(receipt_of(by, correction.id)))


def _asked(request: Call, number: str, filters: Filters, sort: str = "-since") -> tuple[Policy, StockQuery]:
    plain: HttpRequest = request
    require(plain, FleetRight.VIEW)
    return policy_of(request.actor, number), filters.asked(request.actor, sort)
