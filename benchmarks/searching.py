"""The search box over HTTP: every kind of identifier, by all of it and by its beginning, among the keys of others."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

import httpx
import psycopg
from django.db import connections

from benchmarks.figures import Benchmark, Figure, check, in_turns
from benchmarks.listing import turned
from benchmarks.stage import Stage, World, connect
from remise.core.identifiers import Plate
from remise.fleet.rights import FleetRight
from remise.organisations.rights import OrganisationRight
from tests import world as people
from tests.world import OWNER

FLOOR = "the same hits by LIKE '%..%' over the rooms' tables as the owner, p95"
NAMED = 20  # of each so many vehicles one has a driver with a name of its own
# Drivers, colleagues and cards of the large company; their keys are made as any others.
PARTIES = """
insert into organisations_party (portal, organisation, kind, name)
select %(portal)s, %(organisation)s, 'person',
  (array['Jan', 'Fatima', 'Kees', 'Anaïs', 'Piet'])[n %% 5 + 1] || ' van der '
    || initcap(translate(n::text, '0123456789', 'bdfgklmnrs')) || 'man'
from generate_series(1, %(many)s) n"""
DRIVEN = """
with driven as (
  select v.id, row_number() over (order by v.id) as n from fleet_registrationversion v
  where v.organisation = %(organisation)s and v.known_to is null and v.id %% %(each)s = 0),
party as (
  select p.id, row_number() over (order by p.id) as n
  from organisations_party p where p.organisation = %(organisation)s)
update fleet_registrationversion v set driver = party.id from driven join party using (n) where v.id = driven.id"""
CARDS = """
with shipment as (
  insert into green_cards_shipment (portal, organisation, key, format, requested_at, addressee, street,
    postcode, town, country, state, return_reason)
  select %(portal)s, %(organisation)s, gen_random_uuid(), 'pdf', now(), '', '', '', '', '', '', '' returning id)
insert into green_cards_greencard (portal, organisation, item_id, branch_id, serial, plate, valid_from, valid_to,
  category, with_trailer, pulled_by, make, territory, token, shipment_id, issued_at, reprints, void_reason)
select i.portal, i.organisation, i.id, %(branch)s, 2000000 + row_number() over (order by i.id), i.key,
  date '2026-01-01', date '2026-12-31', 'A', false, '', 'OPEL', '{}', 'bench-' || i.id, s.id, now(), 0, ''
from core_item i cross join shipment s where i.policy = %(policy)s order by i.id limit %(many)s"""
# What a page would ask without keys: of each table, whatever holds what was typed.
PLAIN = """
select 'plate', id from core_item where organisation = %(of)s and kind = 'vehicle' and key like %(number)s
union all select 'policy', id from policies_policy where organisation = %(of)s and number_key like %(number)s
union all select 'card', id from green_cards_greencard
  where organisation = %(of)s and lpad(serial::text, 7, '0') like %(number)s
union all select 'party', id from organisations_party where organisation = %(of)s and lower(name) like %(name)s
union all select 'person', id from organisations_membership
  where organisation = %(of)s and lower(display_name) like %(name)s
union all select 'company', id from organisations_organisation where id = %(of)s and lower(name) like %(name)s
union all select 'kvk', id from organisations_organisation where id = %(of)s and kvk like %(number)s
union all select 'relation', id from organisations_branch where organisation = %(of)s and relation_key like %(number)s
union all select 'establishment', id from organisations_branch
  where organisation = %(of)s and establishment_number like %(number)s
limit 30"""


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody types, and what must be among what is found."""

    kind: str
    typed: str
    shown: str

    @property
    def address(self) -> str:
        return "/search/suggest?" + urlencode({"q": self.typed})


