"""What lists and look-ups rely on is promised by the database."""

import subprocess
import sys
from datetime import date

import psycopg
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from remise.core.ledger.book import Book
from remise.core.ledger.operations import Start
from remise.core.scope import enter
from remise.fleet.models import RegistrationVersion
from remise.policies.models import Policy
from remise.portals.models import PortalHost
from tests import world
from tests.world import OWNER, Garage

DAY = date(2026, 1, 1)


def registered(garage: Garage) -> int:
    """The entry that puts a vehicle on the garage's policy."""
    by = garage.actor()
    with enter(by.scope):
        book = Book.open(
            RegistrationVersion, by=by, organisation=garage.organisation.id, policy=garage.policy.id, keys=["AB12CD"]
        )
        book.amend(book.by_key()["AB12CD"], starts=DAY, operations=(Start({"make": "A"}),))
        return book.settle()[0].id


@pytest.fixture
def garage() -> Garage:
    return world.garage()


@pytest.mark.parametrize("column", ["policy", "opened_id", "closed_id"])
def test_version_is_of_the_policy_of_its_item_and_of_entries_of_its_company(
    garage: Garage, owner_connection: psycopg.Connection, column: str
) -> None:
    """Lists filter by policy alone: a version under another one would show the vehicle there, as an own one."""
    registered(garage)
    other_policy = world.policy(garage.organisation, garage.policy.product).id
    wrong = other_policy if column == "policy" else registered(world.garage())
    given = {"policy": "policy", "opened_id": "opened_id", "closed_id": "closed_id"} | {column: str(wrong)}
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        owner_connection.execute(
            "insert into fleet_registrationversion (portal, organisation, item_id, policy, plate, make, model,"
            " starts, known_from, known_to, opened_id, closed_id) select portal, organisation, item_id,"
            f" {given['policy']}, plate, make, model, starts, known_from, known_from + interval '1 second',"
            f" {given['opened_id']}, {given['closed_id']} from fleet_registrationversion where policy = %s",
            [garage.policy.id],
        )


def test_policy_ends_after_it_starts(garage: Garage) -> None:
    policy = Policy(portal=garage.portal.id, product=garage.policy.product, number="x", starts=DAY, ends=DAY)
    with pytest.raises(ValidationError, match="A policy ends after the day it starts"):
        policy.validate_constraints(exclude={"number"})
    with pytest.raises(IntegrityError, match="policies_policy_ends_after_start"):
        Policy.objects.using(OWNER).filter(id=garage.policy.id).update(ends=garage.policy.starts)


def test_host_is_lower_case(garage: Garage) -> None:
    """A browser's is made lower case before it is looked up: another one would never be found."""
    with pytest.raises(IntegrityError, match="portals_portalhost_lower_case"):
        PortalHost.objects.using(OWNER).create(host="Koetspoort.localhost", portal=garage.portal)


def test_kinds_of_actor_are_known_without_django() -> None:
    asked = "import sys, remise.config.provision as p; print('django' in sys.modules, len(p.ACTORS))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout == "False 6\n"
