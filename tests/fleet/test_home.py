"""The home page of a company without vehicles leads to the first one; with one it shows the figures."""

from remise.core.scope import enter
from remise.fleet.actions import correct_entry
from remise.fleet.rights import FleetRight
from remise.policies.models import Policy
from tests import sessions, vehicles, world
from tests.world import OWNER, Garage

NONE_YET = "No vehicle is insured yet"
VIEW, REGISTER = FleetRight.VIEW, FleetRight.REGISTER


def home(garage: Garage, *rights: FleetRight) -> str:
    who = world.member(garage.organisation, rights=list(rights))
    return sessions.client_of(who, garage.portal).get("/").content.decode()


def test_new_company_is_led_to_its_first_vehicle_or_file() -> None:
    garage = world.garage()
    page = home(garage, VIEW, REGISTER)
    assert NONE_YET in page
    assert garage.policy.number in page
    assert 'href="/vehicles/register"' in page
    assert 'href="/vehicles/several/register"' in page
    assert "Nothing needs doing now" not in page
    assert "Insured vehicles" not in page


def test_who_may_not_register_reads_that_a_colleague_does() -> None:
    page = home(world.garage(), VIEW)
    assert NONE_YET in page
    assert "as soon as a colleague registers the first one" in page
    assert "/vehicles/several/register" not in page
    assert "There is nothing here for you yet" not in page


def test_company_without_a_policy_is_told_whom_to_call() -> None:
    garage = world.garage()
    Policy.objects.using(OWNER).filter(id=garage.policy.id).delete()
    page = home(garage, VIEW, REGISTER)
    assert "Your company has no policy for vehicles" in page
    assert garage.portal.desk_phone in page
    assert "/vehicles/several/register" not in page


def test_first_vehicle_brings_the_figures_and_undoing_it_the_beginning() -> None:
    garage = world.garage()
    held = vehicles.on_cover(garage)
    page = home(garage, VIEW, REGISTER)
    assert NONE_YET not in page
    assert "Insured vehicles" in page
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        correct_entry(by=by, policy=garage.policy, entry=held.entry)
    assert NONE_YET in home(garage, VIEW, REGISTER)


def test_vehicle_of_next_week_is_no_beginning_any_more() -> None:
    garage = world.garage()
    vehicles.on_cover(garage, days=-7)
    page = home(garage, VIEW, REGISTER)
    assert NONE_YET not in page
    assert "Insured vehicles" in page


def test_other_companys_vehicles_are_not_ones_own() -> None:
    garage = world.garage()
    vehicles.on_cover(world.garage(at=garage.portal), days=3)
    assert NONE_YET in home(garage, VIEW, REGISTER)


def test_who_sees_no_vehicles_reads_nothing_of_them() -> None:
    page = home(world.garage())
    assert NONE_YET not in page
    assert "There is nothing here for you yet" in page
