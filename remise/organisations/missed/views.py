from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from remise.core.errors import NotVisible
from remise.organisations.access import require
from remise.organisations.missed.selectors import PERIODS, missed
from remise.organisations.requests import MemberRequest
from remise.organisations.rights import AccessRight, is_staff
from remise.ui.formats import duration


class PeriodForm(forms.Form):
    """Over how many days is looked back; what is no period is the one that is shown at first."""

    days_back = forms.TypedChoiceField(choices=[(str(days), "") for days in PERIODS], coerce=int)

    @property
    def days(self) -> int:
        return int(self.cleaned_data["days_back"]) if self.is_valid() else PERIODS[1]


@require_GET
def overview(request: MemberRequest) -> HttpResponse:
    """For the insurer: which rights its customers miss most. Customers have no such page."""
    if not is_staff(request.actor):
        raise NotVisible(_("There is no such page."))
    require(request, AccessRight.SEE_MISSED)
    form = PeriodForm(request.GET)
    found = missed(request.actor, days=form.days)
    context = {
        "missed": found,
        "most": max((one.times for one in found), default=0),
        "days": form.days,
        "periods": [(str(days), duration(days)) for days in PERIODS],
    }
    return render(request, "organisations/access_missed.html", context)
