"""Without app and recovery codes: asked with the password, confirmed, after a wait that can be stopped."""

from datetime import timedelta

import time_machine
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from remise.accounts.models import Account, LostPhone
from tests import world
from tests.accounts.visiting import PASSWORD, Visitor, code_of
from tests.world import OWNER


def asked(visitor: Visitor) -> Account:
    account = world.account(password=PASSWORD, coupled=True)
    visitor.sign_in(account.email)
    assert visitor.post("account_lost_phone").status_code == 302
    return account


def confirmed(account: Account, *, hours: int = 24) -> None:
    now = timezone.now()
    LostPhone.objects.using(OWNER).filter(account=account).update(
        confirmed_at=now, confirmed_by=1, due_at=now + timedelta(hours=hours)
    )


def has_app(account: Account) -> bool:
    return bool(Authenticator.objects.using(OWNER).filter(user=account).exists())


def test_app_goes_after_the_wait_and_a_new_one_is_coupled(visitor: Visitor) -> None:
    account = asked(visitor)
    confirmed(account)
    visitor.post("account_logout")
    visitor.sign_in(account.email)
    assert has_app(account)
    with time_machine.travel(timezone.localtime() + timedelta(hours=24, minutes=1), tick=False):
        later = Visitor(visitor.portal, visitor.mailbox)
        later.sign_in(account.email)
        assert not has_app(account)
        secret = later.couple()
        assert secret != world.SECRET
        assert later.get("mfa_index").status_code == 200
    assert LostPhone.objects.using(OWNER).get(account=account).done_at is not None


def test_nothing_goes_unconfirmed(visitor: Visitor) -> None:
    account = asked(visitor)
    with time_machine.travel(timezone.localtime() + timedelta(days=30), tick=False):
        Visitor(visitor.portal, visitor.mailbox).sign_in(account.email)
    assert has_app(account)


def test_mailed_link_stops_it(visitor: Visitor) -> None:
    account = asked(visitor)
    link = visitor.follow_mail(account.email)
    confirmed(account, hours=0)
    anybody = Visitor(visitor.portal, visitor.mailbox)
    assert anybody.client.get(link).status_code == 200
    assert LostPhone.objects.using(OWNER).get(account=account).stopped_at is None  # mail programs look too
    assert "your app stays" in anybody.client.post(link).content.decode()
    assert anybody.client.get(link).status_code == 404
    anybody.sign_in(account.email)
    assert has_app(account)


def test_who_still_has_the_app_stops_it(visitor: Visitor) -> None:
    account = asked(visitor)
    other = Visitor(visitor.portal, visitor.mailbox)
    other.sign_in(account.email)
    other.post("mfa_authenticate", code=code_of())
    assert LostPhone.objects.using(OWNER).get(account=account).stopped_at is not None


def test_asking_twice_is_asking_once(visitor: Visitor) -> None:
    account = asked(visitor)
    visitor.post("account_lost_phone")
    assert LostPhone.objects.using(OWNER).filter(account=account).count() == 1
    assert len(visitor.mailbox.delivered()) == 1


def test_password_is_asked_first(visitor: Visitor) -> None:
    assert visitor.post("account_lost_phone")["Location"] == reverse("account_login")


def test_forged_link_stops_nothing(visitor: Visitor) -> None:
    account = asked(visitor)
    for secret in ("x", "1:abc", "MQ:x:y"):
        assert visitor.post("account_stop_lost_phone", secret).status_code == 404
    assert LostPhone.objects.using(OWNER).get(account=account).stopped_at is None
