"""A garage whose cover is told to a register, the insurer's desk, and what became of the notices."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from django.test import override_settings

from remise.core.actor import Actor, Assurance, system
from remise.core.identifiers import CheckCode, Plate
from remise.core.scope import ActorKind, enter
from remise.demo.state_register import Stand, serving
from remise.fleet.actions import correct_entry, deregister_vehicles
from remise.fleet.rights import FleetRight, UnderwritingRight
from remise.notices import tasks
from remise.notices.models import Batch, Notice, NoticeRule, RegisterSettings
from remise.notices.rights import NoticeRight
from remise.notices.rules import Manner
from remise.policies.models import Product
from tests import vehicles, world
from tests.vehicles import OnCover
from tests.world import OWNER, Garage

Way = RegisterSettings.Way
State = Notice.State


def rule(product: Product, manner: Manner, starts: date = date(2020, 1, 1)) -> NoticeRule:
    return NoticeRule.objects.using(OWNER).create(
        portal=product.portal_id, product=product, starts=starts, source="WAM, art. 13", manner=manner
    )


@dataclass(slots=True)
class Telling:
    garage: Garage

    @property
    def staff(self) -> Actor:
        return Actor(
            kind=ActorKind.STAFF,
            portal=self.garage.portal.id,
            account=-1,
            clock_offset=self.garage.portal.clock_offset,
            organisation=None,
            grants=frozenset((right, None) for right in (*NoticeRight, *UnderwritingRight)),
            assurance=Assurance.TWO_FACTORS,
        )

    @property
    def system(self) -> Actor:
        return system(portal=self.garage.portal.id, name="notices.send", clock_offset=self.garage.portal.clock_offset)

    def register(self, plate: Plate | None = None, *, days: int = 0) -> OnCover:
        return vehicles.on_cover(self.garage, plate, days=days)

    def deregister(self, held: OnCover, *, days: int = 0, by: Actor | None = None) -> int:
        """The last day covered was so many days ago."""
        by = by or self.garage.actor(*FleetRight)
        with enter(by.scope):
            (done,) = deregister_vehicles(
                by=by, policy=self.garage.policy, items=[held.item], day=vehicles.back(self.garage, days)
            )
        return done.entry.id

    def undo(self, entry: int) -> int:
        by = self.garage.actor(*FleetRight)
        with enter(by.scope):
            return correct_entry(by=by, policy=self.garage.policy, entry=entry).id

    def notices(self, held: OnCover | None = None) -> list[Notice]:
        found = Notice.objects.using(OWNER).filter(portal=self.garage.portal.id)
        return list((found.filter(item=held.item) if held else found).order_by("id"))

    def told(self, held: OnCover | None = None) -> list[tuple[str, str]]:
        return [(one.kind, one.state) for one in self.notices(held)]

    def batches(self) -> list[Batch]:
        return list(Batch.objects.using(OWNER).filter(portal=self.garage.portal.id).order_by("number"))

    def send(self) -> None:
        tasks.send.run(portal=self.garage.portal.id)

    def fetch(self) -> None:
        tasks.fetch_answers.run(portal=self.garage.portal.id)

    def exchange(self) -> None:
        """Until nothing moves any more."""
        for _round in range(6):
            self.send()
            self.fetch()


def telling(way: str = Way.HTTP, manner: Manner = Manner.VEHICLE, **rules: object) -> Telling:
    garage = world.garage(**rules)  # type: ignore[arg-type]
    rule(garage.policy.product, manner)
    RegisterSettings.objects.using(OWNER).create(
        portal=garage.portal, way=way, insurer_code="" if way == Way.NONE else "0413"
    )
    return Telling(garage)


@contextmanager
def connected(stand: Stand) -> Iterator[Stand]:
    with serving(stand) as url, override_settings(STATE_REGISTER_URL=url):
        yield stand


def code(text: str) -> CheckCode:
    return CheckCode(text)
