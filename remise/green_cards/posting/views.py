"""For the insurer's people who print and post: what waits, and a batch from the printer to the post."""

from collections.abc import Callable
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from remise.core import clock
from remise.core.errors import BrokenRule, NotVisible
from remise.core.forms import whole_number
from remise.core.words import language_now
from remise.green_cards.models import BatchShipment, PrintBatch, Shipment
from remise.green_cards.posting import access, selectors, sending
from remise.green_cards.posting.forms import ReturnForm, UntilForm
from remise.green_cards.posting.making import make_batch
from remise.green_cards.posting.returning import note_return, undo_return
from remise.green_cards.selectors.planning import settings_of
from remise.organisations.names import names_of
from remise.organisations.requests import MemberRequest
from remise.ui.formats import number
from remise.ui.forms import carried_out

RECENT = 3  # batches, under what waits
AGAIN = "2"  # seconds, while a file is drawn


@require_GET
def overview(request: MemberRequest) -> HttpResponse:
    """What is to be posted first stands on top; up to a day that is asked for, or all of it."""
    by, asked = request.actor, request.GET
    access.require(by)
    form = UntilForm(asked if "until" in asked else None, today=clock.today(by))
    until = form.cleaned_data["until"] if form.is_valid() else None
    after, before = asked.get("after", ""), asked.get("before", "")
    context = {
        "form": form,
        "wanted": selectors.wanted_until(by, until) if until else None,
        "page": selectors.page_of_waiting(by, until, after=after, before=before),
        "counts": selectors.counts(by),
        "today": clock.today(by),
        "key": uuid4(),
        "urgent_key": uuid4(),
        "most": settings_of(request.portal).batch_cards,
        "recent": selectors.page_of_batches(by).rows[:RECENT],
    }
    return render(request, "green_cards/posting/overview.html", context)


@require_POST
def make(request: MemberRequest) -> HttpResponse:
    by, asked = request.actor, request.POST
    access.require(by)
    try:
        key = UUID(asked.get("key", ""))
    except ValueError:
        key = uuid4()
    form = UntilForm(asked if "until" in asked else None, today=clock.today(by))
    if form.is_bound and not form.is_valid():
        messages.error(request, _("Choose a day."))
        return redirect("posting:overview")
    until = form.cleaned_data["until"] if form.is_bound else None
    try:
        made = make_batch(by=by, key=key, until=until, language=language_now())
    except BrokenRule as error:
        messages.error(request, str(error.message))
        return redirect("posting:overview")
    if made.cancelled:
        said = ngettext(
            "%(count)s shipment is not posted: all its cards have ended.",
            "%(count)s shipments are not posted: all their cards have ended.",
            made.cancelled,
        )
        messages.info(request, said % {"count": number(made.cancelled)})
    return redirect("posting:batch", made.batch.id) if made.batch else redirect("posting:overview")


@require_GET
def find(request: MemberRequest) -> HttpResponse:
    """By the number that stands at the foot of the sheet in the envelope."""
    by = request.actor
    access.require(by)
    number = whole_number(request.GET.get("number", "").strip())
    try:
        return redirect("posting:shipment", access.shipment_of(by, number or 0).id)
    except NotVisible as error:
        messages.error(request, str(error.message))
        return redirect("posting:overview")


@require_GET
def shipment(request: MemberRequest, letter: int) -> HttpResponse:
    return _letter(request, access.shipment_of(request.actor, letter), ReturnForm())


@require_POST
def returned(request: MemberRequest, letter: int) -> HttpResponse:
    found = access.shipment_of(request.actor, letter)
    form = ReturnForm(request.POST)
    if carried_out(form, lambda said: note_return(by=request.actor, shipment=letter, reason=said["reason"])):
        return redirect("posting:shipment", letter)
    return _letter(request, found, form)


