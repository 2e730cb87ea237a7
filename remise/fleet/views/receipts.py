from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from remise.core import clock
from remise.core.errors import DomainError, Forbidden, NotVisible
from remise.fleet.actions import correct_entry, draw_up_receipt
from remise.fleet.documents import OPENED_BY
from remise.fleet.offers import after_registering
from remise.fleet.rights import FleetRight
from remise.fleet.selectors.receipts import Receipt, receipt_of, receipts_of
from remise.fleet.views.asked import may, numbers_asked, require_any
from remise.organisations.requests import MemberRequest

TOGETHER = 500


@require_GET
def receipt(request: MemberRequest, entry: int) -> HttpResponse:
    require_any(request, *OPENED_BY)
    shown = receipt_of(request.actor, entry)
    return render(request, "fleet/receipt.html", _context(request, shown))


@require_GET
def receipts(request: MemberRequest) -> HttpResponse:
    """The receipts of vehicles deregistered together."""
    require_any(request, FleetRight.VIEW, FleetRight.DEREGISTER)
    numbers = numbers_asked(request.GET.get("entries", "").split(","))
    if len(numbers) == 1:
        return redirect("fleet:receipt", numbers[0])
    shown = receipts_of(request.actor, numbers[:TOGETHER])
    return render(request, "fleet/receipts.html", {"receipts": shown, "today": clock.today(request.actor)})


@require_GET
def pdf(request: MemberRequest, entry: int) -> HttpResponse:
    """To its document, which is drawn up when it is first asked for."""
    require_any(request, *OPENED_BY)
    return redirect("documents:show", draw_up_receipt(by=request.actor, entry=entry).id)


@require_POST
def correct(request: MemberRequest, entry: int) -> HttpResponse:
    by = request.actor
    shown = receipt_of(by, entry)
    try:
        correction = correct_entry(by=by, policy=shown.policy, entry=entry)
    except (Forbidden, NotVisible):
        raise
    except DomainError as error:
        return render(request, "fleet/receipt.html", _context(request, shown) | {"refusal": error}, status=422)
    return redirect("fleet:receipt", correction.id)


def _context(request: MemberRequest, shown: Receipt) -> dict[str, object]:
    return {
        "receipt": shown,
        "policy": shown.policy,
        "may_register": may(request.actor, FleetRight.REGISTER),
        "offers": [
            offer for source in after_registering if (offer := source.build(request.actor, shown)) is not None
        ],
    }
