"""Requests of the insurer's desk, as a program that asked them follows them. Asking them is of the rooms whose kinds
they are."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_noop as _  # said in the reader's language by api.description
from ninja import Field, Query, Router, Schema, Status

from remise.core import paging
from remise.core.actor import Actor
from remise.core.identifiers import Plate
from remise.core.schemas import Before, Call, Cursor, Listed, Sent, Words, listed
from remise.desk import actions, selectors
from remise.desk.followed import VEHICLE
from remise.desk.kinds import RequestKind
from remise.desk.models import DeskRequest
from remise.desk.selectors import NEWEST_FIRST, Line, Said

router = Router(tags=[_("requests")])

# Written out: other rooms have states too, and a description names each shape once.
RequestState = Literal["waiting", "taken", "accepted", "refused", "withdrawn", "settled"]


class RequestShown(Schema):
    """It is over when `state` is accepted, refused, withdrawn or settled."""

    id: int
    kind: str = Field(examples=["late_registration"])
    label: Words = Field(examples=["Insure from an earlier day"])
    state: RequestState
    state_label: Words = Field(description=_("The state in the words of the page."))
    title: str = Field(description=_("What is asked, in short; empty once its words are no longer kept."))
    plate: str | None = Field(examples=["GHK12L"])
    plate_formatted: str | None = Field(examples=["GHK-12-L"])
    vehicle: int | None = Field(description=_("Null where it is about no vehicle on a policy yet."))
    branch: int | None
    opened_at: datetime
    due_at: datetime = Field(description=_("Until when the desk promised an answer."))
    asks_you: bool = Field(description=_("The desk asked something, and waits for your message."))
    decided_at: datetime | None
    reason: str = Field(description=_("Why, in the desk's words."))
    entry: int | None = Field(description=_("The receipt of what was done: /receipts/{entry}."))
    sent_before: bool = Field(description=_("The same was asked before and is open still: this is that request."))


class MessageShown(Schema):
    id: int
    at: datetime
    from_desk: bool
    by: str = Field(description=_("Who wrote it; of the desk nobody is named."))
    text: str


class FactShown(Schema):
    label: Words
    value: Words


class RuleShown(Schema):
    words: str = Field(examples=["40 days back is no longer possible online: the limit is 28 days."])
    source: str


class RequestWithMessages(RequestShown):
    asked_by: str
    rule_met: RuleShown | None = Field(description=_("The rule that this is about, as it was on the day you asked."))
    facts: list[FactShown] = Field(description=_("What the desk looks at, as the page shows it."))
    messages: list[MessageShown] = Field(description=_("The oldest first."))


class Message(Sent):
    text: str = Field("", max_length=actions.LONGEST, examples=["The invoice is from March."])


OnlyOpen = Annotated[bool, Query(description=_("Only those that are not over."))]


@router.get(
    "/requests",
    response=Listed[RequestShown],
    url_name="requests",
    summary=_("List requests of the desk"),
    description=_("What your company asked and your rights let you see, the newest first, fifty at a time."),
)
def requests(request: Call, open: OnlyOpen = False, cursor: Cursor = "", before: Before = "") -> dict[str, Any]:  # noqa: A002
    by = request.actor
    selectors.require_any(by)
    after, before = (paging.opened(text, NEWEST_FIRST) for text in (cursor, before))
    page = selectors.page_of_requests(by, only_open=open, after=after, before=before)
    return listed(page, [_line(line) for line in page.rows])


@router.get(
    "/requests/{int:case}",
    response=RequestWithMessages,
    url_name="request",
    summary=_("One request of the desk"),
    description=_(
        "How far it is, what was said, and the outcome with its reason. That a program read it does not take it off"
        " your colleagues' home page."
    ),
)
def one(request: Call, case: int) -> dict[str, Any]:
    by = request.actor
    found = selectors.case_of(by, selectors.request_of(by, case))
    title = found.title if found.data is not None else ""
    return shown(found.request, found.kind, title, found.plate) | {
        "asked_by": found.asked_by,
        "rule_met": found.rule_met,
        "facts": found.facts,
        "messages": [_message(each) for each in found.messages],
    }


@router.post(
    "/requests/{int:case}/messages",
    response={201: RequestWithMessages},
    url_name="request_say",
    summary=_("Say something to the desk"),
    description=_("Answers its question, or adds to what was asked, for as long as the request is not over."),
)
def say(request: Call, case: int, sent: Message) -> Status[dict[str, Any]]:
    selectors.request_of(request.actor, case)
    actions.say(by=request.actor, request=case, text=sent.text)
    return Status(201, one(request, case))


@router.post(
    "/requests/{int:case}/withdraw",
    response=RequestWithMessages,
    url_name="request_withdraw",
    summary=_("Withdraw a request"),
    description=_("You no longer ask it. Nothing is changed."),
)
def withdraw(request: Call, case: int) -> dict[str, Any]:
    selectors.request_of(request.actor, case)
    actions.withdraw(by=request.actor, request=case)
    return one(request, case)


def asked(by: Actor, request: DeskRequest) -> dict[str, Any]:
    """One that was just asked, for the rooms whose kinds there are."""
    return _line(selectors.line_of(by, request))


def _message(said: Said) -> dict[str, Any]:
    same = ("id", "at", "from_desk", "text")
    return {name: getattr(said.message, name) for name in same} | {"by": said.who}


def _line(line: Line) -> dict[str, Any]:
    return shown(line.request, line.kind, line.title, line.plate)


def shown(request: DeskRequest, kind: RequestKind, title: str, plate: str) -> dict[str, Any]:
    same = ("id", "state", "branch", "opened_at", "due_at", "decided_at", "reason", "entry", "sent_before")
    return {name: getattr(request, name) for name in same} | {
        "kind": kind.outward,
        "label": kind.named(is_staff=False),
        "state_label": kind.called(request.state, request.get_state_display()),
        "title": title,
        "plate": plate or None,
        "plate_formatted": Plate(plate).formatted if plate else None,
        "vehicle": request.subject if request.subject_kind == VEHICLE else None,
        "asks_you": request.waits_for_customer,
    }
