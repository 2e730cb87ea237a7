"""When vehicles are on cover, as known now: without holding them, for who only looks."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from operator import attrgetter

from remise.core.ledger.operations import Segment
from remise.fleet.models import RegistrationVersion
from remise.fleet.rules import covers, nearest
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


def whole(versions: Iterable[RegistrationVersion]) -> list[Segment]:
    """The covers that one vehicle's versions are parts of, by day."""
    return covers([Segment(one.starts, one.ends, {}) for one in sorted(versions, key=attrgetter("starts"))])


def begun(policy: Policy, plates: Collection[str]) -> dict[str, date]:
    """Plate -> since when it is on cover, of the cover that runs last."""
    return {plate: covers(timeline)[-1].starts for plate, timeline in covers_of(policy, plates).items()}


def ends_of(rows: Sequence[RegistrationVersion], known_at: datetime | None = None) -> dict[int, date | None]:
    """Item -> where the cover ends that this version of it is a part of; a version that only other terms follow is
    no end. Null = no end is known."""
    found = {row.item_id: row.ends for row in rows}
    cut = {row.item_id: row.starts for row in rows if row.ends is not None}
    if not cut:
        return found
    organisations = {row.organisation for row in rows}
    versions = RegistrationVersion.objects.filter(item__in=cut, organisation__in=organisations).known(known_at)
    timelines: dict[int, list[Segment]] = defaultdict(list)
    for item, starts, ends in versions.order_by("starts").values_list("item", "starts", "ends"):
        timelines[item].append(Segment(starts, ends, {}))
    for item, timeline in timelines.items():
        cover = nearest(covers(timeline), cut[item])
        found[item] = cover.ends if cover else None
    return found
