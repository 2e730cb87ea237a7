"""What nobody at a screen left open may do asks for the proof anew: after the right, and before anything else."""

import time

from django.test import Client
from django.urls import reverse

from remise.core.scope import ActorKind, Scope, enter
from remise.mandates.rights import MandateRight
from remise.organisations.rights import OrganisationRight
from tests import sessions, world
from tests.organisations.company import Company
from tests.sessions import RECORDS

OFFER, ADMINISTER = reverse("mandates:offer"), reverse("organisations:administer")


def aged(garage: Company, client: Client, *, minutes: int) -> Client:
    with enter(Scope(ActorKind.PUBLIC, garage.portal.id)):
        session = client.session
        session[RECORDS] = [{**record, "at": time.time() - 60 * minutes} for record in session[RECORDS]]
        session.save()
    return client


def test_proof_is_asked_anew_after_five_minutes(garage: Company) -> None:
    rights: list[str] = [OrganisationRight.MANAGE_USERS, MandateRight.MANAGE]
    owner = world.member(garage.organisation, rights=rights)
    sessions.couple(owner.account)
    # Coupled long enough ago that the session still counts both factors.
    for minutes, asked in ((4, False), (6, True)):
        client = aged(garage, garage.client(owner), minutes=minutes)
        answer = client.get(OFFER)
        assert (answer.status_code == 302) is asked
        if asked:
            assert answer["Location"].startswith("/account/again/")
    answer = aged(garage, garage.client(owner), minutes=6).post(ADMINISTER, {"apart": "yes"})
    assert answer["Location"].startswith("/account/again/")


def test_who_lacks_the_right_is_not_asked_for_proof(garage: Company) -> None:
    client = aged(garage, garage.client(garage.salesman), minutes=6)
    assert client.get(OFFER).status_code == 403
    assert client.post(ADMINISTER, {"apart": "yes"}).status_code == 403
