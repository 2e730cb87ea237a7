"""Without app and recovery codes: asked with the password, confirmed, after a wait that can be stopped."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from remise.accounts.models import Account, LostPhone
from remise.core.actor import Assurance
from remise.core.models import Event
from tests import world
from tests.accounts.visiting import PASSWORD, Visitor, code_of, path_in
from tests.world import OWNER

NEW = "een andere lange zin"


def asked(visitor: Visitor) -> Account:
    account = world.account(password=PASSWORD, coupled=True)
    visitor.sign_in(account.email)
    assert visitor.post("account_lost_phone").status_code == 302
    return account


def confirmed(account: Account, *, hours: int = 24) -> None:
    due = timezone.now() + timedelta(hours=hours)
    LostPhone.objects.using(OWNER).filter(account=account).update(
        confirmed_at=due - timedelta(hours=24), confirmed_by=1, due_at=due
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


def stopped(account: Account) -> bool:
    return LostPhone.objects.using(OWNER).get(account=account).stopped_at is not None


def both_factors() -> tuple[Account, Callable[[Visitor], None]]:
    account = world.account(password=PASSWORD, coupled=True)

    def prove(visitor: Visitor, *, periods: int = 0) -> None:
        visitor.sign_in(account.email)
        assert visitor.post("mfa_authenticate", code=code_of(periods=periods)).status_code == 302

    return account, prove


def change_password(visitor: Visitor) -> None:
    assert visitor.post("account_change_password", oldpassword=PASSWORD, password1=NEW).status_code == 302


def ask_another_address(visitor: Visitor) -> None:
    visitor.post("account_change_address", email=f"nieuw-{world.unique()}@example.test")


def couple_another_phone(visitor: Visitor) -> None:
    visitor.couple()


def take_the_app_away(visitor: Visitor) -> None:
    assert visitor.post("mfa_deactivate_totp").status_code == 302


def give_the_code_again(visitor: Visitor) -> None:
    assert visitor.post("mfa_reauthenticate", code=code_of(periods=1)).status_code == 302


@pytest.mark.parametrize(
    "deed", [change_password, ask_another_address, couple_another_phone, take_the_app_away, give_the_code_again]
)
def test_who_holds_both_factors_stops_it_by_what_only_they_can_do(
    visitor: Visitor, deed: Callable[[Visitor], None]
) -> None:
    """Somebody else asked, who has the password alone."""
    account, prove = both_factors()
    prove(visitor)
    thief = Visitor(visitor.portal, visitor.mailbox)
    thief.sign_in(account.email)
    thief.post("account_lost_phone")
    confirmed(account)
    assert not stopped(account)
    deed(visitor)
    assert stopped(account)
    told = Event.objects.using(OWNER).filter(kind="account.phone_lost_stopped", account=account.pk)
    assert told.count() == 1


def test_recovery_code_stops_it(visitor: Visitor) -> None:
    """Who has one needs no wait."""
    account, prove = both_factors()
    prove(visitor)
    visitor.new_codes()
    code, *_others = visitor.codes
    other = Visitor(visitor.portal, visitor.mailbox)
    other.sign_in(account.email)
    other.post("account_lost_phone")
    other.post("mfa_authenticate", code=code.replace(" ", ""))
    assert stopped(account)


def reset_by_mail(visitor: Visitor, account: Account) -> None:
    visitor.post("account_reset_password", email=account.email)
    form = visitor.client.get(visitor.follow_mail(account.email))["Location"]
    assert visitor.client.post(form, {"password1": NEW}).status_code == 302


def test_new_password_by_mail_begins_the_wait_anew(visitor: Visitor) -> None:
    """The mailbox is no second factor: nothing is stopped, and who asked with the old password or was vouched for is
    perhaps somebody else than who chose the new one."""
    account = asked(visitor)
    confirmed(account)
    with time_machine.travel(timezone.localtime() + timedelta(hours=23), tick=False):
        other = Visitor(visitor.portal, visitor.mailbox)
        reset_by_mail(other, account)
        assert not stopped(account)
    with time_machine.travel(timezone.localtime() + timedelta(hours=25), tick=False):
        Visitor(visitor.portal, visitor.mailbox).sign_in(account.email, NEW)
        assert has_app(account)
    with time_machine.travel(timezone.localtime() + timedelta(hours=47, minutes=5), tick=False):
        Visitor(visitor.portal, visitor.mailbox).sign_in(account.email, NEW)
        assert not has_app(account)


def test_mailbox_alone_takes_no_app_away_once_the_wait_is_over(visitor: Visitor) -> None:
    """A new password signs in by itself, up to the second factor: it is not the password given again."""
    account = asked(visitor)
    confirmed(account, hours=-1)
    other = Visitor(visitor.portal, visitor.mailbox)
    reset_by_mail(other, account)
    assert has_app(account)
    assert other.assurance() is Assurance.NONE


def test_new_password_by_mail_of_an_unconfirmed_one_changes_nothing(visitor: Visitor) -> None:
    account = asked(visitor)
    reset_by_mail(Visitor(visitor.portal, visitor.mailbox), account)
    found = LostPhone.objects.using(OWNER).get(account=account)
    assert (found.stopped_at, found.due_at) == (None, None)


def test_new_mailbox_can_stop_it_too(visitor: Visitor) -> None:
    """Somebody with the password asked between the wish for another address and its link."""
    account, prove = both_factors()
    prove(visitor)
    new = f"nieuw-{world.unique()}@example.test"
    visitor.post("account_change_address", email=new)
    link = visitor.follow_mail(new)
    thief = Visitor(visitor.portal, visitor.mailbox)
    thief.sign_in(account.email)
    thief.post("account_lost_phone")
    anybody = Visitor(visitor.portal, visitor.mailbox)
    anybody.client.post(link)
    assert not stopped(account)
    told = [
        mail for mail in visitor.mailbox.delivered() if new in str(mail["To"]) and "phone" in str(mail["Subject"])
    ]
    anybody.client.post(path_in(told[-1]))
    assert stopped(account)
