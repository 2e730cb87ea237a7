"""One click gives everything: to read, and for programs; without a secret and without anybody else's name."""

from typing import Any
from uuid import uuid4

from django.test import Client

from remise.core.models import Event
from remise.core.scope import enter
from remise.messages.models import Mail
from remise.organisations.models import ApiToken
from tests import sessions, world
from tests.privacy.people import NAME, life, unpacked
from tests.world import OWNER


def exported(client: Client) -> tuple[str, dict[str, Any]]:
    answer = client.get("/me/data/file")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    return unpacked(answer.content)


def test_f209_export_holds_what_is_kept_and_no_other_name() -> None:
    of = life()
    Mail.objects.using(OWNER).create(
        portal=of.garage.portal.id,
        reference=uuid4(),
        kind="desk.request",
        sender="a@koetspoort.example",
        recipient=of.address.upper(),
        language="nl",
        subject="Kees Bos vraagt iets",
        text="Hallo Xanthippe, Kees Bos schreef je.",
        secret=False,
        written_at="2026-01-01 12:00+00",
    )
    page, data = exported(sessions.client_of(of.person, of.garage.portal))
    said = data["particulars"]
    assert said["accounts.account"][0]["email"] == of.address
    assert said["accounts.person"][0]["given_name"] == "Xanthippe"
    assert said["organisations.memberships"][0]["name"] == NAME
    assert "vehicle.registered" in [one["what"] for one in said["privacy.deeds"]]
    assert said["messages.mails"][0]["text"] == "Hallo Xanthippe, […] schreef je."
    assert "Autobedrijf Vos" in page
    for text in (page, str(data)):
        assert NAME in text
        assert "Kees Bos" not in text
        assert "Jo Vos" not in text
    secret = ApiToken.objects.using(OWNER).get(membership=of.person).secret_sha
    assert secret not in str(data)
    kinds = list(Event.objects.using(OWNER).filter(account=of.person.account_id).values_list("kind", flat=True))
    assert kinds.count("account.exported") == 1
    event = Event.objects.using(OWNER).get(account=of.person.account_id, kind="account.exported")
    assert (event.organisation, event.after) == (None, None)


def test_export_is_in_the_readers_language() -> None:
    of = life()
    client = sessions.client_of(of.person, of.garage.portal)
    answer = client.get("/me/data/file", headers={"Accept-Language": "de"})
    page, _data = unpacked(answer.content)
    assert '<html lang="de">' in page


def test_export_of_who_works_nowhere_yet() -> None:
    at = world.portal()
    client = sessions.client_of(world.account(), at)
    assert client.get("/me/data").status_code == 200
    _page, data = exported(client)
    assert data["particulars"]["organisations.memberships"] == []


def test_export_asks_for_fresh_proof() -> None:
    of = life()
    client = sessions.client_of(of.person, of.garage.portal)
    with enter(of.by.scope):
        session = client.session
        for record in session["account_authentication_methods"]:
            record["at"] -= 24 * 3600
        session.save()
    answer = client.get("/me/data/file")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/again/")
