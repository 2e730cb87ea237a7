"""One's own sessions: seen, ended, and over by themselves."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from remise.accounts.models import Account, OpenSession
from remise.accounts.sessions import stored
from remise.accounts.user_agents import words_of
from remise.core.actor import Assurance
from tests import world
from tests.accounts.visiting import PASSWORD, Visitor, code_of
from tests.world import OWNER

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0"


def signed_in(visitor: Visitor, account: Account, *, periods: int = 0, agent: str = FIREFOX) -> Visitor:
    visitor.client.defaults["HTTP_USER_AGENT"] = agent
    visitor.sign_in(account.email)
    assert visitor.post("mfa_authenticate", code=code_of(periods=periods)).status_code == 302
    return visitor


def two(visitor: Visitor) -> tuple[Account, Visitor, Visitor]:
    account = world.account(password=PASSWORD, coupled=True)
    other = Visitor(visitor.portal, visitor.mailbox)
    return account, signed_in(visitor, account), signed_in(other, account, periods=1, agent=SAFARI)


def mails(visitor: Visitor, account: Account) -> list[str]:
    return [str(mail["Subject"]) for mail in visitor.mailbox.delivered() if account.email in str(mail["To"])]


@pytest.mark.parametrize(
    ("agent", "said"),
    [(FIREFOX, "Firefox, Windows"), (SAFARI, "Safari, iPhone"), (EDGE, "Edge, Windows"), ("curl/8", ""), ("", "")],
)
def test_device_is_said_in_words(agent: str, said: str) -> None:
    assert words_of(agent) == said


def test_list_says_where_one_is_signed_in(visitor: Visitor) -> None:
    _account, here, _there = two(visitor)
    page = here.get("account_sessions").content.decode()
    assert page.index("Firefox, Windows") < page.index("this one") < page.index("Safari, iPhone")


def test_one_session_is_ended(visitor: Visitor) -> None:
    account, here, there = two(visitor)
    other = OpenSession.objects.using(OWNER).get(account=account, device="Safari, iPhone")
    assert here.post("account_end_session", other.pk).status_code == 302
    assert there.assurance() is Assurance.NONE
    assert here.assurance() is Assurance.TWO_FACTORS
    assert "Safari, iPhone" not in here.get("account_sessions").content.decode()


def test_session_of_somebody_else_is_not_there(visitor: Visitor) -> None:
    _account, here, _there = two(visitor)
    stranger = signed_in(Visitor(visitor.portal, visitor.mailbox), world.account(password=PASSWORD, coupled=True))
    theirs = OpenSession.objects.using(OWNER).latest("id")
    assert here.post("account_end_session", theirs.pk).status_code == 404
    assert stranger.assurance() is Assurance.TWO_FACTORS


def test_all_others_are_ended(visitor: Visitor) -> None:
    _account, here, there = two(visitor)
    here.post("account_end_sessions", which="others")
    assert there.assurance() is Assurance.NONE
    assert here.assurance() is Assurance.TWO_FACTORS


def test_all_are_ended_and_no_browser_is_known(visitor: Visitor) -> None:
    account, here, there = two(visitor)
    answer = here.post("account_end_sessions", which="all")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert (here.assurance(), there.assurance()) == (Assurance.NONE, Assurance.NONE)
    assert Account.objects.using(OWNER).get(pk=account.pk).trust == 1
    assert not OpenSession.objects.using(OWNER).filter(account=account).exists()


@pytest.mark.parametrize("which", ["one", "others", "all"])
def test_ending_sessions_asks_for_fresh_proof(visitor: Visitor, which: str) -> None:
    """Of who sits at a browser that was left open; then it goes on by itself."""
    account, here, there = two(visitor)
    other = OpenSession.objects.using(OWNER).get(account=account, device="Safari, iPhone")
    with time_machine.travel(timezone.localtime() + timedelta(minutes=6), tick=False):
        if which == "one":
            asked = here.post("account_end_session", other.pk)["Location"]
        else:
            asked = here.post("account_end_sessions", which=which)["Location"]
        assert asked.startswith(reverse("account_reauthenticate"))
        assert there.assurance() is Assurance.TWO_FACTORS
        here.client.post(asked, {"password": PASSWORD})
        assert there.assurance() is Assurance.NONE
        assert here.assurance() is (Assurance.NONE if which == "all" else Assurance.TWO_FACTORS)


def test_silence_ends_a_session(visitor: Visitor) -> None:
    here = signed_in(visitor, world.account(password=PASSWORD, coupled=True))
    begin = timezone.localtime()
    for minutes in (50, 100):  # it is used, and goes on
        with time_machine.travel(begin + timedelta(minutes=minutes), tick=False):
            assert here.get("mfa_index").status_code == 200
    with time_machine.travel(begin + timedelta(minutes=165), tick=False):
        answer = here.get("mfa_index")
        assert answer["Location"].startswith(reverse("account_login"))
        assert "You were signed out" in here.client.get(answer["Location"]).content.decode()


def test_session_ends_after_twelve_hours_however_much_it_is_used(visitor: Visitor) -> None:
    here = signed_in(visitor, world.account(password=PASSWORD, coupled=True))
    begin = timezone.localtime()
    for half_hours in range(1, 24):
        with time_machine.travel(begin + timedelta(minutes=30 * half_hours), tick=False):
            assert here.get("account_sessions").status_code == 200
    with time_machine.travel(begin + timedelta(hours=12, minutes=1), tick=False):
        assert here.get("account_sessions")["Location"].startswith(reverse("account_login"))


def test_limits_are_those_of_the_source() -> None:
    """NIST SP 800-63B-4, section 2.2.3."""
    assert timedelta(minutes=15) <= settings.SESSION_IDLE <= timedelta(hours=1)
    assert timedelta(hours=24) >= settings.SESSION_LONGEST


def test_new_browser_is_told_by_mail_and_a_known_one_not(visitor: Visitor) -> None:
    account, here, _there = two(visitor)
    assert mails(here, account).count("New browser for your account at Koetspoort") == 1
    here.post("account_logout")
    with time_machine.travel(timezone.localtime() + timedelta(minutes=5), tick=False):
        signed_in(here, account)
    assert mails(here, account).count("New browser for your account at Koetspoort") == 1


def test_f063_use_in_two_places_is_warned_of_once(visitor: Visitor) -> None:
    account, here, _there = two(visitor)
    assert mails(here, account).count("Your account at Koetspoort is in use in two places") == 1
    assert "in use in two places now" in here.get("account_sessions").content.decode()


def test_f063_one_place_is_no_reason_to_warn(visitor: Visitor) -> None:
    account = world.account(password=PASSWORD, coupled=True)
    here, beside = signed_in(visitor, account), Visitor(visitor.portal, visitor.mailbox)
    beside.client.defaults["REMOTE_ADDR"] = here.client.defaults["REMOTE_ADDR"]
    signed_in(beside, account, periods=1, agent=SAFARI)
    assert "Your account at Koetspoort is in use in two places" not in mails(here, account)


def test_cookie_is_another_one_after_each_step_up(visitor: Visitor) -> None:
    account = world.account(password=PASSWORD)
    seen = []

    def cookie() -> str:
        return visitor.client.cookies[settings.SESSION_COOKIE_NAME].value

    visitor.sign_in(account.email)
    seen.append(cookie())
    visitor.couple()
    seen.append(cookie())
    with time_machine.travel(timezone.localtime() + timedelta(minutes=10), tick=False):
        visitor.post("account_reauthenticate", password=PASSWORD)
        seen.append(cookie())
    assert len(set(seen)) == 3
    rows = Session.objects.using(OWNER)
    assert [rows.filter(session_key=stored(key)).exists() for key in seen] == [False, False, True]
    assert OpenSession.objects.using(OWNER).get(account=account).key == stored(seen[-1])


def test_signing_out_takes_the_line_away(visitor: Visitor) -> None:
    account = world.account(password=PASSWORD, coupled=True)
    signed_in(visitor, account).post("account_logout")
    assert not OpenSession.objects.using(OWNER).filter(account=account).exists()


def test_places_are_kept_as_fingerprints(visitor: Visitor) -> None:
    account = world.account(password=PASSWORD, coupled=True)
    signed_in(visitor, account)
    place = OpenSession.objects.using(OWNER).get(account=account).place
    assert len(place) == 32
    assert visitor.client.defaults["REMOTE_ADDR"] not in place
