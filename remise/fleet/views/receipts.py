from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from remise.core import clock
from remise.core.errors import BrokenRule, Forbidden
from remise.fleet.access import may, require_any
from remise.fleet.actions import correct_entry, draw_up_receipt, mail_receipt
from remise.fleet.documents import ABOUT, OPENED_BY
from remise.fleet.mailing import may_mail, receipt_letter
from remise.fleet.offers import after_registering
from remise.fleet.parties.addresses import recipient_of, remember
from remise.fleet.rights import FleetRight
from remise.fleet.selectors.receipts import Receipt, receipt_of, receipts_of
from remise.fleet.views.asked import numbers_asked
from remise.messages.forms import MailForm
from remise.messages.showing import mail_part
from remise.organisations.requests import MemberRequest
from remise.ui.forms import add_refusal

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
    except BrokenRule as error:
        return render(request, "fleet/receipt.html", _context(request, shown) | {"refusal": error}, status=422)
    return redirect("fleet:receipt", correction.id)


@require_POST
def mail(request: MemberRequest, entry: int) -> HttpResponse:
    """The PDF, to the driver."""
    by = request.actor
    shown = receipt_of(by, entry)
    decision = may_mail(by, shown)
    if not decision:
        raise Forbidden(decision)
    to = recipient_of(by, shown.entry.item_id)
    form = MailForm(request.POST, portal=request.portal, to=to)
    if form.is_valid():
        said = form.cleaned_data
        try:
            mail_receipt(
                by=by,
                entry=entry,
                recipient=said["recipient"],
                language=said["language"],
                key=form.once(ABOUT, entry),
            )
            remember(by, to, said)
        except BrokenRule as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("The mail is on its way. How it fares stands below."))
            return redirect("fleet:receipt", entry)
    return render(request, "fleet/receipt.html", _context(request, shown, form), status=422)


def _context(request: MemberRequest, shown: Receipt, form: MailForm | None = None) -> dict[str, object]:
    by, entry = request.actor, shown.entry.id
    return {
        "receipt": shown,
        "policy": shown.policy,
        "may_register": may(by, FleetRight.REGISTER),
        "offers": [offer for source in after_registering if (offer := source.build(by, shown)) is not None],
        "mail": mail_part(
            by,
            request.portal,
            about=(ABOUT, entry),
            url=reverse("fleet:mail", args=[entry]),
            may=bool(may_mail(by, shown)),
            letter=lambda: receipt_letter(by, shown),
            to=recipient_of(by, shown.entry.item_id) if form is None else None,
            form=form,
        ),
    }
