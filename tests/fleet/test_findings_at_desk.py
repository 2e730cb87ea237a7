"""What the register said later is a request of the desk: placed once, decided by a person, or closed by itself. Cover
stays as it is."""

from datetime import date
from decimal import Decimal

import pytest

from remise.core.actor import system
from remise.core.errors import DomainError, Forbidden
from remise.core.models import Event
from remise.core.scope import enter
from remise.desk import actions, rules
from remise.desk.models import DeskRequest
from remise.desk.moves import IllegalMove
from remise.desk.rights import DeskRight
from remise.fleet.actions import complete_registration, deregister_vehicles
from remise.fleet.findings import FindingKind
from remise.fleet.models import Finding, RegistrationVersion
from remise.fleet.requests.found import close, place
from remise.fleet.rights import FleetRight
from remise.fleet.selectors.history import history
from remise.vehicles.models import Vehicle
from tests import jobs, vehicles, world
from tests.desk.office import Office, stored
from tests.journeys.server import Mailbox
from tests.races import at_once
from tests.vehicles import OnCover
from tests.world import OWNER


def complete(of: Office, held: OnCover, vehicle: Vehicle) -> None:
    by = system(portal=of.garage.portal.id, name="fleet.ask_register").acting_for(of.garage.organisation.id)
    with enter(by.scope):
        complete_registration(by=by, item=held.item, vehicle=vehicle)


def found(of: Office, **said: object) -> tuple[OnCover, Vehicle]:
    """On cover for ten days; the register says now that it has been in this name for three."""
    held = vehicles.on_cover(of.garage, days=10)
    vehicle = vehicles.in_register(held.plate, **{"in_name_since": of.day(3)} | said)
    complete(of, held, vehicle)
    return held, vehicle


def doubtful(of: Office) -> tuple[OnCover, Vehicle]:
    return found(of, in_name_since=None, catalogue_value=Decimal(9_000_000), value_doubt="too_high")


def requests(of: Office) -> list[DeskRequest]:
    return list(DeskRequest.objects.using(OWNER).filter(organisation=of.garage.organisation.id).order_by("id"))


def findings(of: Office) -> list[Finding]:
    return list(Finding.objects.using(OWNER).filter(organisation=of.garage.organisation.id).order_by("id"))


def cover(of: Office, held: OnCover) -> list[tuple[date, date | None]]:
    rows = RegistrationVersion.objects.using(OWNER).filter(organisation=of.garage.organisation.id, item=held.item)
    return list(rows.filter(known_to=None).order_by("starts").values_list("starts", "ends"))


def test_finding_is_placed_before_the_desk(of: Office) -> None:
    held, vehicle = found(of)
    for _again in range(2):
        complete(of, held, vehicle)
    (request,), (finding,) = requests(of), findings(of)
    assert (request.kind, request.by_system, request.account) == ("finding", "fleet.ask_register", None)
    assert (request.subject_kind, request.subject, request.branch) == ("registration", held.item, of.garage.branch.id)
    assert finding.request == request.id
    assert request.due_at > request.opened_at
    assert cover(of, held) == [(of.day(10), None)]


