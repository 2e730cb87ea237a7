"""The covers that cards live by."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.db.models import OuterRef, Subquery

from remise.fleet.models import RegistrationVersion
from remise.policies.cover import as_far_as
from remise.policies.models import Policy


def covers_of(
    items: Sequence[int], *, organisation: int
) -> tuple[dict[int, list[tuple[date, date | None]]], dict[int, str]]:
    """Item -> its cover as known now, no further than its policy goes, and the make it was last registered with."""
    covers: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    makes: dict[int, str] = {}
    its_policy = Policy.objects.filter(id=OuterRef("policy"), organisation=organisation)
    versions = (
        RegistrationVersion.objects.filter(item__in=items, organisation=organisation)
        .known()
        .order_by("starts")
        .annotate(policy_ends=Subquery(its_policy.values("ends")))
    )
    for item, starts, ends, make, policy_ends in versions.values_list(
        "item", "starts", "ends", "make", "policy_ends"
    ):
        covers[item] += as_far_as(policy_ends, [(starts, ends)])
        makes[item] = make
    return covers, makes
