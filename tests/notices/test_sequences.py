"""Whatever is registered, deregistered, undone and corrected, in whatever order, and whatever the register refuses
meanwhile: once all is answered it holds exactly the cover that the ledger says."""

import random
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from remise.core.errors import DomainError
from remise.core.identifiers import Plate
from remise.core.ledger.operations import Segment
from remise.core.scope import enter
from remise.demo.state_register import Said, Stand
from remise.fleet.actions import change_check_code, correct_entry, deregister_vehicles, register_vehicle
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.notices.actions.mending import send_again
from remise.notices.planning import Cover, covers, replay
from tests import jobs, vehicles
from tests.notices.telling import State, Telling, code, connected, telling
from tests.world import OWNER

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["register", "register", "deregister", "deregister", "undo", "check_code", "exchange", "send"]
        ),
        st.integers(-9, 9),
    ),
    min_size=2,
    max_size=10,
)


class Vehicle:
    """One plate, with people and the desk doing things to it."""

    def __init__(self, of: Telling) -> None:
        self.of, self.plate, self.item = of, vehicles.fresh_plate(), 0
        self.entries: list[int] = []
        self.codes = 0

    def take(self, step: str, number: int) -> None:
        try:
            getattr(self, step)(number, vehicles.today(self.of.garage) + timedelta(number))
        except DomainError:
            return

    def register(self, _number: int, day: date) -> None:
        by = self.of.garage.actor(*FleetRight)
        with enter(by.scope):
            done = register_vehicle(
                by=by,
                policy=self.of.garage.policy,
                plate=self.plate,
                check_code=code(vehicles.CODE),
                starts=day,
                branch=self.of.garage.branch.id,
            )
        self.item = done.item
        self.entries.append(done.entry.id)

    def deregister(self, _number: int, day: date) -> None:
        by = self.of.garage.actor(*FleetRight)
        with enter(by.scope):
            (done,) = deregister_vehicles(by=by, policy=self.of.garage.policy, items=[self.item], day=day)
        self.entries.append(done.entry.id)

    def undo(self, number: int, _day: date) -> None:
        if not self.entries:
            return
        by = self.of.garage.actor(*FleetRight)
        with enter(by.scope):
            correct_entry(by=by, policy=self.of.garage.policy, entry=self.entries[number % len(self.entries)])

    def check_code(self, _number: int, _day: date) -> None:
        self.codes += 1
        with enter(self.of.staff.scope):
            change_check_code(
                by=self.of.staff, policy=self.of.garage.policy, item=self.item, check_code=code(f"{self.codes:04d}")
            )

    def exchange(self, _number: int, _day: date) -> None:
        self.of.send()
        self.of.fetch()

    def send(self, _number: int, _day: date) -> None:
        self.of.send()

    def wanted(self) -> list[Cover]:
        versions = RegistrationVersion.objects.using(OWNER).filter(item=self.item, known_to=None).order_by("starts")
        return covers(Segment(v.starts, v.ends, {"check_code": v.check_code}) for v in versions)

    def mend(self) -> None:
        for notice in self.of.notices():
            if notice.state == State.REJECTED:
                with enter(self.of.staff.scope):
                    send_again(by=self.of.staff, notice=notice.id)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@given(STEPS, st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_register_holds_what_the_ledger_says(steps: list[tuple[str, int]], seed: int) -> None:
    jobs.forget()
    of = telling(last_day_covered=False)
    vehicle, chance, is_kind = Vehicle(of), random.Random(seed), False

    def moody(_said: Said) -> tuple[str, str] | None:
        return None if is_kind or chance.random() < 0.7 else ("moody", "Vandaag niet")

    with connected(Stand(judge=moody)) as stand:
        for step, number in steps:
            vehicle.take(step, number)
        is_kind = True
        for _round in range(80):
            if not any(one.is_open for one in of.notices()):
                break
            vehicle.mend()
            of.send()
            of.fetch()
        held = [
            Cover(
                date.fromisoformat(key[2]),
                date.fromisoformat(said["ends"]) if said["ends"] else None,
                said["check_code"],
            )
            for key, said in sorted(stand.cover.items(), key=lambda pair: pair[0][2])
        ]
    assert held == vehicle.wanted()
    accepted = [one for one in of.notices() if one.state == State.ACCEPTED]
    assert replay(one.said for one in sorted(accepted, key=lambda one: one.place)) == vehicle.wanted()


def test_plates_of_two_policies_do_not_meet() -> None:
    jobs.forget()
    one, other = telling(), telling()
    plate = Plate("GT001K")
    held = [each.register(plate) for each in (one, other)]
    assert one.notices(held[0])[0].policy != other.notices(held[1])[0].policy
    assert [len(one.notices()), len(other.notices())] == [1, 1]
