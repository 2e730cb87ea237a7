"""What this room lets people find: vehicles by plate, chassis number and driver, policies, and receipts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from operator import attrgetter

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from remise.core import clock
from remise.core.actor import Actor
from remise.core.forms import whole_number
from remise.core.identifiers import Plate, Vin, number_key
from remise.core.ledger.operations import Segment
from remise.core.models import Entry, Item, LookupKey
from remise.core.search.kinds import CompanyPage, Found, Hit, Part, SearchKind, any_number
from remise.fleet.documents import OPENED_BY
from remise.fleet.entries import what_happened
from remise.fleet.models import RegistrationVersion
from remise.fleet.parties import frame as parties
from remise.fleet.rights import FleetRight
from remise.fleet.rules import nearest
from remise.fleet.selectors.branches import branches_of_entries, may_see, works_in
from remise.fleet.selectors.covers import whole
from remise.policies.models import Policy
from remise.ui.formats import day
from remise.vehicles.chassis import plates_of

WORDS = {
    "registered": gettext_lazy("Registered"),
    "deregistered": gettext_lazy("Deregistered"),
    "completed": gettext_lazy("Filled in from the register"),
    "changed": gettext_lazy("Changed"),
    "correction": gettext_lazy("Undone"),
}


def _vehicles(by: Actor, found: Sequence[Found]) -> Mapping[int, Hit]:
    """In the branch that its key says: that of the vehicle as known last."""
    seen = [one for one in found if may_see(by, one.branch)]
    known = list(items(seen))
    timelines: dict[int, list[RegistrationVersion]] = defaultdict(list)
    for version in sorted(held(seen), key=attrgetter("starts")):
        timelines[version.item_id].append(version)
    policies = _policies(known)
    today = clock.today(by)
    return {item.id: _vehicle(item, timelines[item.id], policies, today) for item in known}


def items(found: Sequence[Found]) -> QuerySet[Item]:
    return Item.objects.filter(
        id__in=[one.subject for one in found], organisation__in={one.organisation for one in found}
    )


def held(found: Sequence[Found]) -> QuerySet[RegistrationVersion]:
    """What holds of these items; nothing where a registration was undone."""
    of = RegistrationVersion.objects.filter(
        item__in=[one.subject for one in found], organisation__in={one.organisation for one in found}
    )
    return of.known()


def _policies(items: Iterable[Item]) -> dict[int, str]:
    of, companies = {item.policy for item in items}, {item.organisation for item in items}
    return dict(Policy.objects.filter(id__in=of, organisation__in=companies).values_list("id", "number"))


def _vehicle(item: Item, timeline: Sequence[RegistrationVersion], policies: Mapping[int, str], today: date) -> Hit:
    version = nearest(timeline, today)
    cover = nearest(whole(timeline), today)
    said = [version.title if version else "", policies.get(item.policy, ""), _state(cover, today)]
    plate = Plate(item.key).formatted
    return Hit(plate, reverse("fleet:vehicle", args=[item.id]), " · ".join(filter(None, said)), plate)


def _state(cover: Segment | None, today: date) -> str:
    if cover is None or (cover.ends is not None and cover.ends <= today):
        return _("not insured any more")
    if cover.starts > today:
        return _("insured from %(day)s") % {"day": day(cover.starts)}
    return _("insured since %(day)s") % {"day": day(cover.starts)}


def _by_chassis(by: Actor, typed: str) -> Sequence[Found]:
    """All of a chassis number alone, by a door that tells the plate: no key is made of one (docs/adr/0012)."""
    number = number_key(typed)
    plates = plates_of(by, Vin(number)) if Vin.fits(number) else []
    if not plates:
        return []
    keys = Q()
    for company, plate in plates:
        keys |= Q(organisation=company, kind="plate", key=plate)
    return [Found(key.subject, key.organisation, True, key.branch) for key in LookupKey.objects.filter(keys)]


def _by_receipt(_by: Actor, typed: str) -> Sequence[Found]:
    """The year and the entry's own number: 2026-004312."""
    digits = number_key(typed)
    number = whole_number(digits[4:])
    if len(digits) < 10 or number is None:
        return []
    kept = Entry.objects.filter(id=number, item__kind=RegistrationVersion.KIND)
    return [Found(entry.id, entry.organisation, exact=True) for entry in kept if number_key(entry.receipt) == digits]


def _receipts(by: Actor, found: Sequence[Found]) -> Mapping[int, Hit]:
    kept = Entry.objects.filter(
        id__in=[one.subject for one in found], organisation__in={one.organisation for one in found}
    ).select_related("item", "undoes")
    hits = {}
    for entry in kept:
        branch = branches_of_entries(entry.item.policy, [entry.item.key]).get(entry.id)
        if works_in(by, branch):
            said = f"{Plate(entry.item.key).formatted} · {WORDS[what_happened(entry)]}"
            hits[entry.id] = Hit(entry.receipt, reverse("fleet:receipt", args=[entry.id]), said)
    return hits


def _policy_hits(by: Actor, found: Sequence[Found]) -> Mapping[int, Hit]:
    known = Policy.objects.filter(
        id__in=[one.subject for one in found], organisation__in={one.organisation for one in found}
    )
    return {one.id: _policy(one, clock.today(by)) for one in known.select_related("product")}


def _policy(one: Policy, today: date) -> Hit:
    is_over = one.ends is not None and one.ends <= today
    state = _("ended") if is_over else _("from %(day)s") % {"day": day(one.starts)}
    url = f"{reverse('fleet:stock')}?{urlencode({'policy': one.number})}"
    return Hit(one.number, url, f"{one.product.name} · {state}")


def _policy_lines(by: Actor, company: int) -> Sequence[Hit]:
    known = Policy.objects.filter(organisation=company).select_related("product").order_by("number")
    hits = [_policy(one, clock.today(by)) for one in known]
    return [Hit(hit.title, detail=hit.detail) for hit in hits]


VIEW = (FleetRight.VIEW,)
PAGE = CompanyPage(
    "stock",
    FleetRight.VIEW,
    lambda branch: reverse("fleet:stock") + (f"?branch={branch}" if branch else ""),
    order=10,
)
KINDS = (
    SearchKind(
        "plate", gettext_lazy("Vehicles"), "car", VIEW, _vehicles, any_number(8), order=10, sight="registration"
    ),
    SearchKind(
        "chassis",
        gettext_lazy("Chassis numbers"),
        "car",
        VIEW,
        _vehicles,
        look_up=_by_chassis,
        order=12,
        sight="registration",
    ),
    parties.KIND,
    SearchKind(
        "policy",
        gettext_lazy("Policies"),
        "shield-check",
        VIEW,
        _policy_hits,
        any_number(20),
        in_branches=False,
        order=20,
    ),
    SearchKind(
        "receipt",
        gettext_lazy("Receipts"),
        "receipt",
        OPENED_BY,
        _receipts,
        look_up=_by_receipt,
        order=40,
        sight="receipt",
    ),
)
PARTS = (Part("policies", gettext_lazy("Policies"), "shield-check", _policy_lines, order=20),)
