"""A person's name stands in the rows about that person and nowhere else in the database, whatever the person did."""

from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from pytest_django import Settings

from remise.accounts.models import Person
from remise.core.scope import enter
from remise.fleet.rights import FleetRight
from remise.organisations import actions
from remise.organisations.models import Membership
from remise.organisations.rights import OrganisationRight
from remise.runs.models import Run
from tests import jobs, sessions, vehicles, world
from tests.world import OWNER, Garage

NAME = "Xanthippe Zoutkamp-Quispel"
PARTS = ("xanthippe", "zoutkamp", "quispel")
# The last is what the name is found by, and follows it.
THE_PERSONS_OWN = {"accounts_person", "organisations_membership", "core_lookupkey"}


def holding(owner: psycopg.Connection, *words: str) -> set[str]:
    """The tables with a row in which one of these words stands, in whatever column."""
    tables = owner.execute(
        "select relname from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace"
    ).fetchall()
    found = set()
    for (table,) in tables:
        query = sql.SQL("select exists (select from {} t where t::text ilike any(%s))").format(sql.Identifier(table))
        if owner.execute(query, [[f"%{word}%" for word in words]]).fetchone() == (True,):
            found.add(str(table))
    return found


@pytest.fixture
def garage() -> Garage:
    jobs.forget()
    return world.garage()


def test_name_that_is_erased_stands_nowhere_any_more(
    garage: Garage,
    owner_connection: psycopg.Connection,
    tmp_path: Path,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    manage = OrganisationRight.MANAGE_USERS
    kees = sessions.actor_of(world.member(garage.organisation, rights=[manage], name="Kees Bos"))
    person = world.member(garage.organisation, rights=[manage], name=NAME)
    run = everything_a_person_does(garage, person, by_other=kees.membership or 0)
    assert Run.objects.using(OWNER).get(id=run).state == Run.State.DONE
    assert holding(owner_connection, *PARTS) == THE_PERSONS_OWN
    assert not any(part in record.getMessage().lower() for record in caplog.records for part in PARTS)

    with enter(kees.scope):
        actions.end_membership(by=kees, membership=person.id)
        actions.erase_colleague(by=kees, membership=person.id)
    # Closing an account is the person's own: it empties the row about the person.
    Person.objects.using(OWNER).filter(account=person.account_id).update(given_name="", surname="")
    assert holding(owner_connection, *PARTS) == set()


def everything_a_person_does(garage: Garage, person: Membership, *, by_other: int) -> int:
    """Signs in, takes and gives rights, is refused, registers, corrects, downloads; returns the run of a download."""
    client = sessions.client_of(person, garage.portal)
    assert client.get("/vehicles/").status_code == 403
    for right in FleetRight:
        for membership in (person.id, by_other):
            client.post("/company/people/change", {"change": f"grant:{membership}:{right}:"})
    client.post("/company/people/change", {"change": f"revoke:{by_other}:{FleetRight.VIEW}:"})
    by = sessions.actor_of(Membership.objects.using(OWNER).get(id=person.id))
    held = [vehicles.on_cover(garage, by=by) for _ in range(3)]
    client.post(f"/vehicles/receipts/{held[0].entry}/correct")
    address = f"/vehicles/receipts/{held[1].entry}"
    assert NAME in client.get(address).content.decode()
    assert client.get("/company/people/export").status_code == 200
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("remise.fleet.exports.AT_ONCE", 0)
        answer = client.post("/vehicles/export", {"format": "csv"})
    jobs.work_off()
    assert NAME in client.get(answer["Location"]).content.decode()
    assert b"".join(client.get(f"{answer['Location']}/result")).count(b"\n") == 3  # a header and two vehicles
    return int(answer["Location"].rstrip("/").rpartition("/")[2])
