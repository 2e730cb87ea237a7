"""Cover compared between two insurers: nothing crosses before both agreed, each with a legal basis; then each desk
learns that the vehicle is covered at the other too, since when, and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.db import connection

from remise.core import clock
from remise.core.errors import BrokenRule, Forbidden
from remise.core.models import Event
from remise.core.scope import enter
from remise.desk.models import DeskRequest
from remise.fleet.actions import deregister_vehicles
from remise.fleet.models import ComparingAgreement, CoverComparison, DoubleCover
from remise.fleet.rights import ComparingRight, FleetRight
from remise.fleet.twice.agreements import State, agree, end_agreement, partners
from remise.organisations.models import Membership
from tests import jobs, sessions, vehicles, world
from tests.api.program import program
from tests.desk.office import EVERYTHING
from tests.journeys.server import Mailbox
from tests.races import at_once
from tests.vehicles import OnCover
from tests.world import OWNER, Garage

BASIS, DOCUMENT = "Artikel 6(1)(f) AVG: dubbele dekking tegengaan", "OV-2026-14"


@dataclass(slots=True)
class Insurer:
    garage: Garage
    desk: Membership

    @property
    def portal(self) -> int:
        return self.garage.portal.id

    def agree(self, other: "Insurer", **said: object) -> ComparingAgreement:
        by = sessions.actor_of(self.desk)
        asked = {"basis": BASIS, "document": DOCUMENT, "starts": clock.today(by)} | said
        with enter(by.scope):
            return agree(by=by, partner=other.portal, **asked)  # type: ignore[arg-type]

    def end(self, agreement: ComparingAgreement) -> None:
        by = sessions.actor_of(self.desk)
        with enter(by.scope):
            end_agreement(by=by, agreement=agreement.id)

    def state(self, other: "Insurer") -> State:
        by = sessions.actor_of(self.desk)
        with enter(by.scope):
            return next(one.state for one in partners(by) if one.portal.id == other.portal)

    def found(self) -> list[DoubleCover]:
        """That are open."""
        return list(DoubleCover.objects.using(OWNER).filter(portal=self.portal, settled_at=None))

    def requests(self) -> list[DeskRequest]:
        return list(DeskRequest.objects.using(OWNER).filter(portal=self.portal).order_by("id"))

    def compared(self) -> list[tuple[int | None, int]]:
        rows = CoverComparison.objects.using(OWNER).filter(portal=self.portal).order_by("id")
        return list(rows.values_list("vehicles", "found"))


def insurer(name: str) -> Insurer:
    at = world.portal()
    at.name, at.insurer = name, f"{name} N.V."
    at.save(using=OWNER)
    garage = world.garage(at=at)
    rights = [*EVERYTHING, *ComparingRight]
    return Insurer(garage, world.member(world.insurer(at), rights=rights, name="Mirjam Postma"))


@pytest.fixture
def two(mailbox: Mailbox) -> Iterator[tuple[Insurer, Insurer]]:
    jobs.forget()
    yield insurer(f"Eerste {world.unique()}"), insurer(f"Tweede {world.unique()}")
    jobs.forget()


type Two = tuple[Insurer, Insurer]


def at_both(two: Two) -> tuple[OnCover, OnCover]:
    """One vehicle, nine days ago at the one insurer and two days ago at the other."""
    here, there = two
    held = vehicles.on_cover(here.garage, days=9)
    again = vehicles.on_cover(there.garage, held.plate, days=2)
    jobs.work_off()
    return held, again


def nothing_crossed(two: Two) -> None:
    for one in two:
        assert (one.found(), one.requests(), one.compared()) == ([], [], [])


def test_off_by_default(two: Two) -> None:
    at_both(two)
    nothing_crossed(two)
    assert [two[0].state(two[1]), two[1].state(two[0])] == [State.OFF, State.OFF]


@pytest.mark.parametrize("which", [0, 1])
def test_nothing_crosses_while_only_one_has_it_on(two: Two, which: int) -> None:
    two[which].agree(two[1 - which])
    at_both(two)
    nothing_crossed(two)
    assert two[which].state(two[1 - which]) is State.WAITING
    assert two[1 - which].state(two[which]) is State.OFF  # who has it off is not told that the other has it on


def test_nothing_crosses_with_a_third(two: Two) -> None:
    """Each of the two agreed with somebody else."""
    third = insurer(f"Derde {world.unique()}")
    two[0].agree(third)
    two[1].agree(third)
    at_both(two)
    nothing_crossed(two)


def test_each_desk_learns_that_it_is_covered_elsewhere(two: Two) -> None:
    here, there = two
    here.agree(there)
    there.agree(here)
    jobs.work_off()
    held, again = at_both(two)
    assert [here.state(there), there.state(here)] == [State.ON, State.ON]
    for own, other, item in ((here, there, held.item), (there, here, again.item)):
        (double,), (request,) = own.found(), own.requests()
        assert (double.item, double.other, double.elsewhere) == (item, None, other.portal)
        assert (double.starts, double.request) == (vehicles.back(here.garage, 2), request.id)
        assert (request.kind, request.internal) == ("covered_elsewhere", True)
        text = sessions.client_of(own.desk, own.garage.portal).get(f"/desk/{request.id}").content.decode()
        assert other.garage.portal.name in text
        secrets = [other.garage.policy.number, other.garage.organisation.kvk, f"vehicles/{again.item}"]
        assert [secret for secret in secrets if secret and secret in text] == []
        stored = [str(value) for value in {**double.__dict__, **request.__dict__}.values()]
        assert not [value for value in stored if other.garage.policy.number in value]


def test_customers_program_does_not_learn_that_it_is_another_insurer(two: Two) -> None:
    here, there = two
    here.agree(there)
    there.agree(here)
    at_both(two)
    (request,) = here.requests()
    desk = sessions.client_of(here.desk, here.garage.portal)
    desk.post(f"/desk/{request.id}/take")
    desk.post(f"/desk/{request.id}/say", {"text": "Is this car still yours?"})
    jobs.work_off()
    caller = program(here.garage)
    asked = caller.get(f"/requests/{request.id}").json()
    assert (asked["kind"], asked["label"]) == ("covered_twice", "Does this cover still have to run?")
    told = "".join(caller.get(path).content.decode() for path in ("/requests", f"/requests/{request.id}", "/events"))
    assert "elsewhere" not in told


def test_what_both_cover_already_is_found_when_the_second_agrees(two: Two) -> None:
    at_both(two)
    two[0].agree(two[1])
    jobs.work_off()
    nothing_crossed(two)
    two[1].agree(two[0])
    jobs.work_off()
    assert [len(one.found()) for one in two] == [1, 1]


def test_cover_goes_no_further_than_the_policy_of_either(two: Two) -> None:
    here, there = two
    here.agree(there)
    there.agree(here)
    at_both(two)
    assert [len(one.found()) for one in two] == [1, 1]
    for ended in two:
        vehicles.end_policy(ended.garage, back=0)
        run(here)
        run(there)
        assert [one.found() for one in two] == [[], []]
        vehicles.end_policy(ended.garage, back=-10)
        run(here)
        run(there)
        assert [double.ends for one in two for double in one.found()] == [vehicles.back(here.garage, -10)] * 2
        vehicles.end_policy(ended.garage, back=-100)


def test_each_comparison_is_written_down_for_both(two: Two) -> None:
    """Of how many vehicles, for who asked alone."""
    here, there = two
    here.agree(there)
    there.agree(here)
    jobs.work_off()
    assert here.compared() == []  # nothing was covered, and so nothing compared
    vehicles.on_cover(here.garage, days=3)
    jobs.work_off()
    assert (here.compared(), there.compared()) == ([(1, 0)], [(None, 0)])


def test_ending_it_ends_it_at_once_for_both(two: Two) -> None:
    here, there = two
    own = here.agree(there)
    there.agree(here)
    at_both(two)
    assert [len(one.found()) for one in two] == [1, 1]
    here.end(own)
    assert here.found() == []  # before any job
    jobs.work_off()
    assert there.found() == []
    assert {one.state for one in [*here.requests(), *there.requests()]} == {"settled"}
    written = [one.compared() for one in two]
    vehicles.on_cover(there.garage, vehicles.on_cover(here.garage).plate)
    jobs.work_off()
    assert [one.compared() for one in two] == written
    assert [here.state(there), there.state(here)] == [State.OFF, State.WAITING]
    here.end(own)  # twice does no harm


def test_it_is_over_at_both_when_one_cover_ends(two: Two) -> None:
    here, there = two
    here.agree(there)
    there.agree(here)
    held, _again = at_both(two)
    by = here.garage.actor(*FleetRight)
    with enter(by.scope):
        deregister_vehicles(by=by, policy=here.garage.policy, items=[held.item], day=vehicles.back(here.garage, 3))
    jobs.work_off()
    assert [one.found() for one in two] == [[], []]
    assert {one.state for one in [*here.requests(), *there.requests()]} == {"settled"}


def test_agreements_hold_on_their_days(two: Two) -> None:
    here, there = two
    today = vehicles.today(here.garage)
    here.agree(there, starts=today + timedelta(days=3))
    there.agree(here, ends=today + timedelta(days=5))
    at_both(two)
    nothing_crossed(two)
    assert here.state(there) is State.LATER
    for one in two:
        vehicles.later(one.garage, 4)
    by = sessions.actor_of(here.desk)
    run(here)
    assert [len(one.found()) for one in two] == [1, 1]
    for one in two:
        vehicles.later(one.garage, 2)
    run(here)
    run(there)
    assert [one.found() for one in two] == [[], []]
    assert by.in_portal == here.portal
    assert there.state(here) is State.OFF
    there.agree(here, starts=vehicles.today(there.garage))  # what ran out stands in nobody's way
    assert there.state(here) is State.ON


def run(at: Insurer) -> None:
    """As in the night."""
    jobs.put("fleet.covers_tonight", {"portal": at.portal})
    jobs.work_off()


def test_two_who_switch_it_on_at_once_make_one_agreement(two: Two) -> None:
    here, there = two
    outcomes = at_once(*[lambda: here.agree(there)] * 3)
    refused = [one for one in outcomes if isinstance(one, BrokenRule)]
    assert {one.code for one in refused} == {"on_already"}
    assert ComparingAgreement.objects.using(OWNER).filter(portal=here.portal).count() == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"basis": "  "}, "basis"),
        ({"document": ""}, "document"),
        ({"starts": date(2020, 1, 1)}, "starts"),
        ({"ends": date(2020, 1, 1)}, "last_day"),
    ],
)
def test_without_a_basis_or_days_it_is_refused(two: Two, said: dict[str, object], field: str) -> None:
    with pytest.raises(BrokenRule) as refused:
        two[0].agree(two[1], **said)
    assert refused.value.field == field
    assert not ComparingAgreement.objects.using(OWNER).filter(portal=two[0].portal).exists()


def test_who_may_not_does_not(two: Two) -> None:
    here, there = two
    here.desk = world.member(world.insurer(here.garage.portal, name="Zelfde"), rights=EVERYTHING, name="Daan")
    with pytest.raises(Forbidden):
        here.agree(there)
    client = sessions.client_of(here.desk, here.garage.portal)
    assert client.get("/desk/agreements/").status_code == 403


def test_neither_reads_the_others_agreement(two: Two) -> None:
    here, there = two
    there.agree(here)
    by = sessions.actor_of(here.desk)
    with enter(by.scope), connection.cursor() as cursor:
        cursor.execute("select count(*) from fleet_comparingagreement")
        assert cursor.fetchone()[0] == 0
        cursor.execute("select agreements_answered()")
        assert cursor.fetchall() == []
    denied = pytest.raises(Exception, match="permission denied")
    with denied, enter(by.scope), connection.cursor() as cursor:
        cursor.execute("select * from covered_elsewhere(null)")


def test_it_is_switched_on_and_off_on_the_page(two: Two) -> None:
    here, there = two
    client = sessions.client_of(here.desk, here.garage.portal)
    page = client.get("/desk/agreements/").content.decode()
    assert there.garage.portal.insurer in page
    url = f"/desk/agreements/with/{there.garage.portal.slug}"
    today = vehicles.today(here.garage).isoformat()
    wrong = client.post(url, {"basis": BASIS, "document": "", "starts": today})
    assert wrong.status_code == 422
    assert BASIS in wrong.content.decode()
    assert client.post(url, {"basis": BASIS, "document": DOCUMENT, "starts": today}).status_code == 302
    assert "Waiting for the other insurer" in client.get("/desk/agreements/").content.decode()
    there.agree(here)
    page = client.get("/desk/agreements/").content.decode()
    assert "Waiting for the other insurer" not in page
    (own,) = ComparingAgreement.objects.using(OWNER).filter(portal=here.portal)
    assert client.post(f"/desk/agreements/{own.id}/end").status_code == 302
    assert here.state(there) is State.OFF
    told = Event.objects.using(OWNER).filter(portal=here.portal, kind__startswith="agreement.").order_by("id")
    assert [one.kind for one in told] == ["agreement.made", "agreement.ended"]
    assert client.get(f"/desk/agreements/with/{here.garage.portal.slug}").status_code == 404
