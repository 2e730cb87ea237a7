"""No room forgets to tell: every column that looks as if a person stood in it is told, or said why not."""

import re

import psycopg
import pytest

from remise.core.particulars import told, untold
from remise.core.scope import ActorKind, Scope, enter
from remise.privacy.exporting import particulars
from tests import world
from tests.core.catalogue import tables
from tests.privacy.people import NAME, account_of, command, life

# Accounts, addresses, names, and where somebody lives or is called.
A_PERSON = re.compile(
    r"account|user_id|membership|e?mail|recipient|reply_to|sender|whom|voter|person|assignee|_by$|holder"
    r"|names?$|name_|infix|phone|addressee|street|postcode|town"
)
# Words of the programs we build on and of our own code, no person's.
OF_PROGRAMS = re.compile(r"^(django|procrastinate|auth)_|^core_(cache|delivery)$")
NO_PERSONS = frozenset(
    {
        # yes or no, and hours: nobody is in them
        "policies_productversion.name_date",
        "green_cards_greencard.pulled_by",  # the plate of a car
        "green_cards_shipment.post_by",  # a day
        *("portals_portal.lost_phone_hours", "mandates_mandate.by_mail", "mandates_mandate.office_is_person"),
        *("onboarding_linkrequest.had_account", "onboarding_linkcase.had_account"),
        # who did it is a word where no person did (docs/adr/0007)
        *(
            "core_entry.by_system",
            "core_event.by_system",
            "desk_deskrequest.by_system",
            "organisations_grant.by_system",
        ),
    }
)


def about_people(owner: psycopg.Connection) -> set[str]:
    return {
        f"{table.name}.{column}"
        for table in tables(owner).values()
        for column in table.columns
        if A_PERSON.search(column) and not OF_PROGRAMS.search(table.name)
    } - NO_PERSONS


def test_every_column_about_a_person_is_told_or_explained(owner_connection: psycopg.Connection) -> None:
    said = [column for one in (*told, *untold) for column in one.columns]
    assert about_people(owner_connection) - set(said) == set()
    everything = {f"{table.name}.{column}" for table in tables(owner_connection).values() for column in table.columns}
    assert set(said) - everything == set()  # no word about what is not there any more


def test_sections_tell_what_they_name() -> None:
    """Each row of somebody's life has the keys of its section, so that the page shows all of it."""
    of = life()
    with enter(of.by.scope):
        parts = particulars(of.person.account_id)
    for part in parts:
        for row in part.rows:
            assert set(row) == set(part.section.fields), part.section.name
    filled = {part.section.name for part in parts if part.rows}
    assert filled >= {
        *("accounts.account", "accounts.person", "accounts.addresses", "accounts.proofs", "accounts.sessions"),
        *("organisations.memberships", "organisations.rights", "organisations.invited", "organisations.asked"),
        *("organisations.keys", "privacy.deeds"),
    }


@pytest.mark.parametrize("kind", [ActorKind.ACCOUNT, ActorKind.MEMBER, ActorKind.STAFF])
def test_who_names_another_account_is_told_nothing(kind: ActorKind) -> None:
    of = life()
    other = world.member(of.garage.organisation, rights=[])
    scope = Scope(kind, of.garage.portal.id, other.account_id, of.garage.organisation.id)
    with enter(scope):
        parts = particulars(of.person.account_id)
    assert {part.section.name for part in parts if part.rows} <= {"accounts.sessions", "help.votes"}
    assert of.address not in str(parts)


def test_another_insurer_is_told_nothing_of_this_one() -> None:
    """The account is the same at both; what one holds is no matter of the other."""
    of = life()
    elsewhere = world.garage()
    world.membership(elsewhere.organisation, of.person.account, rights=[], name="X. Zoutkamp")
    for by in (account_of(of.person, elsewhere.portal), command(elsewhere.portal)):
        with enter(by.scope):
            told_there = {part.section.name: part.rows for part in particulars(of.person.account_id)}
        assert [row["name"] for row in told_there["organisations.memberships"]] == ["X. Zoutkamp"]
        assert told_there["privacy.deeds"] == []
        assert NAME not in str(told_there["organisations.invited"])
