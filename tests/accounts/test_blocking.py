"""Wrong passwords: they block strangers' browsers and never the person's own, and tell nobody anything."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from threading import Barrier

import pytest
from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.test import RequestFactory

from remise.accounts import blocking, devices
from remise.accounts.models import Account, Block
from remise.core.models import Event
from remise.core.scope import ActorKind, Scope, enter
from remise.portals.models import Portal
from tests import jobs, world
from tests.accounts.visiting import PASSWORD, Visitor, code_of
from tests.races import at_once
from tests.world import OWNER

WRONG = "guess guess guess"
NEUTRAL, BLOCKED = "password is not right", "is blocked for browsers"


def elsewhere(visitor: Visitor) -> Visitor:
    return Visitor(visitor.portal, visitor.mailbox)


def guess(visitor: Visitor, email: str, times: int = 5) -> list[str]:
    """From as many places as guesses."""
    return [elsewhere(visitor).sign_in(email, WRONG).content.decode() for _ in range(times)]


def both_factors(visitor: Visitor, account: Account, *, periods: int = 0) -> None:
    assert visitor.sign_in(account.email).status_code == 302
    assert visitor.post("mfa_authenticate", code=code_of(periods=periods)).status_code == 302


def blocks(account: Account) -> list[Block]:
    return list(Block.objects.using(OWNER).filter(account=account).order_by("id"))


def test_f033_fifth_wrong_password_blocks_unknown_browsers(visitor: Visitor) -> None:
    account = world.account(password=PASSWORD, coupled=True)
    pages = guess(visitor, account.email)
    assert all(NEUTRAL in page and BLOCKED not in page for page in pages)
    assert [block.lifted_at for block in blocks(account)] == [None]
    assert BLOCKED in elsewhere(visitor).sign_in(account.email).content.decode()


def test_guesses_at_the_same_moment_block_as_well(visitor: Visitor) -> None:
    """None of them is the fifth to itself."""
    account = world.account(password=PASSWORD, coupled=True)
    guessing = [elsewhere(visitor) for _ in range(5)]
    at_once(*(lambda one=one: one.sign_in(account.email, WRONG) for one in guessing))
    assert [block.lifted_at for block in blocks(account)] == [None]
    assert BLOCKED in elsewhere(visitor).sign_in(account.email).content.decode()


def test_known_browser_still_gets_in(visitor: Visitor) -> None:
    account = world.account(password=PASSWORD, coupled=True)
    both_factors(visitor, account)
    visitor.post("account_logout")
    guess(visitor, account.email)
    assert len(blocks(account)) == 1
    assert visitor.sign_in(account.email).status_code == 302
    visitor.post("mfa_authenticate", code=code_of(periods=1))
    assert visitor.get("mfa_index").status_code == 200


def test_known_browser_has_a_count_of_its_own(visitor: Visitor) -> None:
    account = world.account(password=PASSWORD, coupled=True)
    both_factors(visitor, account)
    visitor.post("account_logout")
    for _ in range(5):
        visitor.sign_in(account.email, WRONG)
    assert blocks(account) == []
    for _ in range(5):  # it counts as an unknown one now
        visitor.sign_in(account.email, WRONG)
    assert len(blocks(account)) == 1
    assert BLOCKED in visitor.sign_in(account.email).content.decode()


def test_stolen_cookie_guesses_no_more_than_twenty_times_a_day(visitor: Visitor) -> None:
    """However long the thief waits between five and five."""
    account = world.account(password=PASSWORD, coupled=True)
    both_factors(visitor, account)
    visitor.post("account_logout")
    request = RequestFactory().get("/")
    request.COOKIES[settings.DEVICE_COOKIE_NAME] = visitor.client.cookies[settings.DEVICE_COOKIE_NAME].value
    account.refresh_from_db(using=OWNER)
    device = devices.known(request, account)
    assert device
    for _ in range(5):
        for _ in range(5):
            visitor.sign_in(account.email, WRONG)
        visitor.client.defaults["REMOTE_ADDR"] = elsewhere(visitor).client.defaults["REMOTE_ADDR"]
        blocking.OWN.begin_anew(device)  # a quarter of an hour went by
    assert len(blocks(account)) == 1


def test_owner_of_the_address_is_told_once(visitor: Visitor) -> None:
    account = world.account(password=PASSWORD)
    guess(visitor, account.email, 8)
    told = [mail for mail in visitor.mailbox.delivered() if account.email in str(mail["To"])]
    assert [mail["Subject"] for mail in told] == ["Your account for Koetspoort is blocked in other browsers"]


def test_nobody_else_is_told(visitor: Visitor) -> None:
    unknown = f"nobody-{world.unique()}@example.test"
    guess(visitor, unknown, 6)
    assert visitor.mailbox.delivered() == []
    assert not Block.objects.using(OWNER).filter(account__email=unknown).exists()


def test_block_is_written_down_without_a_company(visitor: Visitor) -> None:
    account = world.account(password=PASSWORD)
    guess(visitor, account.email)
    events = Event.objects.using(OWNER).filter(kind="account.blocked", subject=account.pk)
    assert [(event.organisation, event.by_system) for event in events] == [(None, "door")]


def test_guessing_under_a_block_ends_too(visitor: Visitor) -> None:
    """After twenty more, even the right password is answered as a wrong one: nobody learns it by trying."""
    account = world.account(password=PASSWORD)
    guess(visitor, account.email, 25)
    page = elsewhere(visitor).sign_in(account.email).content.decode()
    assert NEUTRAL in page
    assert BLOCKED not in page


def test_mailbox_lifts_a_block(visitor: Visitor) -> None:
    account = world.account(password=PASSWORD)
    guess(visitor, account.email)
    visitor.post("account_reset_password", email=account.email)
    form = visitor.client.get(visitor.follow_mail(account.email))["Location"]
    visitor.client.post(form, {"password1": "een andere lange zin"})
    (block,) = blocks(account)
    assert (block.how, block.lifted_by) == ("reset", account.pk)
    assert elsewhere(visitor).sign_in(account.email, "een andere lange zin").status_code == 302


def test_attempts_are_forgotten_after_both_factors(visitor: Visitor) -> None:
    account = world.account(password=PASSWORD, coupled=True)
    guess(visitor, account.email, 4)
    both_factors(visitor, account)
    guess(visitor, account.email, 4)
    assert blocks(account) == []


def cookie(visitor: Visitor) -> str:
    return visitor.client.cookies[settings.DEVICE_COOKIE_NAME].value


def test_cookie_of_a_known_browser_is_the_servers_alone(visitor: Visitor) -> None:
    both_factors(visitor, world.account(password=PASSWORD, coupled=True))
    made = visitor.client.cookies[settings.DEVICE_COOKIE_NAME]
    assert (made["httponly"], made["samesite"], made["path"]) == (True, "Strict", "/")
    assert made["max-age"] >= 300 * 24 * 3600


def test_one_factor_makes_no_browser_known(visitor: Visitor) -> None:
    visitor.sign_in(world.account(password=PASSWORD, coupled=True).email)
    assert settings.DEVICE_COOKIE_NAME not in visitor.client.cookies


def changed(account: Account) -> None:
    account.set_password("een andere lange zin")
    account.save(using=OWNER)


def raised(account: Account) -> None:
    Account.objects.using(OWNER).filter(pk=account.pk).update(trust=7)


@pytest.mark.parametrize("void", [changed, raised])
def test_known_browser_is_forgotten_by_a_change(visitor: Visitor, void: Callable[[Account], None]) -> None:
    account = world.account(password=PASSWORD, coupled=True)
    both_factors(visitor, account)
    assert is_known(visitor, account)
    void(account)
    assert not is_known(visitor, account)


def test_cookie_of_another_account_is_worth_nothing(visitor: Visitor) -> None:
    both_factors(visitor, world.account(password=PASSWORD, coupled=True))
    assert not is_known(visitor, world.account(password=PASSWORD))


def test_forged_cookie_is_worth_nothing(visitor: Visitor) -> None:
    account = world.account(password=PASSWORD, coupled=True)
    own = devices.fingerprint(account, "word")
    for forged in (
        "x",
        signing.dumps(["word", own], salt="another"),
        signing.dumps(["word", "x"], salt=devices.SALT),
    ):
        visitor.client.cookies[settings.DEVICE_COOKIE_NAME] = forged
        assert not is_known(visitor, account)


def test_colleagues_share_a_browser(visitor: Visitor) -> None:
    first, second = (world.account(password=PASSWORD, coupled=True) for _ in range(2))
    for account in (first, second):
        both_factors(visitor, account)
        visitor.post("account_logout")
    assert is_known(visitor, first)
    assert is_known(visitor, second)


def is_known(visitor: Visitor, account: Account) -> bool:
    request = RequestFactory().get("/")
    request.COOKIES = {name: morsel.value for name, morsel in visitor.client.cookies.items()}
    return bool(devices.known(request, Account.objects.using(OWNER).get(pk=account.pk)))


def attempt(portal: Portal) -> HttpRequest:
    """From a browser and a place of its own."""
    request = RequestFactory().post("/", REMOTE_ADDR=f"10.77.{world.number() >> 8 & 255}.{world.number() & 255}")
    request.portal = portal  # type: ignore[attr-defined]
    return request


def all_at_once(visitor: Visitor, account: Account, outcome: Callable[[int], Account | None]) -> Counter[str]:
    """Twenty guesses, none of which is judged before all are on their way."""
    under_way = Barrier(20)

    def guess(number: int) -> str:
        def check(_account: Account) -> Account | None:
            under_way.wait(20)
            return outcome(number)

        with enter(Scope(ActorKind.PUBLIC, visitor.portal.id)):
            try:
                return "in" if blocking.judge(attempt(visitor.portal), account.email, check) else "no"
            except blocking.Blocked:
                return "blocked"

    return Counter(at_once(*(partial(guess, number) for number in range(20))))


def test_of_twenty_at_once_from_unknown_browsers_five_are_judged(visitor: Visitor) -> None:
    """All of them with the right password: a guess that the count has no place for is not told, either."""
    account = world.account(password=PASSWORD)
    assert all_at_once(visitor, account, lambda _number: account) == {"in": 5, "no": 15}
    assert (blocks(account), blocking.WRONG.left(account.pk)) == ([], 5)


@pytest.mark.parametrize("is_known", [True, False])
def test_twenty_wrong_ones_at_once_block_once(visitor: Visitor, is_known: bool) -> None:
    email = f"at-once-{world.unique()}@example.test"
    account = world.account(email=email) if is_known else Account(pk=0, email=email)
    assert all_at_once(visitor, account, lambda _number: None) == {"no": 20}
    subject = account.pk or email
    assert (blocking.WRONG.left(subject), blocking.BLOCKED.left(subject)) == (0, 5)
    assert len(blocks(account)) == is_known
    jobs.work_off()
    assert len([mail for mail in visitor.mailbox.delivered() if email in str(mail["To"])]) == is_known


def test_guess_that_was_not_judged_gives_nothing_back(visitor: Visitor) -> None:
    """That its place could try once more would tell that it was right."""
    account = world.account(password=PASSWORD)
    guess(visitor, account.email, 25)
    place = elsewhere(visitor)
    assert NEUTRAL in place.sign_in(account.email).content.decode()
    assert blocking.PLACE.left(place.client.defaults["REMOTE_ADDR"] + "/32") == 19
