"""Which branch a vehicle belongs to, also when it is on cover no more."""

from collections.abc import Collection

from remise.core.actor import Actor
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.organisations.access import visible_branches


def branches_of(policy: int, plates: Collection[str]) -> dict[str, int | None]:
    """Plate -> the branch in which the vehicle was put on this policy, as known last. Every vehicle that was ever
    registered has one: a version that holds no more is closed and stays."""
    versions = RegistrationVersion.objects.filter(policy=policy, plate__in=plates)
    latest = versions.order_by("plate", "-known_from", "-starts").distinct("plate")
    return dict(latest.values_list("plate", "branch"))


def branches_of_items(items: Collection[int]) -> dict[int, int | None]:
    """Item -> the same, whatever policies they are on."""
    versions = RegistrationVersion.objects.filter(item_id__any_of=items)
    latest = versions.order_by("item", "-known_from", "-starts").distinct("item")
    return dict(latest.values_list("item", "branch"))


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
