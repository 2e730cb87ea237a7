"""Companies, branches and people as the insurer's book has them."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.contrib.auth.hashers import is_password_usable
from django.db import ProgrammingError, connection

from remise.book.books import KEEPER
from remise.core.actor import Actor, system
from remise.core.errors import DomainError, Forbidden
from remise.core.keeping import Kept
from remise.core.models import Event
from remise.core.scope import ActorKind, Scope, enter
from remise.fleet.rights import FleetRight
from remise.organisations.keeping import keep_branch, keep_organisation
from remise.organisations.keeping_people import Held, keep_person
from remise.organisations.models import Branch, Grant, Membership, Organisation
from remise.organisations.selectors import changes
from tests import jobs, sessions, world
from tests.api.program import Program, token
from tests.api.test_feed import follow
from tests.organisations.company import MANAGE, VIEW, Company, company, held_by
from tests.world import OWNER


def keeper(of: Company) -> Actor:
    return system(portal=of.portal.id, name=KEEPER, via="import")


def person(of: Company, email: str, *rights: Held, name: str = "Sanne de Wit", state: str = "active") -> Kept:
    by = keeper(of)
    with enter(by.scope):
        return keep_person(by=by, organisation=of.organisation.id, email=email, name=name, state=state, rights=rights)


def refusal(action: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as error:
        action()
    return error.value.code


def test_account_of_the_book_is_opened_by_its_mailbox_only() -> None:
    of, email = company(), f"nieuw-{world.unique()}@example.test"
    assert person(of, f" {email.upper()} ", (VIEW, None)) is Kept.ADDED
    made = Membership.objects.using(OWNER).select_related("account").get(account__email=email)
    assert not is_password_usable(made.account.password)
    with connection.cursor() as cursor, enter(Scope(ActorKind.PUBLIC, of.portal.id)):
        cursor.execute('select verified, "primary" from account_emailaddress where email = %s', [email])
        assert cursor.fetchall() == [(False, True)]
    assert held_by(made) == {(VIEW, None)}
    grant = Grant.objects.using(OWNER).get(membership=made)
    assert (grant.granted_by, grant.by_system) == (None, KEEPER)


def test_account_that_is_there_already_is_taken_as_it_is() -> None:
    of, elsewhere = company(), company()
    known = elsewhere.salesman.account
    before = known.password
    assert person(of, known.email) is Kept.ADDED
    known.refresh_from_db(using=OWNER)
    assert known.password == before
    assert Membership.objects.using(OWNER).filter(account=known).count() == 2


def test_event_names_nobody() -> None:
    of, email = company(), f"nieuw-{world.unique()}@example.test"
    person(of, email, (VIEW, of.zwolle.id))
    person(of, email, (VIEW, None), name="Sanne Bakker")
    person(of, email, (VIEW, None), name="Sanne Bakker")
    told = Event.objects.using(OWNER).filter(organisation=of.organisation.id, kind__startswith="membership.")
    assert [event.kind for event in told.order_by("id")] == ["membership.added", "membership.changed"]
    for event in Event.objects.using(OWNER).filter(organisation=of.organisation.id):
        assert (event.by_system, event.via, event.account) == (KEEPER, "import", None)
        assert not any(word in str((event.before, event.after)) for word in ("Sanne", email))


def test_rights_of_the_book_are_seen_by_page_and_program() -> None:
    """Each change by itself, as when an administrator makes it."""
    of = company()
    email = of.salesman.account.email
    person(of, email, (VIEW, of.zwolle.id), (MANAGE, None))
    person(of, email, (VIEW, None), (MANAGE, None))
    person(of, email, (VIEW, None), (MANAGE, None))
    person(of, email, state="ended")
    person(of, email, state="ended")
    with enter(sessions.actor_of(of.owner).scope):
        seen = changes(of.organisation.id, [of.zwolle, of.deventer])
    assert [(line.kind, line.whom, line.branch) for line in reversed(seen)] == [
        ("right.granted", "Sanne de Wit", ""),
        ("right.granted", "Sanne de Wit", "Zwolle"),
        ("right.revoked", "Sanne de Wit", "Zwolle"),
        ("right.granted", "Sanne de Wit", ""),
        ("membership.ended", "Sanne de Wit", ""),
    ]
    manager = Program(of.portal, token(of.owner, rights=[MANAGE])[1])
    jobs.eventually(lambda: len(follow(manager)[0]) == len(seen))
    assert [one["kind"] for one in follow(manager)[0]] == [line.kind for line in reversed(seen)]
    assert follow(manager)[0][1]["data"] == {"membership": of.salesman.id, "right": VIEW, "branch": of.zwolle.id}


def test_last_administrator_stays() -> None:
    of = company()
    boss = of.owner.account.email
    assert refusal(lambda: person(of, boss, (VIEW, None))) == "last_administrator"
    assert refusal(lambda: person(of, boss, state="ended")) == "last_administrator"
    assert held_by(of.owner) == {(MANAGE, None)}
    person(of, of.salesman.account.email, (MANAGE, None))
    assert person(of, boss, state="ended") is Kept.CHANGED
    assert held_by(of.owner) == set()


@pytest.mark.parametrize(
    ("rights", "state", "code"),
    [
        ((("vehicles.fly", None),), "active", "right_unknown"),
        (((VIEW, None),), "ended", "ended_with_rights"),
        (((VIEW, 1),), "active", "branch_unknown"),
        (((MANAGE, 1),), "active", "company_wide"),
        ((), "asleep", "state"),
    ],
)
def test_person_that_cannot_be_is_refused(rights: tuple[Held, ...], state: str, code: str) -> None:
    of = company()
    email = f"nieuw-{world.unique()}@example.test"
    assert refusal(lambda: person(of, email, *rights, state=state)) == code
    assert not Membership.objects.using(OWNER).filter(account__email=email).exists()


def test_branch_of_another_company_is_none_of_this_one() -> None:
    of, other = company(), company()
    email = f"nieuw-{world.unique()}@example.test"
    assert refusal(lambda: person(of, email, (FleetRight.VIEW, other.zwolle.id))) == "branch_unknown"
    assert refusal(lambda: person(of, "no address", (VIEW, None))) == "email"


def test_erased_name_does_not_come_back() -> None:
    of = company()
    of.end(of.salesman)
    Membership.objects.using(OWNER).filter(id=of.salesman.id).update(display_name="", erased_at="2026-01-01T00:00Z")
    assert refusal(lambda: person(of, of.salesman.account.email)) == "erased"


def branch(of: Company, name: str, establishment: str | None, relation: str | None) -> Kept:
    by = keeper(of)
    with enter(by.scope):
        return keep_branch(
            by=by,
            organisation=of.organisation.id,
            name=name,
            establishment_number=establishment,
            relation_number=relation,
        )


def test_branch_is_found_by_either_number() -> None:
    of = company()
    relation = of.zwolle.relation_number
    assert branch(of, "Zwolle", None, relation) is Kept.SAME
    assert branch(of, "Zwolle-Zuid", None, relation) is Kept.CHANGED
    new = world.unique()
    assert branch(of, "Zwolle-Zuid", None, new) is Kept.CHANGED  # the head office, under another number
    assert branch(of, "Raalte", "000000000009", f"{new}-9") is Kept.ADDED
    found = Branch.objects.using(OWNER).filter(organisation=of.organisation.id).order_by("id")
    assert [one.name for one in found] == ["Zwolle-Zuid", "Deventer", "Raalte"]


def test_branch_with_numbers_of_two_is_refused() -> None:
    of, other = company(), company()
    taken = of.deventer.establishment_number
    assert refusal(lambda: branch(of, "X", taken, of.zwolle.relation_number)) == "establishment_number_taken"
    sister = replace(of, organisation=world.organisation(of.portal))
    assert refusal(lambda: branch(sister, "X", None, of.zwolle.relation_number)) == "relation_number_taken"
    assert refusal(lambda: branch(of, "X", "12", None)) == "branch"
    assert refusal(lambda: branch(of, "X", None, "R 1")) == "number_unreadable"
    # Another insurer's numbers are its own.
    assert branch(other, "X", "000000000008", f"{of.zwolle.relation_number}") is Kept.ADDED


def organisation(at: Actor, kind: str, name: str, kvk: str | None = None) -> Kept:
    with enter(at.scope):
        return keep_organisation(by=at, kind=kind, name=name, kvk=kvk)


def test_company_is_known_by_its_kvk_number_or_else_by_its_name() -> None:
    at = company()
    by = keeper(at)
    assert organisation(by, "company", "Jansen", "0000 0001") is Kept.ADDED
    assert organisation(by, "person", "Jansen") is Kept.ADDED
    assert organisation(by, "person", "Jansen") is Kept.SAME
    assert organisation(by, "company", "Jansen en Zn.", "00000001") is Kept.CHANGED
    assert refusal(lambda: organisation(by, "insurer", "Jansen en Zn.", "00000001")) == "insurer_stays"
    assert refusal(lambda: organisation(by, "person", "12345678")) == "name_is_kvk"
    Organisation.objects.using(OWNER).create(portal=at.portal, kind="person", name="Jansen")
    assert refusal(lambda: organisation(by, "person", "Jansen")) == "organisation_ambiguous"


def test_book_is_kept_by_who_holds_the_right_only() -> None:
    of = company()
    unnamed = system(portal=of.portal.id, name="another.job")
    assert refusal(lambda: organisation(unnamed, "person", "P. Slagter")) == "right_missing"
    insider = replace(keeper(of), kind=ActorKind.MEMBER, organisation=of.organisation.id)
    with pytest.raises(Forbidden), enter(insider.scope):
        keep_organisation(by=insider, kind="person", name="P. Slagter")


def test_system_reads_no_account_but_by_its_doors() -> None:
    of = company()
    for table in ("accounts_account", "account_emailaddress", "accounts_person"):
        refused = pytest.raises(ProgrammingError, match="permission denied")
        with refused, enter(keeper(of).scope), connection.cursor() as cursor:
            cursor.execute(f"select from {table}")
    elsewhere = company()
    with enter(keeper(of).scope), connection.cursor() as cursor:
        cursor.execute("select address from addresses_of_members()")
        found = {address for (address,) in cursor.fetchall()}
    assert of.owner.account.email in found
    assert elsewhere.owner.account.email not in found
