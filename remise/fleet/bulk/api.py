"""Many vehicles at once for programs: sent in, looked through, mended, confirmed and followed, by the actions of the
pages."""

from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _  # said in the reader's language by api.description
from ninja import Field, Router, Status

from remise.core import paging
from remise.core.errors import BrokenRule
from remise.core.schemas import EXAMPLE_DAY, AskedDay, Before, Call, Cursor, Listed, Number, Sent, asks, listed
from remise.core.spreadsheet import CONTENT_TYPES
from remise.documents import actions as documents
from remise.fleet.access import require_any
from remise.fleet.bulk import described as shown
from remise.fleet.bulk.batches import batch_of, begin_batch, mend_batch
from remise.fleet.bulk.described import MOST_ROWS, BatchRowShown, BatchShown, Deed
from remise.fleet.bulk.kinds import KINDS
from remise.fleet.bulk.results import results_now, results_of
from remise.fleet.rights import FleetRight
from remise.organisations.requests import as_member
from remise.runs import actions, selectors
from remise.runs.documents import draw_up_summary
from remise.runs.kinds import from_file
from remise.runs.models import Run, RunRow
from remise.runs.results import AT_ONCE
from remise.runs.selectors import AS_SENT

router = Router(tags=[_("batches")])

ASKS = asks(FleetRight.REGISTER, FleetRight.DEREGISTER)
type Cells = dict[str, str | int | bool | None]
MOST_CELLS = 200
AGAIN = "2"  # seconds
FILES = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in CONTENT_TYPES.values()}
PDF = {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}


class BatchSent(Sent):
    deed: Deed = Field(examples=["register"])
    policy: str = Field(max_length=40, examples=["40.123456"])
    day: AskedDay = Field(None, description=_("For rows that say none."))
    branch: Number | None = Field(
        None,
        description=_(
            "For rows that say none; only where vehicles are registered. May be left out where there is one."
        ),
        examples=[1],
    )
    whole: bool = Field(False, description=_("All rows or none. Otherwise each by itself."))
    rows: Annotated[
        list[Annotated[Cells, Field(max_length=MOST_CELLS)]],
        Field(
            min_length=1,
            max_length=MOST_ROWS,
            description=_("Cells by the names of the columns that the template of this policy has."),
            examples=[[{"plate": "GHK-12-L", "check_code": "0413", "day": EXAMPLE_DAY}]],
        ),
    ]


class RowMended(Sent):
    cells: Cells = Field(
        default_factory=dict,
        max_length=MOST_CELLS,
        description=_("Those that say something else; null makes one empty."),
        examples=[{"check_code": "0413"}],
    )
    leave_out: bool = Field(False, description=_("This row is not to be done; it cannot be mended any more."))


@router.post(
    "/batches",
    response={202: BatchShown},
    url_name="begin_batch",
    openapi_extra=ASKS,
    summary=_("Send in many vehicles"),
    description=_(
        "Registers, changes or deregisters the vehicles of these rows, once you confirm it. Before that they are"
        " looked through: nothing happens yet, and what would be refused can be mended. The same rows sent again lead"
        " to the batch that there is, unless that was cancelled."
    ),
)
def begin(request: Call, response: HttpResponse, sent: BatchSent) -> Status[dict[str, Any]]:
    by = request.actor
    require_any(as_member(request), FleetRight(KINDS[sent.deed].right))
    run = begin_batch(
        by=by,
        deed=sent.deed,
        policy=sent.policy,
        day=sent.day,
        branch=sent.branch,
        rows=sent.rows,
        whole=sent.whole,
    )
    response["Location"] = reverse("api:batch", args=[run.id])
    return Status(202, _shown(request, run))


@router.get(
    "/batches/{int:number}",
    response=BatchShown,
    url_name="batch",
    openapi_extra=ASKS,
    summary=_("How does a batch stand?"),
    description=_(
        "Once it is confirmed, ask again every few seconds until `state` is `done`. Where all or none was asked and a"
        " row can be done no more, nothing was done and it is `checked` again. What was sent in on a page is here."
    ),
)
def one(request: Call, number: int) -> dict[str, Any]:
    return _shown(request, batch_of(request.actor, number))