def searched(stage: Stage) -> Iterator[Figure]:
    world, sizes = stage.many, stage.sizes
    world.use()
    who = people.member(
        world.large.organisation, rights=[*FleetRight, OrganisationRight.MANAGE_USERS], name="Wilhelmina Ösel"
    )
    _fill(world, sizes.fleet // NAMED)
    visitor, asks = world.visitor(world.large, who), _asks(world)
    for ask in asks:
        _check(ask, visitor.get(ask.address))
    with connect(world, owner=True, as_django=True) as bare:
        pages, plain = in_turns(
            turned([partial(visitor.get, ask.address) for ask in asks]),
            turned([partial(_plain, bare, world, ask) for ask in asks]),
            rounds=sizes.rounds,
            times=sizes.requests,
        )
    yield Figure("search.box.p95", pages.p95, "ms", FLOOR, plain.p95 / pages.p95, pages.n)


ALL = (Benchmark(("search.box.p95",), searched),)


def _fill(world: World, many: int) -> None:
    garage = world.large
    said = {
        "portal": garage.portal.id,
        "organisation": garage.organisation.id,
        "branch": garage.branch.id,
        "policy": garage.policy.id,
        "many": many,
        "each": NAMED,
    }
    with connections[OWNER].cursor() as cursor:
        cursor.execute(PARTIES, said)
        # The ledger's past stays as it was known; this one never was.
        cursor.execute("alter table fleet_registrationversion disable trigger user")
        cursor.execute(DRIVEN, said)
        cursor.execute("alter table fleet_registrationversion enable trigger user")
        cursor.execute(CARDS, said)
        cursor.execute("vacuum analyze core_lookupkey, organisations_party, green_cards_greencard")
        cursor.execute("vacuum analyze fleet_registrationversion")


def _asks(world: World) -> list[Ask]:
    """Each kind by all of it and by its beginning, what many have, and what nobody has."""
    garage = world.large
    with connections[OWNER].cursor() as cursor:
        of = [garage.organisation.id]
        plate = _one(cursor, "select key from core_item where organisation = %s order by id offset 1000 limit 1", of)
        driver = _one(
            cursor,
            "select p.name from organisations_party p join fleet_registrationversion v on v.driver = p.id"
            " and v.known_to is null where p.organisation = %s order by p.id offset 100 limit 1",
            of,
        )
        receipt = _one(
            cursor,
            "select extract(year from at at time zone 'Europe/Amsterdam')::text || '-' || lpad(id::text, 6, '0')"
            " from core_entry where organisation = %s order by id offset 1000 limit 1",
            of,
        )
    formatted, surname = Plate(plate).formatted, driver.split()[-1]
    whole = [
        Ask("plate", formatted, formatted),
        Ask("plate", plate.lower(), formatted),
        Ask("policy", garage.policy.number, garage.policy.number),
        Ask("card", "2000100", "2000100"),
        Ask("party", driver, driver),
        Ask("party", surname.lower(), driver),
        Ask("party", f"{surname}, {driver.split()[0]}", driver),
        Ask("person", "wilhelmina osel", "Wilhelmina Ösel"),
        Ask("company", "garage de brug", "Garage De Brug"),
        Ask("kvk", garage.organisation.kvk or "", "Garage De Brug"),
        Ask("relation", garage.branch.relation_number or "", garage.branch.relation_number or ""),
        Ask("receipt", receipt, receipt),
    ]
    begun = [
        Ask("plate", plate[:4], ""),
        Ask("plate", plate[:2], ""),
        Ask("party", "van der " + surname[:4], ""),
        Ask("party", "jan", "Jan van der"),
        Ask("card", "zzzz", ""),
    ]
    return [*whole, *begun]


def _one(cursor: Any, statement: str, values: Sequence[object]) -> str:
    cursor.execute(statement, values)
    return str(cursor.fetchone()[0])


def _check(ask: Ask, answer: httpx.Response) -> None:
    check(answer.status_code == 200, f"{ask.address}: {answer.status_code}")
    found = f'id="find-{ask.kind}-' in answer.text
    check(found is (ask.typed != "zzzz"), f"{ask.typed} finds {ask.kind}")
    check(ask.shown in answer.text, f"{ask.typed} shows {ask.shown}")


def _plain(bare: psycopg.Connection, world: World, ask: Ask) -> None:
    number = "".join(char for char in ask.typed.upper() if char.isalnum())
    said = {"of": world.large.organisation.id, "number": f"%{number}%", "name": f"%{ask.typed.lower()}%"}
    bare.execute(PLAIN.encode(), said).fetchall()
