"""A garage with an owner and a salesman, and what tests of rights ask of it."""

from dataclasses import dataclass

from django.test import Client

from remise.core.models import Event
from remise.core.scope import enter
from remise.fleet.rights import FleetRight
from remise.organisations import actions
from remise.organisations.models import Branch, Grant, Membership, Organisation
from remise.organisations.rights import OrganisationRight
from remise.portals.models import Portal
from tests import sessions, world

MANAGE = OrganisationRight.MANAGE_USERS
VIEW, REGISTER, DEREGISTER = FleetRight.VIEW, FleetRight.REGISTER, FleetRight.DEREGISTER


@dataclass(slots=True)
class Company:
    portal: Portal
    organisation: Organisation
    zwolle: Branch
    deventer: Branch
    owner: Membership
    salesman: Membership

    def client(self, who: Membership) -> Client:
        return sessions.client_of(who, self.portal)

    def grant(self, to: Membership, right: str, branch: Branch | None = None, by: Membership | None = None) -> None:
        actor = sessions.actor_of(by or self.owner)
        with enter(actor.scope):
            actions.grant_right(by=actor, membership=to.id, right=right, branch=branch.id if branch else None)

    def revoke(self, of: Membership, right: str, branch: Branch | None = None, by: Membership | None = None) -> None:
        actor = sessions.actor_of(by or self.owner)
        with enter(actor.scope):
            actions.revoke_right(by=actor, membership=of.id, right=right, branch=branch.id if branch else None)

    def end(self, who: Membership, by: Membership | None = None) -> None:
        actor = sessions.actor_of(by or self.owner)
        with enter(actor.scope):
            actions.end_membership(by=actor, membership=who.id)

    def events(self, kind: str = "") -> list[Event]:
        found = Event.objects.using(world.OWNER).filter(organisation=self.organisation.id).order_by("id")
        return list(found.filter(kind=kind) if kind else found)


def company(*, at: Portal | None = None, name: str = "Garage De Brug") -> Company:
    at = at or world.portal()
    made = world.organisation(at, name=name)
    return Company(
        at,
        made,
        world.branch(made, name="Zwolle"),
        world.branch(made, name="Deventer", establishment_number="000012345678"),
        world.member(made, rights=[MANAGE], name="Kees Bos"),
        world.member(made, rights=[], name="Sanne de Wit"),
    )


def held_by(who: Membership) -> set[tuple[str, int | None]]:
    found = Grant.objects.using(world.OWNER).filter(membership=who)
    return set(found.values_list("right", "branch_id"))
