"""Passwords of a former portal: they work until all have moved; from then on they are refused, or renewed once."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import PBKDF2PasswordHasher, check_password, make_password
from django.test import override_settings
from django.urls import reverse

from remise.accounts.models import Account
from remise.accounts.moving import move_in
from remise.core import clock
from remise.core.actor import system
from remise.core.scope import enter
from remise.organisations.models import Membership
from remise.portals.models import OldPasswords
from tests import sessions, world
from tests.accounts.test_password import reset
from tests.accounts.visiting import PASSWORD, Visitor
from tests.world import OWNER

OLD, HOME = "zomer in zwolle 1998", "/"
READS_OLD = [
    "remise.accounts.hashers.Argon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]


def moved(visitor: Visitor, policy: OldPasswords, *, days: int) -> Membership:
    """Somebody with a password of there, at a portal to which all moved so many days ago."""
    portal = visitor.portal
    portal.moved_on, portal.old_passwords = clock.today(portal) - timedelta(days=days), policy
    portal.save(using=OWNER)
    who = world.member(world.organisation(portal), rights=[])
    stored = PBKDF2PasswordHasher().encode(OLD, "salt" * 6)
    Account.objects.using(OWNER).filter(pk=who.account_id).update(password=stored, old_password=True)
    return who


@override_settings(PASSWORD_HASHERS=READS_OLD)
@pytest.mark.parametrize("policy", OldPasswords)
def test_f024_password_of_there_works_until_all_have_moved(visitor: Visitor, policy: OldPasswords) -> None:
    who = moved(visitor, policy, days=-1)
    assert visitor.sign_in(who.account.email, OLD).status_code == 302
    kept = Account.objects.using(OWNER).get(pk=who.account_id)
    assert (kept.password.partition("$")[0], kept.old_password) == ("argon2", True)
    assert check_password(OLD, kept.password)


@override_settings(PASSWORD_HASHERS=READS_OLD)
def test_f024_password_of_there_is_refused_with_a_way_on(visitor: Visitor) -> None:
    who = moved(visitor, OldPasswords.REFUSED, days=0)
    answer = visitor.sign_in(who.account.email, OLD)
    assert "it is the one of the former portal and works no more" in answer.content.decode()
    assert reverse("account_reset_password") in answer.content.decode()
    wrong = visitor.sign_in(who.account.email, "iets heel anders vandaag")
    assert "former portal" not in wrong.content.decode()


def test_f038_password_of_there_is_renewed_once_and_before_all_else(visitor: Visitor) -> None:
    who = moved(visitor, OldPasswords.RENEWED, days=0)
    Account.objects.using(OWNER).get(pk=who.account_id)
    account = who.account
    account.set_password(OLD)
    account.old_password = True
    account.save(using=OWNER)
    client = sessions.client_of(who, visitor.portal)
    change = reverse("account_change_password")
    assert client.get("/company/choose").status_code == 200  # a page about the person
    asked = client.get("/access/?q=1")
    assert asked["Location"] == f"{change}?next=%2Faccess%2F%3Fq%3D1"
    told = client.get("/access/", headers={"Accept": "application/json"})
    assert (told.status_code, told["X-Reason-Code"]) == (403, "password_renewal")
    page = client.get(asked["Location"]).content.decode()
    assert "Your password comes from the former portal" in page
    same = client.post(asked["Location"], {"oldpassword": OLD, "password1": OLD})
    assert "This is the password of the former portal" in same.content.decode()
    done = client.post(asked["Location"], {"oldpassword": OLD, "password1": PASSWORD})
    assert done["Location"] == "/access/?q=1"
    assert client.get("/access/").status_code == 200
    assert not Account.objects.using(OWNER).get(pk=who.account_id).old_password


def test_f038_who_came_later_is_not_asked(visitor: Visitor) -> None:
    moved(visitor, OldPasswords.RENEWED, days=0)
    who = world.member(world.organisation(visitor.portal), rights=[])
    assert sessions.client_of(who, visitor.portal).get("/access/").status_code == 200


@override_settings(PASSWORD_HASHERS=READS_OLD)
def test_attempt_costs_each_kind_once_whosesoever_it_is(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where passwords of two kinds are read, the time does not tell who has moved."""
    from remise.accounts import hashers

    spent: list[str] = []
    for kind in (hashers.Argon2, PBKDF2PasswordHasher):
        inside: list[str] = []  # a verification may encode: only the outer call counts
        for name in ("encode", "verify"):
            _count(monkeypatch, kind, name, spent, inside)
    who = moved(visitor, OldPasswords.RENEWED, days=-1)
    chosen_here = world.account(password=PASSWORD)
    costs = []
    for email in (who.account.email, chosen_here.email, f"nobody-{world.unique()}@example.test"):
        spent.clear()
        visitor.sign_in(email, "een heel ander wachtwoord")
        costs.append(sorted(spent))
    assert costs == [["argon2", "pbkdf2_sha256"]] * 3


def _count(monkeypatch: pytest.MonkeyPatch, kind: type, name: str, spent: list[str], inside: list[str]) -> None:
    real = getattr(kind, name)

    def counted(self: object, *args: object, **kwargs: object) -> object:
        if not inside:
            spent.append(kind.algorithm)  # type: ignore[attr-defined]
        inside.append(name)
        try:
            return real(self, *args, **kwargs)
        finally:
            inside.pop()

    monkeypatch.setattr(kind, name, counted)


def test_password_that_one_insurer_brings_opens_nothing_at_another(visitor: Visitor) -> None:
    """Whoever writes the book of one must not come in as an employee of another one's customer."""
    elsewhere = Visitor(world.portal(), visitor.mailbox)
    mailbox_alone = world.account()
    Account.objects.using(OWNER).filter(pk=mailbox_alone.pk).update(password="!", last_login=None)
    EmailAddress.objects.using(OWNER).filter(user=mailbox_alone).update(verified=False)
    world.membership(world.organisation(visitor.portal), mailbox_alone, rights=[], name="Kees Bos")
    world.membership(world.organisation(elsewhere.portal), mailbox_alone, rights=[], name="Kees Bos")
    by = system(portal=elsewhere.portal.id, name="book", via="import")
    with enter(by.scope):
        move_in(by=by, account=mailbox_alone.pk, old_password=make_password(OLD))
    assert "no more" in visitor.sign_in(mailbox_alone.email, OLD).content.decode()
    assert elsewhere.sign_in(mailbox_alone.email, OLD).status_code == 302
    # Nor with the session of there, whatever password was chosen in it.
    mailbox_alone.refresh_from_db(using=OWNER)
    client = sessions.client_of(mailbox_alone, visitor.portal)
    for page in ("/access/", "/me/close", "/company/choose"):
        assert client.get(page)["Location"].startswith(reverse("account_reset_password")), page
    assert sessions.client_of(mailbox_alone, elsewhere.portal).get("/access/").status_code == 200
    # The mailbox opens it.
    visitor.client.post(reset(visitor, mailbox_alone.email), {"password1": PASSWORD})
    mailbox_alone.refresh_from_db(using=OWNER)
    assert mailbox_alone.vouched_by is None
    assert sessions.client_of(mailbox_alone, visitor.portal).get("/access/").status_code == 200