def test_finding_is_placed_whatever_the_company_asked_itself(of: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is of what customers ask."""
    monkeypatch.setattr(rules, "OPEN_AT_ONCE", 0)
    found(of)
    assert [(one.kind, one.state) for one in requests(of)] == [("finding", "waiting")]


def test_finding_is_placed_once_by_whoever_comes_together(of: Office) -> None:
    held = vehicles.on_cover(of.garage, days=10)
    vehicle = vehicles.in_register(held.plate, in_name_since=of.day(3))
    at_once(*[lambda: complete(of, held, vehicle)] * 4)
    assert (len(requests(of)), len(findings(of))) == (1, 1)
    event = Event.objects.using(OWNER).get(kind="finding.raised", organisation=of.garage.organisation.id)
    by = system(portal=of.garage.portal.id, name="fleet.ask_register").acting_for(of.garage.organisation.id)

    def again() -> None:
        with enter(by.scope):
            place(by, event)

    at_once(*[again] * 4)
    assert len(requests(of)) == 1


def test_desk_lets_it_stand(of: Office) -> None:
    held, vehicle = found(of)
    (request,) = requests(of)
    of.accept(request)
    jobs.work_off()
    (finding,) = findings(of)
    assert (finding.may_stand, finding.settled_at is not None) == (True, True)
    assert (stored(request).state, stored(request).unread) == ("accepted", True)
    assert cover(of, held) == [(of.day(10), None)]
    complete(of, held, vehicle)  # looked at: not raised again for the same day
    assert len(findings(of)) == 1
    vehicle.in_name_since = of.day(1)
    complete(of, held, vehicle)  # that is news
    assert [one.kind for one in requests(of)] == ["finding", "finding"]


def test_desk_tells_the_customer_what_to_do(of: Office) -> None:
    held, _vehicle = found(of)
    (request,) = requests(of)
    of.take(request)
    of.do(actions.refuse, request, of.mirjam, reason="Meld hem opnieuw aan per de tenaamstelling.")
    jobs.work_off()
    (finding,) = findings(of)
    assert finding.settled_at is None
    assert cover(of, held) == [(of.day(10), None)]
    by = of.actor(of.owner)
    with enter(by.scope):
        (told,) = history(by, held.item).findings
    assert told.request is not None
    assert told.request.reason == "Meld hem opnieuw aan per de tenaamstelling."
    by = of.garage.actor(*FleetRight)
    with enter(by.scope):
        deregister_vehicles(by=by, policy=of.garage.policy, items=[held.item], day=of.day(4))
    jobs.work_off()
    (finding,) = findings(of)
    assert (finding.settled_at is not None, finding.may_stand, stored(request).state) == (True, False, "refused")


@pytest.mark.parametrize("is_taken", [False, True])
def test_finding_that_is_over_closes_its_request(of: Office, is_taken: bool) -> None:
    held, vehicle = found(of)
    (request,) = requests(of)
    if is_taken:
        of.take(request)
    vehicle.in_name_since = of.day(12)  # the register was corrected
    complete(of, held, vehicle)
    jobs.work_off()
    closed = stored(request)
    assert (closed.state, closed.assignee, closed.decided_by) == ("settled", None, None)
    assert [event.by_system for event in of.events("request.settled")] == ["core.deliver"]
    with pytest.raises(IllegalMove):
        of.do(actions.refuse, request, of.mirjam, reason="Te laat.")


def test_plate_that_appears_closes_its_request(of: Office) -> None:
    held = vehicles.on_cover(of.garage)
    complete(of, held, vehicles.in_register(held.plate, found=False))
    (request,) = requests(of)
    (vehicle,) = Vehicle.objects.using(OWNER).filter(plate=held.plate.value)
    vehicle.found = True
    complete(of, held, vehicle)
    jobs.work_off()
    assert stored(request).state == "settled"


def test_desk_decides_while_it_settles_itself(of: Office) -> None:
    """The job comes too late, or the desk does; never both, and neither breaks."""
    for _round in range(3):
        held, vehicle = found(of)
        request = requests(of)[-1]
        of.take(request)
        vehicle.in_name_since = of.day(12)
        complete(of, held, vehicle)
        event = Event.objects.using(OWNER).filter(kind="finding.settled").latest("id")
        by = system(portal=of.garage.portal.id, name="core.deliver")

        def settles(event: Event = event) -> None:
            with enter(by.scope):
                close(by, event)

        def decides(request: DeskRequest = request) -> None:
            try:
                of.do(actions.accept, request, of.mirjam, reason="Goed.", answer={})
            except IllegalMove:
                return

        at_once(settles, decides)
        assert stored(request).state in {"settled", "accepted"}


def test_doubted_value_is_set_by_the_desk(of: Office) -> None:
    held, _vehicle = doubtful(of)
    (request,) = requests(of)
    assert request.kind == "finding_value"
    done = of.accept(request, value=Decimal(41_000))
    jobs.work_off()
    assert done.entry is not None
    assert [one.settled_at is not None for one in findings(of)] == [True]
    rows = RegistrationVersion.objects.using(OWNER).filter(item=held.item, known_to=None)
    assert [row.value for row in rows] == [Decimal(41_000)]
    assert stored(request).state == "accepted"


def test_value_that_the_customer_asked_for_settles_the_doubt(of: Office) -> None:
    held, _vehicle = doubtful(of)
    doubt = requests(of)[0]
    of.accept(of.value(held), value=Decimal(38_950))
    jobs.work_off()
    assert stored(doubt).state == "settled"


def test_customer_answers_and_does_not_withdraw(of: Office) -> None:
    found(of)
    (request,) = requests(of)
    of.do(actions.say, request, of.owner, text="De dag klopt wel.")
    assert stored(request).customer_asked
    with pytest.raises(DomainError) as refused:
        of.do(actions.withdraw, request, of.owner)
    assert (refused.value.code, stored(request).state) == ("not_asked", "waiting")


def test_who_may_not_lift_the_limit_lets_nothing_stand(of: Office) -> None:
    found(of)
    (request,) = requests(of)
    junior = world.member(of.insurer, rights=[*DeskRight], name="Nieuw Bureau")
    with pytest.raises(Forbidden):
        of.accept(request, junior)
    assert [one.settled_at for one in findings(of)] == [None]


def test_pages_show_it_to_the_customer_and_the_desk(of: Office, mailbox: Mailbox) -> None:
    held, _vehicle = found(of)
    (request,) = requests(of)
    owner, desk = of.client(of.owner), of.client(of.mirjam)
    page = owner.get(f"/vehicles/{held.item}").content.decode()
    assert page.count(f"/requests/{request.id}") == 1
    theirs = owner.get(f"/requests/{request.id}")
    assert (theirs.status_code, "/withdraw" in theirs.content.decode()) == (200, False)
    reader = of.client(world.member(of.garage.organisation, rights=[FleetRight.VIEW]))
    assert f"/requests/{request.id}" not in reader.get(f"/vehicles/{held.item}").content.decode()
    assert held.plate.formatted in desk.get("/desk/").content.decode()
    desk.post(f"/desk/{request.id}/take")
    desk.post(f"/desk/{request.id}/decide", {"outcome": "refused", "reason": "Bel ons even."})
    jobs.work_off()
    assert "Bel ons even." in owner.get(f"/vehicles/{held.item}").content.decode()
    assert mailbox.taken == []  # nobody asked
    assert FindingKind.BEFORE_NAME_DATE in str(stored(request).data)
