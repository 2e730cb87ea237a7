"""The search keeps its index behind the wall among very many keys, for each kind of actor."""

import json
from dataclasses import dataclass

import pytest
from django.db import connection, connections

from remise.core.models import LookupKey
from remise.core.scope import ActorKind, Scope, enter
from remise.core.search.finding import FIND, Ask, Where, _told
from remise.core.search.kinds import Found, search_kinds
from remise.fleet import search
from remise.fleet.parties import searching
from remise.organisations.models import Party
from tests import plans, world
from tests.world import OWNER, Garage

MANY = 40_000


@dataclass(frozen=True, slots=True)
class Crowd:
    garage: Garage
    agent: int
    key: str  # a plate of the garage, in the middle

    def scope(self, kind: str) -> Scope:
        portal = self.garage.portal.id
        return {
            "member": Scope(ActorKind.MEMBER, portal, None, self.garage.organisation.id),
            "staff": Scope(ActorKind.STAFF, portal),
            "agent": Scope(ActorKind.AGENT, portal, None, self.agent),
        }[kind]


@pytest.fixture(scope="module")
def crowd() -> Crowd:
    garage = world.garage()
    plans.bulk_fleet(garage, MANY, others=5_000, insurers=250)
    agent = world.organisation(garage.portal, name="Tussenpersoon")
    plans.reach(agent.id, garage.organisation.id, others=5_000)
    with connections[OWNER].cursor() as cursor:
        # People of many names, of which one word is common.
        cursor.execute(
            "insert into organisations_party (portal, organisation, kind, name)"
            " select %s, %s, 'person', 'Jan ' || translate(n::text, '0123456789', 'abcdefghij')"
            " from generate_series(1, %s) n",
            [garage.portal.id, garage.organisation.id, MANY // 4],
        )
        cursor.execute("vacuum analyze core_lookupkey")
    keys = LookupKey.objects.using(OWNER).filter(organisation=garage.organisation.id, kind="plate").order_by("key")
    return Crowd(garage, agent.id, keys[MANY // 2].key)


def asked(crowd: Crowd, kind: str, typed: str, *names: str, branches: frozenset[int] | None = None) -> plans.Query:
    where = Where.COMPANY if kind == "member" else Where.PORTAL
    of = crowd.garage.organisation.id if kind == "member" else crowd.garage.portal.id
    kinds = [one for one in search_kinds if not names or one.name in names]
    told = [_told(Ask(one, of, branches), wanted, 6) for one in kinds for wanted in one.read(typed)]
    assert told
    return FIND.format(where=where.value), [json.dumps(told)]


INDEXES = {
    "member": "core_lookupkey_of_company",
    "staff": "core_lookupkey_of_portal",
    "agent": "core_lookupkey_of_portal",
}


@pytest.mark.parametrize("kind", INDEXES)
def test_a_plate_among_all_kinds_is_one_walk(crowd: Crowd, kind: str) -> None:
    looked = plans.assert_uses_index(asked(crowd, kind, crowd.key), INDEXES[kind], crowd.scope(kind), at_most=30)
    assert looked >= 1


@pytest.mark.parametrize("kind", INDEXES)
def test_its_beginning_looks_at_no_more_than_are_shown(crowd: Crowd, kind: str) -> None:
    query = asked(crowd, kind, crowd.key[:2])
    plans.assert_uses_index(query, INDEXES[kind], crowd.scope(kind), at_most=60)


@pytest.mark.parametrize("kind", ["member", "staff"])
def test_two_words_look_at_few_of_many(crowd: Crowd, kind: str) -> None:
    """All are called Jan, a dozen are called so besides; the words stand in another order than in the name."""
    query = asked(crowd, kind, "cdd jan", "party")
    plans.assert_uses_index(query, INDEXES[kind], crowd.scope(kind), at_most=1_500)
    with enter(crowd.scope(kind)), connection.cursor() as cursor:
        cursor.execute(*query)
        assert len({row[1] for row in cursor.fetchall()}) == 11


def test_the_plan_is_good_for_every_text(crowd: Crowd) -> None:
    """Made once for whatever is asked, as a connection makes it after a while, it walks as little."""
    statement, (told,) = asked(crowd, "member", crowd.key[:2])
    with enter(crowd.scope("member")), connection.cursor() as cursor:
        cursor.execute("set local plan_cache_mode = force_generic_plan")
        cursor.execute(f"prepare find (jsonb) as {statement.replace('%s', '$1')}")
        cursor.execute(f"explain (analyze, timing off, format json) execute find ({_quoted(told)})")
        shown = json.dumps(cursor.fetchone())
        cursor.execute("deallocate find")
    assert "core_lookupkey_of_company" in shown
    assert "Seq Scan" not in shown


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


# Each by the number: which of the three the planner takes turns on how the table lies.
ITEMS = {"core_item_pkey", "core_item_of_policy", "core_item_owned"}


@pytest.mark.parametrize("kind", INDEXES)
def test_what_is_shown_of_vehicles_keeps_its_index(crowd: Crowd, kind: str) -> None:
    some = LookupKey.objects.using(OWNER).filter(organisation=crowd.garage.organisation.id, kind="plate")
    found = [Found(key.subject, key.organisation) for key in some.order_by("key")[:6]]
    plans.assert_uses_one_of(search.items(found), ITEMS, crowd.scope(kind), at_most=12)
    plans.assert_uses_index(search.held(found), "fleet_registration_item", crowd.scope(kind), at_most=12)


@pytest.mark.parametrize("kind", ["member", "staff"])
def test_what_is_shown_of_drivers_keeps_its_index(crowd: Crowd, kind: str) -> None:
    parties = Party.objects.using(OWNER).filter(organisation=crowd.garage.organisation.id).order_by("id")[:6]
    query = searching.driven({one.id for one in parties}, {one.organisation for one in parties})
    plans.assert_uses_index(query, "fleet_registration_driver", crowd.scope(kind), at_most=12)
