"""Which branch a vehicle belongs to, also when it is on cover no more."""

from collections.abc import Collection, Iterable

from django.db.models import OuterRef, Subquery

from remise.core.actor import Actor
from remise.core.models import Item
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.organisations.access import visible_branches


def branches_of(policy: int, plates: Collection[str]) -> dict[str, int | None]:
    """Plate -> the branch in which the vehicle was put on this policy, as known last. Every vehicle that was ever
    registered has one: a version that holds no more is closed and stays."""
    versions = RegistrationVersion.objects.filter(policy=policy, plate__in=plates)
    latest = versions.order_by("plate", "-known_from", "-starts").distinct("plate")
    return dict(latest.values_list("plate", "branch"))


def branches_of_items(items: Iterable[Item]) -> dict[int, int | None]:
    """Item -> branch, the same for vehicles on several policies at once."""
    keys = {(item.policy, item.key) for item in items}
    policies, plates = {policy for policy, _plate in keys}, {plate for _policy, plate in keys}
    versions = RegistrationVersion.objects.filter(policy__any_of=policies, plate__any_of=plates)
    latest = versions.order_by("policy", "plate", "-known_from", "-starts").distinct("policy", "plate")
    return dict(latest.values_list("item", "branch"))


def branch_of(item: str) -> Subquery:
    """The same of one vehicle within a query: of the item that this name leads to."""
    versions = RegistrationVersion.objects.filter(policy=OuterRef(f"{item}__policy"), plate=OuterRef(f"{item}__key"))
    return Subquery(versions.order_by("-known_from", "-starts").values("branch")[:1])


def branches_of_entries(policy: int, plates: Collection[str]) -> dict[int, int | None]:
    """Entry -> the branch it was about: that of the versions it opened, else of those it closed. One vehicle may have
    gone from branch to branch; who works in the one sees nothing of its time in the other."""
    opened: dict[int, int | None] = {}
    closed: dict[int, int | None] = {}
    versions = RegistrationVersion.objects.filter(policy=policy, plate__in=plates)
    for opened_by, closed_by, branch in versions.values_list("opened", "closed", "branch"):
        opened[opened_by] = branch
        if closed_by is not None:
            closed[closed_by] = branch
    return closed | opened


def may_see(by: Actor, branch: int | None) -> bool:
    """Does this actor see the vehicles of that branch?"""
    visible = visible_branches(by, FleetRight.VIEW)
    return visible is None or branch in visible


def works_in(by: Actor, branch: int | None) -> bool:
    """Has this actor anything to do with the vehicles of that branch?"""
    held = {where for right, where in by.grants if right in FleetRight}
    return None in held or branch in held
