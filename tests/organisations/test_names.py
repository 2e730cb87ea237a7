"""Who did it, as the reader may know it: a name of the own company, else a word."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from remise.core.actor import Actor
from remise.core.errors import Forbidden, NotVisible
from remise.core.models import Event
from remise.core.scope import ActorKind, enter
from remise.organisations import actions
from remise.organisations.models import Grant, Membership
from remise.organisations.names import doers, names_of
from tests import sessions, world
from tests.organisations.company import VIEW, Company, company
from tests.world import OWNER

OUTSIDE = "someone outside your company"
FORMER = "a former colleague"


def known(by: Actor, *people: Membership) -> list[str]:
    with enter(by.scope):
        names = names_of(by, [person.account_id for person in people])
    return [names[person.account_id] for person in people]


def erase(of: Company, who: Membership, by: Membership | None = None) -> None:
    actor = sessions.actor_of(by or of.owner)
    with enter(actor.scope):
        actions.erase_colleague(by=actor, membership=who.id)


def test_colleagues_are_named_also_after_they_left(garage: Company) -> None:
    by = sessions.actor_of(garage.owner)
    assert known(by, garage.owner, garage.salesman) == ["Kees Bos", "Sanne de Wit"]
    garage.end(garage.salesman)
    assert known(by, garage.salesman) == ["Sanne de Wit"]


def test_who_was_erased_is_a_former_colleague(garage: Company) -> None:
    garage.end(garage.salesman)
    erase(garage, garage.salesman)
    erase(garage, garage.salesman)  # twice is once
    assert known(sessions.actor_of(garage.owner), garage.salesman) == [FORMER]
    assert [event.before for event in garage.events("membership.erased")] == [None]


def test_people_of_another_company_are_a_word(garage: Company) -> None:
    other = company(at=garage.portal, name="Autobedrijf Vos")
    assert known(sessions.actor_of(garage.owner), other.owner, garage.owner) == [OUTSIDE, "Kees Bos"]


def test_name_is_that_of_the_readers_company(garage: Company) -> None:
    """One who works for two companies may be called otherwise in each."""
    other = company(at=garage.portal, name="Autobedrijf Vos")
    world.membership(other.organisation, garage.salesman.account, rights=[], name="S. de Wit (inhuur)")
    assert known(sessions.actor_of(garage.owner), garage.salesman) == ["Sanne de Wit"]
    assert known(sessions.actor_of(other.owner), garage.salesman) == ["S. de Wit (inhuur)"]


def test_agent_is_told_no_names_of_clients(garage: Company) -> None:
    agent = replace(sessions.actor_of(garage.owner), kind=ActorKind.AGENT)
    assert known(agent, garage.salesman) == [OUTSIDE]


def test_system_is_a_word_and_so_is_the_insurer(garage: Company) -> None:
    by = sessions.actor_of(garage.owner)
    with enter(by.scope):
        told = doers(by, [(None, "renewal"), (garage.owner.account_id, ""), (None, "insurer")])
    assert told == ["the system", "Kees Bos", "the insurer"]


def test_names_of_a_page_are_one_question_or_none(garage: Company) -> None:
    by = sessions.actor_of(garage.owner)
    people = [world.member(garage.organisation, rights=[]).account_id for _ in range(30)]
    with enter(by.scope), CaptureQueriesContext(connection) as asked:
        names_of(by, people * 3)
        names_of(by, [None])
    assert len(asked) == 1


def test_history_of_rights_keeps_its_lines_without_the_name(garage: Company) -> None:
    third = world.member(garage.organisation, rights=["users.manage"], name="Piet Mulder")
    garage.grant(garage.salesman, VIEW, by=third)
    garage.end(third)
    client = garage.client(garage.owner)
    assert "<b>Piet Mulder</b> gave <b>Sanne de Wit</b>" in client.get("/company/people").content.decode()
    erase(garage, third)
    page = client.get("/company/people").content.decode()
    assert "<b>A former colleague</b> gave <b>Sanne de Wit</b>" in page
    assert "noted that <b>a former colleague</b> no longer works here" in page
    assert "Piet" not in page
    person = client.get(f"/company/people/{garage.salesman.id}").content.decode()
    assert "given by a former colleague on" in person


def test_only_who_left_is_erased_and_only_by_who_may(garage: Company) -> None:
    with pytest.raises(NotVisible):
        erase(garage, garage.salesman)
    garage.end(garage.salesman)
    with pytest.raises(Forbidden):
        erase(garage, garage.salesman, by=world.member(garage.organisation, rights=[VIEW]))
    other = company(at=garage.portal, name="Autobedrijf Vos")
    with pytest.raises(NotVisible):
        erase(garage, garage.salesman, by=other.owner)


def test_name_stands_there_until_it_is_erased(garage: Company) -> None:
    for change in ({"display_name": ""}, {"erased_at": "2026-01-01 12:00+00"}):
        with pytest.raises(IntegrityError, match="named_until_erased"):
            Membership.objects.using(OWNER).filter(id=garage.salesman.id).update(**change)


@pytest.mark.parametrize(
    ("account", "word"), [(None, ""), (1, "renewal"), (None, "Sanne de Wit"), (None, "sanne de wit"), (None, "Bos")]
)
def test_done_by_one_and_never_by_a_name(garage: Company, account: int | None, word: str) -> None:
    owned = {"portal": garage.portal.id, "organisation": garage.organisation.id, "by_system": word}
    with pytest.raises(IntegrityError, match="core_event_by_one"):
        Event.objects.using(OWNER).create(**owned, account=account, kind="x", via="page", at="2026-01-01 12:00+00")
    with pytest.raises(IntegrityError, match="organisations_grant_by_one"):
        Grant.objects.using(OWNER).create(**owned, granted_by=account, membership=garage.salesman, right=VIEW)
