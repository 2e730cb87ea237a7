"""The lists and look-ups of a large fleet keep their index behind the wall, for each kind of actor."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connections
from django.db.models import Q, QuerySet

from remise.core.ledger.versions import VersionQuerySet
from remise.core.models import Entry, Event, Item
from remise.core.scope import ActorKind, Scope
from remise.fleet.models import RegistrationVersion
from tests import plans, world
from tests.world import OWNER, Garage

DAY = date(2025, 3, 1)
type Versions = VersionQuerySet[RegistrationVersion]
MOMENT = datetime(2026, 1, 1, 18, tzinfo=UTC)  # when half of the fleet was known


@dataclass(frozen=True, slots=True)
class Fleet:
    garage: Garage
    small: Garage  # at another insurer, with a handful of events
    agent: int
    item: Item  # in the middle of the alphabet

    def scope(self, kind: str) -> Scope:
        portal = self.garage.portal.id
        return {
            "member": Scope(ActorKind.MEMBER, portal, None, self.garage.organisation.id),
            "staff": Scope(ActorKind.STAFF, portal),
            "agent": Scope(ActorKind.AGENT, portal, None, self.agent),
        }[kind]

    @property
    def open(self) -> Versions:
        found: Versions = RegistrationVersion.objects.filter(policy=self.garage.policy.id).as_of(DAY)
        return found

    @property
    def as_known(self) -> Versions:
        found: Versions = RegistrationVersion.objects.filter(policy=self.garage.policy.id).as_of(DAY, MOMENT)
        return found


@pytest.fixture(scope="module")
def fleet() -> Fleet:
    garage, small = world.garage(), world.garage()
    # Many insurers in one installation: the wall's condition must not make the planner expect next to nothing.
    plans.bulk_fleet(garage, 40_000, others=5_000, insurers=250)
    agent = world.organisation(garage.portal, name="Tussenpersoon")
    plans.reach(agent.id, garage.organisation.id, small.organisation.id, others=5_000)
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "insert into core_event (portal, organisation, kind, subject_kind, by_system, via, at)"
            " select %s, %s, 'page.opened', '', 'x', 'page', now() from generate_series(1, 100)",
            [small.portal.id, small.organisation.id],
        )
        cursor.execute("analyze core_event")
    middle = Item.objects.using(OWNER).filter(policy=garage.policy.id).order_by("key")[20_000]
    return Fleet(garage, small, agent.id, middle)


def page(rows: QuerySet[RegistrationVersion], *order: str) -> QuerySet[RegistrationVersion]:
    return rows.order_by(*order)[:51]


@dataclass(frozen=True, slots=True)
class Look:
    name: str
    index: str
    ask: Callable[[Fleet], QuerySet[Any, Any]]
    at_most: int | None = 200  # a page of 50, and those passed over that are not on cover that day


LOOKS = [
    Look("by plate", "fleet_registration_plate", lambda f: page(f.open, "plate")),
    Look("by plate, down", "fleet_registration_plate", lambda f: page(f.open, "-plate")),
    Look(
        "by plate, deep",
        "fleet_registration_plate",
        lambda f: page(f.open.filter(plate__gt=f.item.key), "plate"),
    ),
    Look("by value", "fleet_registration_value", lambda f: page(f.open, "value_order", "plate")),
    Look(
        "by value, deep",
        "fleet_registration_value",
        lambda f: page(
            f.open.filter(Q(value_order__gt=25_000_00) | Q(plate__gt=f.item.key), value_order__gte=25_000_00),
            "value_order",
            "plate",
        ),
    ),
    Look("newest first", "fleet_registration_starts", lambda f: page(f.open, "-starts", "-plate")),
    Look(
        "newest first, deep",
        "fleet_registration_starts",
        lambda f: page(
            f.open.filter(Q(starts__lt=date(2024, 9, 1)) | Q(plate__lt=f.item.key), starts__lte=date(2024, 9, 1)),
            "-starts",
            "-plate",
        ),
    ),
    Look("by make", "fleet_registration_make", lambda f: page(f.open, "make", "plate")),
    Look(
        "plate begins with",
        "fleet_registration_plate",
        lambda f: page(f.open.filter(plate__prefix=f.item.key[:4]), "plate"),
        50,
    ),
    Look(
        "make begins with",
        "fleet_registration_make",
        lambda f: page(f.open.filter(make__prefix="SEAT CL"), "make", "plate"),
    ),
    Look(
        "plate or make begins with, newest first",
        "fleet_registration_make",
        lambda f: page(
            f.open.filter(Q(make__prefix=f.item.key[:4]) | Q(plate__prefix=f.item.key[:4])), "-starts", "-plate"
        ),
        50,
    ),
    Look("as known then, by plate", "fleet_registration_plate", lambda f: page(f.as_known, "plate"), 1_000),
    Look(
        "as known then, plate begins with",
        "fleet_registration_plate",
        lambda f: page(f.as_known.filter(plate__prefix=f.item.key[:3]), "plate"),
        50,
    ),
    Look(
        "item by its key",
        "core_item_one_per_policy",
        lambda f: Item.objects.filter(policy=f.garage.policy.id, kind="vehicle", key=f.item.key),
        2,
    ),
    Look(
        "versions of an item",
        "fleet_registration_item",
        lambda f: RegistrationVersion.objects.filter(item=f.item).known(),
        3,
    ),
    Look("entries of an item", "core_entry_item_id_625539ce", lambda f: Entry.objects.filter(item=f.item), 3),
    Look(
        "events of a subject",
        "core_event_by_subject",
        lambda f: Event.objects.filter(subject_kind="registration", subject=f.item.id).order_by("-id"),
        3,
    ),
]


@pytest.mark.parametrize("kind", ["member", "staff", "agent"])
@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_look_keeps_its_index(fleet: Fleet, look: Look, kind: str) -> None:
    plans.assert_uses_index(look.ask(fleet), look.index, fleet.scope(kind), at_most=look.at_most)


def test_events_of_a_company_keep_their_index(fleet: Fleet) -> None:
    small = fleet.small
    events = Event.objects.filter(organisation=small.organisation.id).order_by("-id")[:50]
    for scope in (small.actor().scope, fleet.scope("agent")):
        plans.assert_uses_index(events, "core_event_by_organisation", scope, at_most=50)
    of_portal = Event.objects.filter(portal=small.portal.id).order_by("-id")[:50]
    plans.assert_uses_index(of_portal, "core_event_by_portal", Scope(ActorKind.STAFF, small.portal.id), at_most=50)


def test_look_without_its_index_is_found_out(fleet: Fleet) -> None:
    """LIKE is not leakproof: behind the wall it reads the whole fleet."""
    like = page(fleet.open.filter(plate__startswith=fleet.item.key[:4]), "plate")
    with pytest.raises(AssertionError, match=r"rows looked at|is not used"):
        plans.assert_uses_index(like, "fleet_registration_plate", fleet.scope("staff"))
    unindexed = RegistrationVersion.objects.filter(policy=fleet.garage.policy.id, model="y")
    with pytest.raises(AssertionError):
        plans.assert_uses_index(unindexed, "fleet_registration_plate", fleet.scope("member"))
