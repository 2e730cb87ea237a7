from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from remise.runs.models import Run


def page_of(run: Run) -> HttpResponse:
    """Where what was sent or asked for leads to; says so when it led to a run that there was."""
    address = reverse("runs:detail", args=[run.id])
    return redirect(f"{address}?again" if run.sent_before else address)
