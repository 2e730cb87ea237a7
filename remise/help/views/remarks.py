"""For the insurer's people: which articles need work, and what their readers missed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from remise.core.actor import can
from remise.help import actions, selectors
from remise.help.rights import HelpRight, require
from remise.organisations.requests import MemberRequest


@require_GET
def overview(request: MemberRequest) -> HttpResponse:
    require(request.actor, HelpRight.VIEW)
    judged = selectors.judged(request.portal)
    context = {
        "judged": [one for one in judged if not one.is_silent],
        "silent": [one for one in judged if one.is_silent],
        "may_settle": bool(can(request.actor, HelpRight.EDIT)),
    }
    return render(request, "help/remarks.html", context)


@require_POST
def settle(request: MemberRequest, comment: int) -> HttpResponse:
    done = actions.settle(by=request.actor, comment=comment)
    messages.success(request, _("The remark is dealt with and gone from the list."))
    return redirect(f"{reverse('remarks:list')}#{done.article}")
