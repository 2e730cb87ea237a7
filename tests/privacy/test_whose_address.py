"""A former address, one that is somebody else's by now, and one that a stranger typed."""

from typing import Any
from uuid import uuid4

import psycopg
import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache

from remise.accounts.models import Account
from remise.core.actor import system
from remise.core.doors import rows
from remise.core.identifiers import KvkNumber
from remise.core.scope import ActorKind, Scope, enter
from remise.messages import outbox, retention
from remise.messages.models import Mail
from remise.onboarding.actions import deciding
from remise.onboarding.models import Application
from remise.organisations.invitations.actions import accept
from remise.portals.models import Portal
from tests import jobs, sessions, world
from tests.onboarding.door import door, typed
from tests.privacy.people import close, hold, holding, life, unpacked
from tests.world import OWNER


def write(at: Portal, to: str, text: str, **more: Any) -> None:
    with enter(Scope(ActorKind.PUBLIC, at.id)):
        outbox.write(
            kind="x",
            recipient=to,
            sender="a@example.test",
            subject=text,
            text=text,
            html="",
            reference=uuid4(),
            **more,
        )


def moves_to(account: int, email: str) -> None:
    Account.objects.using(OWNER).filter(id=account).update(email=email)
    EmailAddress.objects.using(OWNER).filter(user=account).update(email=email)


def told(who: Any, at: Portal) -> dict[str, Any]:
    """By the file with one's own data."""
    _page, data = unpacked(sessions.client_of(who, at).get("/me/data/file").content)
    return dict(data["particulars"])


@pytest.mark.parametrize("address", ["former", "before there was an account", "other letters"])
def test_mails_to_a_former_address_are_told_and_forgotten(owner_connection: psycopg.Connection, address: str) -> None:
    portal, mark = world.portal(), world.unique().replace("-", "q")
    first = f"first-{mark}@example.test"
    if address == "before there was an account":
        write(portal, first, f"Bericht {mark}")
    anna = world.member(world.organisation(portal), rights=[], email=first)
    if address != "before there was an account":
        write(portal, first.upper() if address == "other letters" else first, f"Bericht {mark}")
    moves_to(anna.account_id, f"second-{mark}@example.test")
    write(portal, f"second-{mark}@example.test", f"Nog een {mark}")
    texts = [one["text"] for one in told(anna, portal)["messages.mails"]]
    assert texts == [f"Bericht {mark}", f"Nog een {mark}"]
    of = life(at=world.garage(at=portal))
    of.person = anna
    close(of)
    jobs.work_off()
    assert "messages_mail" not in holding(owner_connection, mark)


def test_who_has_the_address_by_now_is_not_told_what_was_written_to_another() -> None:
    portal, address = world.portal(), f"info-{world.unique()}@example.test"
    firm = world.organisation(portal)
    anna = world.member(firm, rights=[], email=address)
    write(portal, address, "Voor Anna")
    moves_to(anna.account_id, f"anna-{world.unique()}@example.test")
    bert = world.member(firm, rights=[], email=address, name="Bert Bos")
    write(portal, address, "Voor Bert")
    assert [one["text"] for one in told(bert, portal)["messages.mails"]] == ["Voor Bert"]
    assert [one["text"] for one in told(anna, portal)["messages.mails"]] == ["Voor Anna"]


def test_hold_of_a_person_keeps_mails_to_a_former_address() -> None:
    portal, address = world.portal(), f"former-{world.unique()}@example.test"
    anna = world.member(world.organisation(portal), rights=[], email=address)
    write(portal, address, "Bewijs")
    moves_to(anna.account_id, f"anna-{world.unique()}@example.test")
    hold(portal, account=anna.account_id)
    mails = Mail.objects.using(OWNER).filter(portal=portal.id)
    mails.update(state="sent", settled_at="2020-01-01 12:00+00", written_at="2020-01-01 12:00+00")
    retention.forget_old(system(portal=portal.id, name="messages.forget"))
    assert mails.get().text == "Bewijs"


def test_words_that_a_stranger_typed_beside_ones_address_are_not_told() -> None:
    cache.clear()
    at = door()
    anna = world.member(world.organisation(at.portal), rights=[])
    asked = at.asked("contact", email=anna.account.email, message="Over iemand anders.", phone="06 99 99 99 99")
    (one,) = told(anna, at.portal)["onboarding.applications"]
    assert one == {"reference": asked.reference, "kind": "contact", "email": anna.account.email, "state": "open"}


def test_own_application_is_told_once_its_invitation_was_opened() -> None:
    """Then it is the person's, also after another address; and is forgotten with the account."""
    cache.clear()
    at = door()
    anna = world.member(world.organisation(at.portal), rights=[])
    asked = at.asked("registration", email=anna.account.email)
    secrets: list[str] = []
    by = at.actor()
    with enter(by.scope):
        deciding.admit(
            by=by,
            portal=at.portal,
            application=asked.id,
            name="Garage Vecht",
            kvk=KvkNumber(asked.kvk),
            verified=["called"],
            tell=lambda _one, secret: secrets.append(secret),
        )
    assert "phone" not in told(anna, at.portal)["onboarding.applications"][0]
    with enter(Scope(ActorKind.ACCOUNT, at.portal.id, anna.account_id)):
        accept(account=anna.account_id, secret=secrets[0])
    moves_to(anna.account_id, f"anna-{world.unique()}@example.test")
    (one,) = told(anna, at.portal)["onboarding.applications"]
    assert (one["surname"], one["phone"]) == (typed("registration")["surname"], asked.phone)
    with enter(Scope(ActorKind.ACCOUNT, at.portal.id, anna.account_id)):
        rows("select wishes_to_forget(%s)", anna.account_id)
    assert Application.objects.using(OWNER).get(id=asked.id).surname == ""
