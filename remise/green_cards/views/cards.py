from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from remise.core import clock
from remise.core.actor import can
from remise.core.errors import BrokenRule
from remise.core.forms import whole_number
from remise.core.words import language_now
from remise.fleet.access import may, require_any
from remise.fleet.parties.addresses import recipient_of, remember
from remise.fleet.rights import FleetRight
from remise.fleet.views.asked import EVERY_BRANCH
from remise.green_cards import printing
from remise.green_cards.access import SEEING, card_of, require
from remise.green_cards.actions import mail_card, reprint_card, void_card
from remise.green_cards.forms import VoidForm
from remise.green_cards.mailing import card_letter, require_worth
from remise.green_cards.models import GreenCard
from remise.green_cards.rules import State, last_day
from remise.green_cards.selectors.cards import CardLine, CardQuery, cards, line_of, page, prints_of
from remise.green_cards.selectors.covers import covers_of
from remise.green_cards.selectors.returned import newest_of
from remise.green_cards.sights import CARD, LIST
from remise.green_cards.territory import with_signs
from remise.green_cards.views.shipments import again_form
from remise.messages.forms import MailForm
from remise.messages.showing import MailPart, mail_part
from remise.organisations.looking.of_office import note_look_of_office
from remise.organisations.requests import MemberRequest
from remise.ui.forms import add_refusal


@require_GET
def overview(request: MemberRequest) -> HttpResponse:
    """Which cards there are and what each is worth now."""
    by, asked = request.actor, request.GET
    require_any(request, *SEEING)
    state = asked.get("state", "")
    query = CardQuery(
        day=clock.today(by),
        search=asked.get("q", ""),
        state=State(state) if state in set(State) else None,
        branch=None if asked.get("branch") == EVERY_BRANCH else whole_number(asked.get("branch", "")) or by.branch,
    )
    context = {
        "query": query,
        "page": page(cards(by, query), query, after=asked.get("after", ""), before=asked.get("before", "")),
        "may_request": may(by, FleetRight.REQUEST_CARDS),
        "may_choose": bool(can(by, FleetRight.REQUEST_CARDS, organisation=by.organisation)),
    }
    note_look_of_office(request, LIST.kind, 0)
    return render(request, "green_cards/overview.html", context)


@require_GET
def card(request: MemberRequest, card: int) -> HttpResponse:
    require_any(request, *SEEING)
    found = card_of(request.actor, card)
    note_look_of_office(request, CARD.kind, found.id)
    return _show(request, found)


@require_POST
def reprint(request: MemberRequest, card: int) -> HttpResponse:
    """Once more, marked; the file opens."""
    found = card_of(request.actor, card)
    require(request.actor, found.branch_id)
    try:
        document = reprint_card(by=request.actor, card=card, language=language_now())
    except BrokenRule as error:
        return _show(request, found, refusal=error)
    return redirect("documents:show", document.id)


@require_POST
def void(request: MemberRequest, card: int) -> HttpResponse:
    found = card_of(request.actor, card)
    require(request.actor, found.branch_id)
    form = VoidForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form=form)
    try:
        void_card(by=request.actor, card=card, reason=form.cleaned_data["reason"])
    except BrokenRule as error:
        add_refusal(form, error)
        return _show(request, found, form=form)
    return redirect("green_cards:card", card)


@require_POST
def mail(request: MemberRequest, card: int) -> HttpResponse:
    """The PDF, to the driver."""
    by = request.actor
    found = card_of(by, card)
    require(by, found.branch_id)
    to = recipient_of(by, found.item_id)
    form = MailForm(request.POST, portal=request.portal, to=to)
    if form.is_valid():
        said = form.cleaned_data
        key = form.once(printing.SUBJECT, card)
        try:
            mail_card(by=by, card=card, recipient=said["recipient"], language=said["language"], key=key)
            remember(by, to, said)
        except BrokenRule as error:
            if error.field is None:
                return _show(request, found, refusal=error)
            add_refusal(form, error)
        else:
            messages.success(request, _("The mail is on its way. How it fares stands below."))
            return redirect("green_cards:card", card)
    return _show(request, found, mail_form=form)


def _show(
    request: MemberRequest,
    found: GreenCard,
    *,
    form: VoidForm | None = None,
    mail_form: MailForm | None = None,
    refusal: BrokenRule | None = None,
) -> HttpResponse:
    by = request.actor
    line = line_of(found, clock.today(by))
    covers, _makes = covers_of([found.item_id], organisation=found.organisation)
    may_print = bool(can(by, FleetRight.REQUEST_CARDS, organisation=by.organisation, branch=found.branch_id))
    post = newest_of([found.shipment])[found.shipment_id]
    context = {
        "card": found,
        "post": post,
        "again": may_print and line.may_be_printed and again_form(post),
        "line": line,
        "no_cover": with_signs(found.territory["crossed"], language_now()),
        "last_day": last_day(found.span, covers[found.item_id]),
        "prints": prints_of(found),
        "form": form or VoidForm(),
        "refusal": refusal,
        "may_print": may_print,
        "mail": _mail_part(request, line, mail_form, may=may_print),
    }
    wrong = refusal is not None or any(one is not None and one.errors for one in (form, mail_form))
    return render(request, "green_cards/card.html", context, status=422 if wrong else 200)


def _mail_part(request: MemberRequest, line: CardLine, form: MailForm | None, *, may: bool) -> MailPart:
    card = line.card
    try:
        require_worth(card, line.state)
        why_not = ""
    except BrokenRule as error:
        why_not = str(error.message)
    printed = prints_of(card)[-1]
    return mail_part(
        request.actor,
        request.portal,
        about=(printing.SUBJECT, card.id),
        url=reverse("green_cards:mail", args=[card.id]),
        may=may,
        letter=lambda: card_letter(card, printed),
        to=recipient_of(request.actor, card.item_id) if form is None else None,
        form=form,
        why_not=why_not,
    )
