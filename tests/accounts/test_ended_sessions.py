"""Whose session was ended from another browser reads why; nobody else does."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from remise.accounts import open_sessions
from remise.accounts.models import Account, OpenSession
from remise.accounts.sessions import SessionStore, stored
from remise.core.actor import Assurance
from remise.core.scope import ActorKind, Scope, enter
from tests import world
from tests.accounts.visiting import PASSWORD, Visitor, code_of, path_in
from tests.races import at_once
from tests.world import OWNER

NEW = "een andere lange zin"
CHANGED = "your password was changed in another browser"
ENDED = "this session was ended from another browser"


@pytest.fixture
def account() -> Account:
    return world.account(password=PASSWORD, coupled=True)


def signed_in(visitor: Visitor, account: Account, *, periods: int = 0) -> Visitor:
    here = Visitor(visitor.portal, visitor.mailbox)
    here.sign_in(account.email)
    assert here.post("mfa_authenticate", code=code_of(periods=periods)).status_code == 302
    return here


def reset(visitor: Visitor, account: Account) -> None:
    visitor.post("account_reset_password", email=account.email)
    form = visitor.client.get(visitor.follow_mail(account.email))["Location"]
    assert visitor.client.post(form, {"password1": NEW}).status_code == 302


def lands_on(visitor: Visitor) -> str:
    """What is read where one lands with a click on a page."""
    answer = visitor.get("mfa_index")
    assert answer["Location"] == f"{reverse('account_login')}?next={reverse('mfa_index')}"
    return str(visitor.client.get(answer["Location"]).content.decode())


def cookie(visitor: Visitor) -> str:
    return visitor.client.cookies[settings.SESSION_COOKIE_NAME].value


def test_reset_elsewhere_is_said_once(visitor: Visitor, account: Account) -> None:
    here = signed_in(visitor, account)
    reset(visitor, account)
    assert here.assurance() is Assurance.NONE
    assert CHANGED in lands_on(here)
    assert CHANGED not in lands_on(here)


def test_changed_password_is_said_to_the_other_browsers(visitor: Visitor, account: Account) -> None:
    here, there = signed_in(visitor, account), signed_in(visitor, account, periods=1)
    with time_machine.travel(timezone.localtime() + timedelta(minutes=1), tick=False):
        assert here.post("account_change_password", oldpassword=PASSWORD, password1=NEW).status_code == 302
    assert CHANGED in lands_on(there)
    assert here.assurance() is Assurance.TWO_FACTORS
    page = here.get("account_sessions").content.decode()
    assert CHANGED not in page
    assert OpenSession.objects.using(OWNER).get(account=account).key == stored(cookie(here))


def test_reset_where_one_is_signed_in_goes_on_there(visitor: Visitor, account: Account) -> None:
    here = signed_in(visitor, account)
    reset(here, account)
    assert here.assurance() is Assurance.NONE
    assert "Open the authenticator app" in here.client.get("/", follow=True).content.decode()


@pytest.mark.parametrize("which", ["others", "all", "one"])
def test_ended_from_another_browser_is_said(visitor: Visitor, account: Account, which: str) -> None:
    here, there = signed_in(visitor, account), signed_in(visitor, account, periods=1)
    if which == "one":
        line = OpenSession.objects.using(OWNER).get(key=stored(cookie(there)))
        here.post("account_end_session", line.pk)
    else:
        here.post("account_end_sessions", which=which)
    assert ENDED in lands_on(there)
    if which == "all":  # who did it knows
        assert ENDED not in lands_on(here)


def test_changed_address_is_said(visitor: Visitor, account: Account) -> None:
    here, there = signed_in(visitor, account), signed_in(visitor, account, periods=1)
    new = f"nieuw-{world.unique()}@example.test"
    here.post("account_change_address", email=new)
    here.client.post(path_in(visitor.mailbox.newest(new)))
    assert "the address that you sign in with was changed" in lands_on(there)


def test_who_has_no_such_cookie_reads_nothing(visitor: Visitor, account: Account) -> None:
    here = signed_in(visitor, account)
    reset(Visitor(visitor.portal, visitor.mailbox), account)
    stranger, forged = (Visitor(visitor.portal, visitor.mailbox) for _ in range(2))
    forged.client.cookies[settings.SESSION_COOKIE_NAME] = f"ended {stored(cookie(here))}"
    for one in (stranger, forged):
        assert "You were signed out" not in lands_on(one)
        one.sign_in(account.email, "guess guess guess")
        assert "You were signed out" not in lands_on(one)
    assert forged.assurance() is Assurance.NONE


def test_signing_in_again_where_it_was_said_goes_on(visitor: Visitor, account: Account) -> None:
    here = signed_in(visitor, account)
    reset(visitor, account)
    assert here.sign_in(account.email, NEW)["Location"] == reverse("mfa_authenticate")
    with time_machine.travel(timezone.localtime() + timedelta(minutes=1), tick=False):
        answer = here.post("mfa_authenticate", code=code_of())
    assert answer["Location"] == "/"
    assert here.assurance() is Assurance.TWO_FACTORS


def test_what_is_under_way_does_not_bring_an_ended_session_back(visitor: Visitor, account: Account) -> None:
    here, there = signed_in(visitor, account), signed_in(visitor, account, periods=1)
    with enter(Scope(ActorKind.PUBLIC, visitor.portal.id)):
        under_way = SessionStore(cookie(there))
        under_way["seen"] = 1
    here.post("account_end_sessions", which="others")
    with enter(Scope(ActorKind.PUBLIC, visitor.portal.id)), pytest.raises(UpdateError):
        under_way.save()
    assert there.assurance() is Assurance.NONE
    assert ENDED in lands_on(there)


def test_it_is_forgotten_with_the_longest_session(visitor: Visitor, account: Account) -> None:
    here = signed_in(visitor, account)
    reset(visitor, account)
    late = timezone.localtime() + settings.SESSION_LONGEST + timedelta(minutes=1)
    with time_machine.travel(late, tick=False):
        assert "You were signed out" not in lands_on(here)


def test_rotation_under_way_does_not_bring_an_ended_session_back(visitor: Visitor, account: Account) -> None:
    here, there = signed_in(visitor, account), signed_in(visitor, account, periods=1)
    with enter(Scope(ActorKind.PUBLIC, visitor.portal.id)):
        request = RequestFactory().get("/")
        request.session = SessionStore(cookie(there))
        request.session.get("seen")  # loaded
    here.post("account_end_sessions", which="others")
    with enter(Scope(ActorKind.PUBLIC, visitor.portal.id)):
        with pytest.raises(SessionInterrupted):
            open_sessions.rotate(request)
        assert not SessionStore().exists(request.session.session_key or "")


def test_session_that_proves_itself_again_while_all_are_ended_is_ended(visitor: Visitor, account: Account) -> None:
    """The proof gives it another key; whoever ends all finds it by that, or it gets none."""
    for turn in range(5):
        with time_machine.travel(timezone.localtime() + timedelta(minutes=2 * turn)):
            here, there = signed_in(visitor, account), signed_in(visitor, account, periods=1)
            ends = partial(here.post, "account_end_sessions", which="others")
            proves = partial(there.post, "account_reauthenticate", password=PASSWORD)
            at_once(ends, proves)
            assert there.assurance() is Assurance.NONE
