"""Somebody at the door of an insurer, and the insurer's people who answer."""

from dataclasses import dataclass, field
from typing import cast
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from remise.core.actor import Actor
from remise.desk.rights import DeskRight
from remise.onboarding.models import Application, LinkCase, LinkRequest
from remise.organisations.models import Membership, Organisation
from remise.organisations.rights import IntakeRight
from remise.portals.models import Portal
from tests import sessions, world
from tests.world import OWNER

HANDLES = [IntakeRight.HANDLE, *DeskRight]


@dataclass(slots=True)
class Door:
    portal: Portal
    insurer: Organisation
    mirjam: Membership
    daan: Membership
    place: str = field(default_factory=lambda: f"10.9.{world.number() % 250}.{world.number() % 250}")

    def stranger(self, place: str = "") -> Client:
        return Client(
            HTTP_HOST=f"{self.portal.slug}.localhost", REMOTE_ADDR=place or self.place, HTTP_ACCEPT_LANGUAGE="en"
        )

    def send(self, kind: str, /, *from_: Client, **said: str) -> HttpResponse:
        form = typed(kind) | {"key": str(uuid4())} | said
        client = from_[0] if from_ else self.stranger()
        return cast("HttpResponse", client.post(reverse("onboarding:form", args=[kind]), form))

    def asked(self, kind: str, **said: str) -> Application:
        answer = self.send(kind, **said)
        assert answer.status_code == 302, answer.content.decode()
        return Application.objects.using(OWNER).filter(portal=self.portal.id).latest("id")

    def staff(self, who: Membership | None = None) -> Client:
        return sessions.client_of(who or self.mirjam, self.portal)

    def actor(self, who: Membership | None = None) -> Actor:
        return sessions.actor_of(who or self.mirjam)

    def newest(self) -> Application:
        return Application.objects.using(OWNER).filter(portal=self.portal.id).latest("id")

    def requests(self) -> list[LinkRequest]:
        return list(LinkRequest.objects.using(OWNER).filter(portal=self.portal.id).order_by("id"))

    def cases(self) -> list[LinkCase]:
        return list(LinkCase.objects.using(OWNER).filter(portal=self.portal.id).order_by("id"))


def door(at: Portal | None = None) -> Door:
    portal = at or world.portal()
    insurer = world.insurer(portal)
    return Door(
        portal,
        insurer,
        world.member(insurer, rights=HANDLES, name="Mirjam Postma"),
        world.member(insurer, rights=HANDLES, name="Daan Vos"),
    )


def typed(kind: str) -> dict[str, str]:
    """What somebody fills in; an address of its own each time."""
    person = {
        "given_name": "Joost",
        "infix": "de",
        "surname": "Vries",
        "email": f"joost-{world.unique()}@example.test",
        "phone": "06 1234 5678",
    }
    match kind:
        case "registration":
            return person | {"company_name": "Garage Vecht", "kvk": f"{world.number() % 10**8:08d}"}
        case "contact":
            return {
                "surname": "Joost de Vries",
                "company_name": "",
                "email": person["email"],
                "phone": person["phone"],
                "message": "Ik wil eerst weten wat het kost.",
            }
        case "office":
            return person | {"company_name": "Advies BV", "initials": "j", "intermediary_number": "TP-4711"}
        case _:
            return person | {
                "company_name": "Garage Vecht",
                "initials": "j.p.",
                "gender": "other",
                "policy_number": "40.9999",
            }
