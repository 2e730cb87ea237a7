"""Contacts of a portal, and readers of its help."""

from collections.abc import Sequence

from django.test import Client

from remise.core.actor import Actor
from remise.core.scope import ActorKind
from remise.help.models import Comment, CompanyPartner, Contact, Partner, Vote
from remise.organisations.models import Organisation
from remise.portals.models import Portal
from tests import world
from tests.world import OWNER


def contact(
    at: Portal,
    name: str,
    *,
    topics: Sequence[str] = (),
    capacities: Sequence[str] = (),
    partner: Partner | None = None,
    week: str = "",
    phone: str = "038 000 99 99",
) -> Contact:
    return Contact.objects.using(OWNER).create(
        portal=at,
        code=f"c{world.unique()}",
        names={"nl": name},
        topics=list(topics),
        capacities=list(capacities),
        partner=partner,
        week=week,
        phone=phone,
    )


def partner(at: Portal, name: str, *customers: Organisation) -> Partner:
    made = Partner.objects.using(OWNER).create(portal=at, name=name)
    for customer in customers:
        CompanyPartner.objects.using(OWNER).create(portal=at.id, organisation=customer.id, partner=made)
    return made


def visitor(at: Portal, *, language: str = "en") -> Client:
    """Nobody signed in."""
    return Client(HTTP_HOST=f"{at.slug}.localhost", HTTP_ACCEPT_LANGUAGE=language)


def passer_by(at: Portal) -> Actor:
    return Actor(kind=ActorKind.PUBLIC, portal=at.id, by_system="door", clock_offset=at.clock_offset)


def votes(at: Portal) -> list[tuple[str, bool]]:
    return sorted(Vote.objects.using(OWNER).filter(portal=at.id).values_list("article", "helpful"))


def remarks(at: Portal) -> list[str]:
    return list(Comment.objects.using(OWNER).filter(portal=at.id).order_by("id").values_list("text", flat=True))
