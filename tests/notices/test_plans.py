"""The desk's list and the next batch keep their indexes behind the wall, with a hundred thousand notices."""

from datetime import date

import pytest
from django.db import connections

from remise.core.scope import enter
from remise.notices.actions.batching import READY
from remise.notices.selectors import NoticeQuery, notices, order_of
from tests.notices.telling import Telling, Way, telling
from tests.plans import assert_uses_index, assert_uses_one_of
from tests.world import OWNER

pytestmark = pytest.mark.full
# What waits lies in one order in both: the planner takes either, by what it last counted.
WAITING = {"notices_open", "notices_by_state"}
# As the owner of the tables: items of a bulk fleet have no entries, and none are asked for.
BULK = """
with made as (
  insert into core_item (portal, organisation, kind, policy, key, known_at)
  select %(portal)s, %(organisation)s, 'vehicle', %(policy)s,
    translate(lpad(to_hex(n * 7919 %% 16777213), 6, '0'), '0123456789abcdef', 'BDFGHJKLNPRSTVXZ'), now()
  from generate_series(1::bigint, %(size)s) n returning id, key)
insert into notices_notice (portal, organisation, policy, item_id, place, kind, plate, check_code, kvk, insurer,
  policy_number, starts, written_at, due_on, state, attempts, code, words, reference)
select %(portal)s, %(organisation)s, %(policy)s, id, 1, 'start', key, '0413', '', 'Insurer', '40.1',
  date '2026-01-01' + (id %% 300)::int, now(), date '2026-01-29' + (id %% 300)::int, 'pending', 0, '', '', ''
from made
"""


@pytest.fixture(scope="module")
def many() -> Telling:
    of = telling(way=Way.NONE)
    garage = of.garage
    values = {"portal": garage.portal.id, "organisation": garage.organisation.id, "policy": garage.policy.id}
    with connections[OWNER].cursor() as cursor:
        cursor.execute(BULK, values | {"size": 100_000})
        cursor.execute("vacuum analyze notices_notice")
    return of


@pytest.mark.parametrize(
    ("query", "indexes"),
    [
        (NoticeQuery(), {"notices_open"}),
        (NoticeQuery(show="late"), WAITING),
        (NoticeQuery(show="pending"), WAITING),
        (NoticeQuery(search="BDF"), {"notices_by_plate"}),
    ],
)
def test_lists_of_the_desk_keep_their_index(many: Telling, query: NoticeQuery, indexes: set[str]) -> None:
    with enter(many.staff.scope):
        page = notices(many.staff, query).order_by(order_of(query).column, "id")[:51]
    assert_uses_one_of(page, indexes, many.staff.scope)


def test_later_page_costs_what_the_first_does(many: Telling) -> None:
    with enter(many.staff.scope):
        rows = notices(many.staff, NoticeQuery()).filter(due_on__gte=date(2026, 9, 1)).order_by("due_on", "id")[:51]
    assert_uses_index(rows, "notices_open", many.staff.scope)


def test_next_batch_reads_what_it_takes(many: Telling) -> None:
    statement = READY.replace(" for no key update of n skip locked", "")
    assert_uses_one_of((statement, [many.garage.portal.id, 500]), WAITING, many.system.scope, at_most=3000)
