"""What was found and compared of covers held twice goes by its term, and not before it serves nobody."""

from datetime import timedelta

import pytest
from django.utils import timezone

from remise.core.jobs import JOBS
from remise.fleet.models import CoverComparison, DoubleCover
from remise.fleet.twice.retention import COMPARED, FOUND
from remise.portals.models import LetGo, Portal, RetentionTerm
from tests import jobs, sessions, vehicles, world
from tests.desk.office import Office
from tests.fleet.test_covered_twice import leave, look, requests, sold, twice
from tests.privacy.people import hold, lift
from tests.world import OWNER, Garage


def night(at: Portal) -> None:
    JOBS["fleet.forget_covers"].run(portal=at.id)


def noted(at: Portal, category: str) -> tuple[int, int]:
    one = LetGo.objects.using(OWNER).get(portal=at, category=category)
    return one.gone, one.held


def over(of: Office, buyer: Garage) -> DoubleCover:
    """Was found, and ended the same day."""
    at_dealer, _at_buyer = sold(of, buyer)
    leave(of.garage, at_dealer, 4)
    jobs.work_off()
    (double,) = twice(of)
    assert double.settled_at is not None
    return double


def test_what_is_over_goes_the_day_after_its_term(of: Office, buyer: Garage) -> None:
    over(of, buyer)
    vehicles.later(of.garage, FOUND.days - 1)
    night(of.garage.portal)
    assert (len(twice(of)), noted(of.garage.portal, FOUND.name)) == (1, (0, 0))
    vehicles.later(of.garage, 2)
    night(of.garage.portal)
    assert (twice(of), noted(of.garage.portal, FOUND.name)) == ([], (1, 0))
    look(of)
    assert twice(of) == []


def test_term_of_the_insurer_counts_and_of_no_other(of: Office, buyer: Garage) -> None:
    over(of, buyer)
    today = vehicles.today(of.garage)
    for at, days in ((of.garage.portal, 100), (world.portal(), 60)):
        RetentionTerm.objects.using(OWNER).create(
            portal=at, category=FOUND.name, days=days, starts=today, source="Beleid"
        )
    vehicles.later(of.garage, 99)
    night(of.garage.portal)
    assert len(twice(of)) == 1
    vehicles.later(of.garage, 2)
    night(of.garage.portal)
    assert twice(of) == []


def test_what_is_still_so_stays_however_long(of: Office, buyer: Garage) -> None:
    sold(of, buyer)
    vehicles.later(of.garage, FOUND.days * 2)
    night(of.garage.portal)
    assert [one.settled_at for one in twice(of)] == [None]


def test_what_was_let_stand_is_not_asked_again_for_having_been_let_go(of: Office, buyer: Garage) -> None:
    at_dealer, _at_buyer = sold(of, buyer)
    of.accept(requests(of)[0])
    jobs.work_off()
    vehicles.later(of.garage, FOUND.days + 5)
    night(of.garage.portal)
    look(of)
    assert [one.may_stand for one in twice(of)] == [True]
    leave(of.garage, at_dealer, 0)
    jobs.work_off()
    vehicles.later(of.garage, FOUND.days + 5)
    night(of.garage.portal)
    assert twice(of) == []


@pytest.mark.parametrize("side", ["asked", "other"])
def test_held_company_keeps_it_on_whichever_side(of: Office, buyer: Garage, side: str) -> None:
    over(of, buyer)
    garage = of.garage if side == "asked" else buyer
    vehicles.later(of.garage, FOUND.days + 1)
    one = hold(of.garage.portal, company=garage.organisation)
    night(of.garage.portal)
    assert (len(twice(of)), noted(of.garage.portal, FOUND.name)) == (1, (0, 1))
    lift(one)
    night(of.garage.portal)
    assert (twice(of), noted(of.garage.portal, FOUND.name)) == ([], (1, 0))


def test_desk_opens_a_request_whose_finding_is_gone(of: Office, buyer: Garage) -> None:
    over(of, buyer)
    (request,) = requests(of)
    vehicles.later(of.garage, FOUND.days + 1)
    night(of.garage.portal)
    answer = sessions.client_of(of.mirjam, of.garage.portal).get(f"/desk/{request.id}")
    assert answer.status_code == 200
    assert "no longer kept" in answer.content.decode()


def test_comparisons_go_by_their_own_term(of: Office) -> None:
    at, partner = of.garage.portal, world.portal()
    for days in (COMPARED.days + 1, COMPARED.days - 1):
        when = timezone.now() - timedelta(days)
        for here, there in ((at, partner), (partner, at)):
            CoverComparison.objects.using(OWNER).create(portal=here.id, partner=there.id, at=when, found=0)
    night(at)
    left = CoverComparison.objects.using(OWNER)
    assert (left.filter(portal=at.id).count(), left.filter(portal=partner.id).count()) == (1, 2)
    assert noted(at, COMPARED.name) == (1, 0)
    night(at)
    assert noted(at, COMPARED.name) == (0, 0)
