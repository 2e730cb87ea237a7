"""When vehicles are on cover, as known now: without holding them, for who only looks."""

from collections import defaultdict
from collections.abc import Collection

from remise.core.ledger.operations import Segment
from remise.fleet.models import RegistrationVersion
from remise.policies.models import Policy


def covers_of(policy: Policy, plates: Collection[str]) -> dict[str, list[Segment]]:
    """Plate -> its timeline on this policy, without the terms; of many in one statement. Empty where it was never on
    it."""
    versions = RegistrationVersion.objects.filter(
        organisation=policy.organisation, policy=policy.id, plate__any_of=set(plates)
    )
    found: dict[str, list[Segment]] = defaultdict(list)
    known = versions.known().order_by("plate", "starts")
    for plate, starts, ends in known.values_list("plate", "starts", "ends"):
        found[plate].append(Segment(starts, ends, {}))
    return found
