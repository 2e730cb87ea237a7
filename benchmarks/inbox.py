"""The overview of a broker's five thousand clients over HTTP, among the vehicles of others."""

from collections.abc import Iterator

from django.db import connections

from benchmarks.figures import Benchmark, Figure, check, in_turns
from benchmarks.listing import FLOOR
from benchmarks.stage import Stage, connect
from benchmarks.statements import fetched, written
from remise.fleet.requests import CATALOGUE_VALUE
from remise.mandates import inbox
from tests import sessions
from tests.mandates import offices
from tests.world import OWNER, Garage

CLIENTS = 5_000
# Companies with a mandate each: the triggers project it. One in ten has something that waits.
MANDATES = """
with made as (
  insert into organisations_organisation (portal, kind, name)
  select %(portal)s, 'company', 'Klant ' || n from generate_series(1, %(clients)s) n returning id
)
insert into mandates_mandate (portal, organisation, addressed_to, by_mail, purpose, rights, fields, changed_by,
  starts, version, given_by, given_at, sent, expires_at, office_id, office_name, office_is_person, accepted_by,
  accepted_at, handed_back, why)
select %(portal)s, id, '', false, 'bench', array['vehicles.view'], '{}', '{}', current_date, 1, 1, now(), 1, now(),
  %(office)s, '', false, 1, now(), false, '' from made"""
WAITING = """
insert into desk_deskrequest (portal, organisation, kind, subject_kind, subject, data, data_sha, state, by_system,
  opened_at, due_at, reason, customer_asked, unread)
select %(portal)s, r.organisation, %(kind)s, 'vehicle', 1, '{}', '', 'waiting', 'bench', now(), now(), '', false,
  true
from core_reach r where r.viewer = %(office)s and r.organisation %% 10 = 0"""


def overview(stage: Stage) -> Iterator[Figure]:
    world = stage.many
    world.use()
    office = _office(world.large)
    visitor = world.visitor(world.large)
    cookies = sessions.client_of(office.clerk, office.portal).cookies
    visitor.cookies.clear()
    for name, cookie in cookies.items():
        visitor.cookies.set(name, cookie.value)
    first = visitor.get("/clients/")
    check(first.status_code == 200 and first.text.count('class="client"') == 50, "fifty clients are shown")
    addresses = ("/clients/", "/clients/?q=klant+49", "/clients/?after=klant+30~0")
    actor = offices.agent(office)

    def page() -> None:
        inbox.clients(actor)
        inbox.groups(actor)

    statements = written(actor, page)
    turn = iter(range(10**9))
    with connect(world, owner=True, as_django=True) as bare:
        pages, sql = in_turns(
            lambda: visitor.get(addresses[next(turn) % len(addresses)]),
            lambda: fetched(bare, statements),
            rounds=stage.sizes.rounds,
            times=stage.sizes.requests,
        )
    yield Figure("inbox.p95", pages.p95, "ms", FLOOR, sql.p95 / pages.p95, pages.n)


ALL = (Benchmark(("inbox.p95",), overview),)


def _office(garage: Garage) -> offices.Office:
    made = offices.office(garage.portal, name="Assurantiekantoor Groot")
    said: dict[str, int | str] = {
        "portal": garage.portal.id,
        "office": made.organisation.id,
        "clients": CLIENTS,
        "kind": CATALOGUE_VALUE.name,
    }
    with connections[OWNER].cursor() as cursor:
        cursor.execute(MANDATES, said)
        cursor.execute(WAITING, said)
        cursor.execute("vacuum analyze core_reach, mandates_mandate, organisations_organisation, desk_deskrequest")
    return made