@require_POST
def not_returned(request: MemberRequest, letter: int) -> HttpResponse:
    """That it came back was noted by mistake."""
    try:
        undo_return(by=request.actor, shipment=letter)
    except BrokenRule as refusal:
        messages.error(request, str(refusal.message))
    return redirect("posting:shipment", letter)


def _letter(request: MemberRequest, found: Shipment, form: ReturnForm) -> HttpResponse:
    context = {"letter": selectors.letter_of(request.actor, found), "shipment": found, "form": form}
    return render(request, "green_cards/posting/shipment.html", context, status=422 if form.errors else 200)


@require_GET
def batches(request: MemberRequest) -> HttpResponse:
    by, asked = request.actor, request.GET
    access.require(by)
    page = selectors.page_of_batches(by, after=asked.get("after", ""), before=asked.get("before", ""))
    return render(request, "green_cards/posting/batches.html", {"page": page})


@require_GET
def batch(request: MemberRequest, print_batch: int) -> HttpResponse:
    return _page(request, access.batch_of(request.actor, print_batch))


@require_GET
def file(request: MemberRequest, print_batch: int) -> HttpResponse:
    """The whole file, or from a shipment on: the same bytes each time."""
    by = request.actor
    place = whole_number(request.GET.get("from", "")) or 1
    try:
        found, content = sending.read_file(by=by, batch=access.batch_of(by, print_batch).id, place=place)
    except BrokenRule as error:
        messages.error(request, str(error.message))
        return redirect("posting:batch", print_batch)
    name = _("print-batch-%(number)s") % {"number": found.number} + (f"-{place}" if place > 1 else "")
    return _download(content, "application/pdf", f"{name}.pdf")


@require_GET
def listing(request: MemberRequest, print_batch: int) -> HttpResponse:
    found, content = sending.read_list(by=request.actor, batch=print_batch)
    name = _("print-batch-%(number)s") % {"number": found.number}
    return _download(content, "text/csv; charset=utf-8", f"{name}.csv")


@require_POST
def again(request: MemberRequest, print_batch: int) -> HttpResponse:
    place = whole_number(request.POST.get("from", "")) or 1
    return _do(request, print_batch, lambda number: sending.print_again(by=request.actor, batch=number, place=place))


@require_POST
def sent(request: MemberRequest, print_batch: int) -> HttpResponse:
    left_out = [found for text in request.POST.getlist("left_out") if (found := whole_number(text)) is not None]
    return _do(
        request, print_batch, lambda number: sending.mark_sent(by=request.actor, batch=number, left_out=left_out)
    )


@require_POST
def undo(request: MemberRequest, print_batch: int) -> HttpResponse:
    return _do(request, print_batch, lambda number: sending.take_back(by=request.actor, batch=number))


def _do(request: MemberRequest, number: int, deed: Callable[[int], object]) -> HttpResponse:
    found = access.batch_of(request.actor, number)
    try:
        deed(found.id)
    except BrokenRule as error:
        messages.error(request, str(error.message))
    return redirect("posting:batch", found.id)


def _page(request: MemberRequest, found: PrintBatch) -> HttpResponse:
    by = request.actor
    files = selectors.files_of(by, found)
    lines = selectors.lines_of(by, found)
    whole = files.get("")
    answer = render(
        request,
        "green_cards/posting/batch.html",
        {
            "batch": found,
            "lines": lines,
            "whole": whole,
            "parts": [file for edition, file in files.items() if edition],
            "papers": found.cards + len(lines),
            "posted": sum(line.line.outcome == BatchShipment.Outcome.SENT for line in lines),
            "left_out": sum(line.is_left_out for line in lines),
            "ended": [line for line in lines if line.ended],
            "may_take_back": sending.may_take_back(by, found),
            "made_by": names_of(by, [found.made_by])[found.made_by],
        },
    )
    if whole is None:
        answer["Refresh"] = AGAIN
    return answer


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = str(content_disposition_header(as_attachment=True, filename=name))
    return answer
