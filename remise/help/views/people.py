"""People who can help: at the insurer, at a partner, and in one's own company."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from remise.core.scope import ActorKind
from remise.help import selectors
from remise.help.capacities import Topic, capacity_of
from remise.help.forms import WhoForm
from remise.help.readers import WITH_MENU, frame
from remise.organisations import ways
from remise.organisations.access import for_everyone
from remise.organisations.requests import MemberRequest
from remise.organisations.selectors import Helper
from remise.organisations.selectors import helpers as administrators
from remise.policies.selectors import advisers


@for_everyone
@require_safe
def contacts(request: MemberRequest) -> HttpResponse:
    """The right one for a topic and a capacity, and the others behind it."""
    known = capacity_of(request) or ""
    form = WhoForm(request.GET if request.GET else {"capacity": known})
    chosen = form.cleaned_data if form.is_valid() else {"topic": "", "capacity": ""}
    found = selectors.helpers(request.portal, request.actor, **chosen)
    context = {"form": form, "one": found[0], "others": found[1:], "chosen": any(chosen.values())}
    return render(request, "help/contacts.html", frame(request) | context)


@for_everyone
@require_safe
def who_can_help(request: MemberRequest) -> HttpResponse:
    """Who decides about rights in one's company; names and addresses are for who passed both factors, and in a
    client's company for nobody of an office (docs/adr/0023). The insurer is there for everybody."""
    by, own = request.actor, list[Helper]()
    if by.kind in WITH_MENU and by.organisation is not None and by.office is None:
        own = administrators(by.organisation)
    capacity = capacity_of(request) or ""
    asks = by.kind is ActorKind.MEMBER and by.office is None and not own
    context = {
        "helpers": own,
        "way": ways.way(ways.WITHOUT_ADMINISTRATOR, request) if asks else None,
        "to_company": ways.way(ways.WITHOUT_COMPANY, request),
        "advisers": advisers(by),
        "one": selectors.best(request.portal, by, topic=Topic.RIGHTS, capacity=capacity),
    }
    return render(request, "help/who_can_help.html", frame(request) | context)
