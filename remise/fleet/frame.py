"""What this room puts in the menu and on the home page."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date

from django.db.models import Aggregate, Count, Min, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from remise.core import clock
from remise.core.actor import Actor, holds_anywhere
from remise.core.identifiers import Plate
from remise.core.models import Item
from remise.core.registry import Beginning, MenuEntry, Step, Task, Tile
from remise.fleet.access import may
from remise.fleet.findings import AT_DESK, explain
from remise.fleet.models import UNKNOWN, RegistrationVersion
from remise.fleet.rights import ComparingRight, FleetRight
from remise.fleet.selectors.findings import open_findings
from remise.fleet.selectors.stock import Only, Totals, Versions
from remise.organisations.access import visible_branches
from remise.policies.models import Policy
from remise.policies.selectors import policies_of
from remise.portals.models import Portal
from remise.ui.formats import day as shown_day
from remise.ui.formats import money, number
from remise.vehicles.models import Vehicle
from remise.vehicles.selectors import inspection_due

MONTHS = 12
FEW = 100  # findings that are counted; more are "100+"


MENU = (
    MenuEntry("fleet:stock", gettext_lazy("Vehicles"), "car", (FleetRight.VIEW,), 20, "fleet", phone=True),
    MenuEntry(
        "fleet:register",
        gettext_lazy("Register"),
        "plus",
        (FleetRight.REGISTER,),
        25,
        phone=True,
        side=False,
        beside="fleet:stock",
    ),
    MenuEntry(
        "agreements:overview",
        gettext_lazy("Cover at other insurers"),
        "switch-horizontal",
        (ComparingRight.AGREE,),
        78,
        "agreements",
    ),
)


def tiles(by: Actor) -> Sequence[Tile]:
    """How many vehicles and what they are worth, with the last twelve months as known now; none before the first."""
    if not holds_anywhere(by, FleetRight.VIEW) or _has_none(by):
        return []
    days = [*_month_ends(clock.today(by), MONTHS - 1), clock.today(by)]
    totals = _at(by, days)
    now, before = totals[-1], totals[-2]
    growth = now.vehicles - before.vehicles
    return [
        Tile(
            label=_("Insured vehicles"),
            number=number(now.vehicles),
            url=reverse("fleet:stock"),
            detail=_("%(growth)s this month") % {"growth": f"{growth:+d}".replace("-", "−")}
            if growth
            else _("as many as last month"),
            trend=tuple(float(total.vehicles) for total in totals),
        ),
        Tile(
            label=_("Total catalogue value"),
            number=money(now.value, "short"),
            url=reverse("fleet:stock") + "?sort=-value",
            detail=_("on average %(mean)s") % {"mean": money(now.mean or 0, "whole")},
            trend=tuple(float(total.value) for total in totals),
        ),
    ]


def beginning(by: Actor) -> Beginning | None:
    """The way to the first vehicle, or to a file of them."""
    if not holds_anywhere(by, FleetRight.VIEW) or not _has_none(by):
        return None
    policies = policies_of(by, on=clock.today(by))
    if not policies:
        portal = Portal.objects.get(id=by.in_portal)
        said = {"desk": portal.desk_name, "phone": portal.desk_phone}
        text = _("%(desk)s can tell you more: %(phone)s.") % said
        return Beginning(_("Your company has no policy for vehicles"), text, "car")
    title = _("No vehicle is insured yet")
    if not may(by, FleetRight.REGISTER):
        return Beginning(title, _("It stands here as soon as a colleague registers the first one."), "car")
    text = _("Your policy is ready: %(policies)s. Register the first vehicle by its plate, or a whole list at once.")
    named = ", ".join(f"{policy.product.name} {policy.number}" for policy in policies)
    return Beginning(
        title,
        text % {"policies": named},
        "car",
        (
            Step(_("Register a vehicle"), reverse("fleet:register"), "plus"),
            Step(_("Several at once"), reverse("fleet:several", args=["register"]), "list-check"),
        ),
    )


def tasks(by: Actor) -> Sequence[Task]:
    """What the register said that speaks against what was entered, and inspections that end within a month."""
    if not holds_anywhere(by, FleetRight.VIEW):
        return []
    return [*_findings(by), *_inspections(by)]


def _findings(by: Actor) -> list[Task]:
    at_desk = open_findings(by).filter(kind__in=AT_DESK)
    found = list(at_desk.filter(item__in=_held(by).known().values("item")).order_by("found_at", "id")[:FEW])
    if not found:
        return []
    first = found[0]
    items = {one.item_id for one in found}
    said = explain(first.kind, first.said)
    plate = Plate(Item.objects.get(id=first.item_id).key).formatted
    one = len(items) == 1
    count = f"{len(items)}+" if len(found) == FEW else number(len(items))
    return [
        Task(
            due=clock.day_of(first.found_at),
            when=_("new"),
            title=f"{plate}: {said.title}" if one else _("%(count)s vehicles need a look") % {"count": count},
            text=str(said.text) if one else _("The register said something that speaks against what was entered."),
            url=reverse("fleet:vehicle", args=[first.item_id]) if one else _all_findings(),
            action=_("Look"),
        )
    ]


def _all_findings() -> str:
    return f"{reverse('fleet:stock')}?only={Only.AT_DESK}"


def _inspections(by: Actor) -> list[Task]:
    today = clock.today(by)
    plates = _held(by).as_of(today).values("plate")
    due = Vehicle.objects.filter(inspection_due(today), plate__in=plates)
    found = due.aggregate(count=Count("plate"), first=Min("inspection_until"))
    count, first = found["count"], found["first"]
    if not count:
        return []
    left = (first - today).days
    return [
        Task(
            due=first,
            when=ngettext("%(days)s day left", "%(days)s days left", left) % {"days": left},
            title=ngettext(
                "%(count)s vehicle in stock must be inspected within a month",
                "%(count)s vehicles in stock must be inspected within a month",
                count,
            )
            % {"count": number(count)},
            text=_("The first one before %(day)s, says the register.") % {"day": shown_day(first, "plain")},
            url=f"{reverse('fleet:stock')}?only={Only.INSPECTION}",
            action=_("Look"),
            urgent=left <= 7,
        )
    ]


def _has_none(by: Actor) -> bool:
    """None now, and none before."""
    return not _held(by).known().exists()


def _held(by: Actor) -> Versions:
    # By policy: what others store is not even looked at.
    policies = Policy.objects.filter(organisation=by.company).values("id")
    versions: Versions = RegistrationVersion.objects.filter(organisation=by.company, policy__in=policies)
    branches = visible_branches(by, FleetRight.VIEW)
    return versions if branches is None else versions.filter(branch__in=branches)


def _at(by: Actor, days: Sequence[date]) -> list[Totals]:
    """Totals of each day, in one pass over the company's rows: begun until then, less ended until then."""
    sums: dict[str, Aggregate] = {}
    for place, day in enumerate(days):
        holding = Q(starts__lte=day) & (Q(ends__isnull=True) | Q(ends__gt=day))
        known = holding & Q(value_order__gt=UNKNOWN)
        sums[f"vehicles_{place}"] = Count("value_order", filter=holding)
        sums[f"known_{place}"] = Count("value_order", filter=known)
        sums[f"cents_{place}"] = Sum("value_order", filter=known, default=0)
    found = _held(by).known().aggregate(**sums)
    return [
        Totals.counted(found[f"vehicles_{p}"], known=found[f"known_{p}"], cents=found[f"cents_{p}"])
        for p in range(len(days))
    ]


def _month_ends(today: date, months: int) -> list[date]:
    """The last days of the months before this one, oldest first."""
    ends = []
    year, month = today.year, today.month
    for _step in range(months):
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        ends.append(date(year, month, monthrange(year, month)[1]))
    return ends[::-1]
