"""Somebody with a history in a company, and what tests of privacy ask of it."""

import json
import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import psycopg
from psycopg import sql

from remise.core.actor import Actor, Assurance, system
from remise.core.scope import ActorKind, enter
from remise.fleet.rights import FleetRight
from remise.organisations import actions
from remise.organisations.asking.actions import ask_for_right
from remise.organisations.invitations.actions import invite_colleague
from remise.organisations.models import Membership, Organisation
from remise.organisations.rights import OrganisationRight
from remise.portals.models import LegalHold, Portal
from remise.privacy.actions.closing import close_account
from remise.privacy.rights import COMMAND
from tests import sessions, vehicles, world
from tests.api.program import token
from tests.vehicles import OnCover
from tests.world import OWNER, Garage

NAME = "Xanthippe Zoutkamp-Quispel"
PARTS = ("xanthippe", "zoutkamp", "quispel")
MANAGE, CARDS = OrganisationRight.MANAGE_USERS, "cards.request"


@dataclass(slots=True)
class Life:
    """A person at a garage, a colleague who stays, and one vehicle that the person put on cover."""

    garage: Garage
    person: Membership
    kees: Membership
    held: OnCover
    address: str
    mark: str  # of the address: occurs nowhere else

    @property
    def by(self) -> Actor:
        return account_of(self.person, self.garage.portal)


def account_of(who: Membership, at: Portal) -> Actor:
    """The person as such, as the pages about oneself act."""
    return Actor(kind=ActorKind.ACCOUNT, portal=at.id, account=who.account_id, assurance=Assurance.TWO_FACTORS)


def life(*, at: Garage | None = None, name: str = NAME) -> Life:
    """Did everything that leaves a trace of a person."""
    garage = at or world.garage()
    mark = f"zz{world.unique().replace('-', 'q')}zz"
    address = f"x.{mark}@example.test"
    kees = world.member(garage.organisation, rights=[MANAGE, FleetRight.VIEW], name="Kees Bos")
    rights = ["tokens.manage", *(right for right in FleetRight if right != CARDS)]
    person = world.member(garage.organisation, rights=rights, name=name, email=address)
    by = sessions.actor_of(person)
    held = vehicles.on_cover(garage, by=by)
    token(person, name=f"Programma {mark[:6]}")
    with enter(by.scope):
        ask_for_right(by=by, right=CARDS, branch=None, why="Voor de klant.", tell=lambda _one: None)
    world.give(person, MANAGE)  # who gives rights asks for none
    boss = sessions.actor_of(kees)
    vos = world.organisation(garage.portal, name="Autobedrijf Vos")
    jo = sessions.actor_of(world.member(vos, rights=[MANAGE], name="Jo Vos"))
    with enter(jo.scope):
        invite_colleague(by=jo, email=address, name=name, rights=[], days=7, tell=lambda _one, _secret: None)
    with enter(boss.scope):
        actions.grant_right(by=boss, membership=person.id, right=CARDS)
    sessions.client_of(person, garage.portal).get("/")  # a browser that is signed in
    return Life(garage, person, kees, held, address, mark)


def unpacked(content: bytes) -> tuple[str, dict[str, Any]]:
    """The page to read, and what is there for programs."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return archive.read("index.html").decode(), json.loads(archive.read("data.json"))


def holding(owner: psycopg.Connection, *words: str) -> dict[str, list[str]]:
    """The tables with a row in which one of these words stands, in whatever column, and the columns."""
    tables = owner.execute(
        "select relname from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace"
    ).fetchall()
    found: dict[str, list[str]] = {}
    for (table,) in tables:
        query = sql.SQL("select t::text from {} t where t::text ilike any(%s)").format(sql.Identifier(table))
        rows = owner.execute(query, [[f"%{word}%" for word in words]]).fetchall()
        if rows:
            found[str(table)] = [row for (row,) in rows]
    return found


def hold(at: Portal, *, company: Organisation | None = None, account: int | None = None) -> LegalHold:
    return LegalHold.objects.using(OWNER).create(
        portal=at,
        company=company.id if company else None,
        account=account,
        reason="Zaak 12",
        held_by=1,
        held_from="2026-01-01 12:00+00",
    )


def lift(one: LegalHold) -> None:
    LegalHold.objects.using(OWNER).filter(id=one.id).update(ended_at="2026-02-01 12:00+00", ended_by=1)


def close(of: Life, by: Actor | None = None) -> bool:
    actor = by or of.by
    with enter(actor.scope):
        return close_account(by=actor, account=of.person.account_id)


def command(at: Portal) -> Actor:
    return system(portal=at.id, name=COMMAND, via="command")