@router.get(
    "/batches/{int:number}/rows",
    response=Listed[BatchRowShown],
    url_name="batch_rows",
    openapi_extra=ASKS,
    summary=_("What becomes of each row"),
    description=_(
        "In the order in which they were sent; `verdict` shows only those: `wrong` before it is confirmed, `refused`"
        " after that."
    ),
)
def rows(
    request: Call, number: int, verdict: RunRow.Verdict | None = None, cursor: Cursor = "", before: Before = ""
) -> dict[str, Any]:
    run = batch_of(request.actor, number)
    after, before = (paging.opened(text, AS_SENT) for text in (cursor, before))
    page = selectors.page_of_rows(run, verdict or "", after=after, before=before)
    return listed(page, shown.batch_rows(as_member(request), run, page.rows))


@router.patch(
    "/batches/{int:number}/rows/{int:position}",
    response=BatchRowShown,
    url_name="batch_mend",
    openapi_extra=ASKS,
    summary=_("Mend a row, or leave it out"),
    description=_("Before the batch is confirmed. The row is looked at anew; the answer has its verdict."),
)
def mend(request: Call, number: int, position: int, sent: RowMended) -> dict[str, Any]:
    by = request.actor
    run = batch_of(by, number)
    if not sent.leave_out:
        row = mend_batch(by=by, batch=number, position=position, cells=sent.cells)
    elif sent.cells:
        told = gettext("Mend the row or leave it out: not both.")
        raise BrokenRule(told, code="mended_and_left_out", field="leave_out")
    else:
        row = actions.leave_out(by=by, run=number, position=position)
    return shown.batch_rows(as_member(request), run, [selectors.RowOfPage(row, "")])[0]


@router.post(
    "/batches/{int:number}/confirm",
    response={202: BatchShown},
    url_name="batch_confirm",
    openapi_extra=ASKS,
    summary=_("Do what can be done"),
    description=_(
        "Begins with the rows that are right, each looked at once more at the moment it is done. The others are"
        " refused with what was found. Sent twice it is done once."
    ),
)
def confirm(request: Call, number: int) -> Status[dict[str, Any]]:
    batch_of(request.actor, number)
    return Status(202, _shown(request, actions.confirm(by=request.actor, run=number)))


@router.post(
    "/batches/{int:number}/cancel",
    response=BatchShown,
    url_name="batch_cancel",
    openapi_extra=ASKS,
    summary=_("Do no more of a batch"),
    description=_("What is done stays done."),
)
def cancel(request: Call, number: int) -> dict[str, Any]:
    batch_of(request.actor, number)
    return _shown(request, actions.cancel(by=request.actor, run=number))


@router.get(
    "/batches/{int:number}/result",
    response=None,
    url_name="batch_result",
    openapi_extra=ASKS | {"responses": {200: {"description": "OK", "content": FILES}}},
    summary=_("What came of it, as a file"),
    description=_(
        "The same as on its page: each row with its receipt, or the reason with what it said, to be mended and sent"
        " in again. Up to 5,000 rows; of more ask the rows."
    ),
)
def result(request: Call, number: int, format: Literal["csv", "xlsx"] = "csv") -> HttpResponse:  # noqa: A002
    run = results_of(request.actor, number)
    content = results_now(request.actor, run, format)
    if content is None:
        told = gettext("This is more than the %(most)s rows of one file. Ask them part by part.") % {"most": AT_ONCE}
        raise BrokenRule(told, code="too_many_rows")
    return _file(content, CONTENT_TYPES[format], f"{run.id}.{format}")


@router.get(
    "/batches/{int:number}/summary",
    response={202: BatchShown},
    url_name="batch_summary",
    openapi_extra=ASKS | {"responses": {200: {"description": "OK", "content": PDF}}},
    summary=_("What came of it, as a sealed PDF"),
    description=_("A long one is drawn first: 202, and `Retry-After` says when to ask again."),
)
def summary(request: Call, response: HttpResponse, number: int) -> HttpResponse | Status[dict[str, Any]]:
    by = request.actor
    run = results_of(by, number)
    document, content = documents.read(by=by, document=draw_up_summary(by=by, run=run.id).id)
    if content is None:
        response["Retry-After"] = AGAIN
        return Status(202, _shown(request, run))
    answer = _file(content, "application/pdf", document.file_name)
    answer["Content-Language"] = document.language
    return answer


def _shown(request: Call, run: Run) -> dict[str, Any]:
    return shown.batch(run, from_file(run.kind).most(request.actor, run.inputs))


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = str(content_disposition_header(as_attachment=True, filename=name))
    return answer
