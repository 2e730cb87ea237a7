"""Which vehicles have a card due that comes by itself: those just registered or completed, and each night those whose
last card ends soon. For jobs only."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from remise.core import clock
from remise.core.actor import Actor
from remise.core.models import Event
from remise.fleet.models import RegistrationVersion
from remise.green_cards.actions.issuing import TOGETHER
from remise.green_cards.models import GreenCard
from remise.green_cards.rules import CardRules
from remise.green_cards.selectors.planning import rules_of
from remise.policies.models import Policy
from remise.policies.selectors import read_rules


def follow(by: Actor, happened: Sequence[Event]) -> None:
    """Vehicles were registered, or the register answered: a card for those whose product gives one."""
    items: dict[int, list[int]] = defaultdict(list)
    for event in happened:
        if event.subject is not None:
            items[int(event.said["policy"])].append(event.subject)
    for policy, _said in _by_itself(Policy.objects.filter(portal=by.in_portal, id__in=items), clock.today(by)):
        for part in _parts(sorted(set(items[policy.id]))):
            _give(by, policy, part)


def due(by: Actor) -> Iterator[tuple[int, list[int]]]:
    """Policy and vehicles on cover without a card that runs long enough, some hundreds at a time. Whether each has
    one due, the action says."""
    today = clock.today(by)
    for policy, said in _by_itself(Policy.objects.filter(portal=by.in_portal).in_force(on=today), today):
        enough = GreenCard.objects.filter(
            organisation=policy.organisation,
            item=OuterRef("item"),
            pulled_by="",
            valid_to__gt=today + timedelta(days=said.ahead_days),
        ).exclude(void_reason=GreenCard.Reason.CORRECTED)
        covered = RegistrationVersion.objects.filter(organisation=policy.organisation, policy=policy.id)
        # Of those with a check code and no make the register has not answered: they come when it has.
        known = covered.known().not_ended(today).exclude(make="", check_code__isnull=False)
        found = known.exclude(Exists(enough)).order_by("item").values_list("item", flat=True).distinct()
        for part in _parts(list(found)):
            yield policy.id, part


def _by_itself(policies: QuerySet[Policy], today: date) -> Iterator[tuple[Policy, CardRules]]:
    """Those whose product gives cards by itself, with what it says of them."""
    found = list(policies.select_related("product").order_by("id"))
    read_rules(found, on=today)
    said = ((policy, rules_of(policy, on=today)) for policy in found)
    return ((policy, rules) for policy, rules in said if rules.automatic)


def _parts(items: Sequence[int]) -> Iterator[list[int]]:
    return (list(items[start : start + TOGETHER]) for start in range(0, len(items), TOGETHER))


def _give(by: Actor, policy: Policy, items: list[int]) -> None:
    from remise.green_cards.tasks import give

    give.defer(by.in_portal, policy=policy.id, items=items)
