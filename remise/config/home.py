"""The first page: what needs doing now and the business in figures, as far as the rights reach."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from remise.core import clock
from remise.core.registry import MenuEntry, home_beginnings, home_tasks, home_tiles
from remise.organisations.requests import MemberRequest

MENU = MenuEntry("home", _("Home"), "home", order=10, phone=True)


@require_GET
def home(request: MemberRequest) -> HttpResponse:
    by = request.actor
    tasks = [task for source in home_tasks for task in source.build(by)]
    tiles = [tile for source in home_tiles for tile in source.build(by)]
    beginnings = [source.build(by) for source in home_beginnings]
    context = {
        "beginnings": [one for one in beginnings if one is not None],
        "tasks": sorted(tasks, key=lambda task: task.due),
        "tiles": tiles,
        "hour": clock.now(by).astimezone(clock.AMSTERDAM).hour,
    }
    return render(request, "config/home.html", context)
