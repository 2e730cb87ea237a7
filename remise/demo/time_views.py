from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from remise.core import clock
from remise.core.errors import BrokenRule
from remise.demo.people import PORTALS
from remise.demo.time_machine import Step, move_on, steps, visitor
from remise.portals.models import Portal
from remise.ui.forms import DayInput, add_refusal


class DayForm(forms.Form):
    portal = forms.ModelChoiceField(Portal.objects.all(), to_field_name="slug", widget=forms.HiddenInput)
    day = forms.DateField(label=_("Another day"), widget=DayInput)


@dataclass(frozen=True, slots=True)
class Clock:
    """A portal's day now, and where one press leads."""

    portal: Portal
    today: date
    steps: list[Step]
    form: DayForm


@login_not_required
@require_http_methods(["GET", "POST"])
def time(request: HttpRequest) -> HttpResponse:
    """Each portal's business clock, to be moved forward."""
    if not settings.DEMO or getattr(request, "portal", None) is not None:
        raise Http404
    form = DayForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        try:
            portal = form.cleaned_data["portal"]
            move_on(by=visitor(portal), portal=portal, to=form.cleaned_data["day"])
        except BrokenRule as refusal:
            add_refusal(form, refusal)
        else:
            return redirect("demo:time")
    slugs = [portal.slug for portal in PORTALS]
    clocks = [_clock(portal, form) for portal in Portal.objects.filter(slug__in=slugs).order_by("name")]
    return render(request, "demo/time.html", {"clocks": clocks}, status=422 if form else 200)


def _clock(portal: Portal, sent: DayForm | None) -> Clock:
    today = clock.today(portal)
    mine = sent is not None and sent.data.get("portal") == portal.slug
    form = (
        sent if sent is not None and mine else DayForm(initial={"portal": portal.slug}, auto_id=f"{portal.slug}_%s")
    )
    field: Any = form.fields["day"]
    field.widget.today, field.widget.earliest = today, date.fromordinal(today.toordinal() + 1)
    return Clock(portal, today, steps(today), form)
