"""The insurer chooses how its notices go, from a day on: nothing goes twice, and nothing is lost."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from remise.core.errors import BrokenRule, Forbidden, NotVisible
from remise.core.models import Event
from remise.core.scope import enter
from remise.demo.state_register import Mode, Stand
from remise.fleet.rights import FleetRight
from remise.notices.actions.batching import make_file
from remise.notices.actions.choosing import choose_way
from remise.notices.models import Batch, RegisterSettings, RegisterWay
from remise.notices.rights import NoticeRight
from tests import races, sessions, vehicles, world
from tests.notices.telling import Telling, Way, connected, telling
from tests.world import OWNER


def choose(of: Telling, way: str, *, code: str = "0413", days: int = 0) -> RegisterWay:
    by = of.staff
    with enter(by.scope):
        return choose_way(by=by, way=way, insurer_code=code, starts=day(of, days))


def day(of: Telling, days: int = 0) -> date:
    return vehicles.today(of.garage) + timedelta(days=days)


def test_what_waited_goes_once_the_day_has_come() -> None:
    of = telling(Way.NONE)
    held = of.register()
    with connected(Stand()):
        choose(of, Way.HTTP, days=2)
        of.exchange()
        assert of.told(held) == [("start", "pending")]
        of.garage.portal.clock_offset += timedelta(days=2)
        of.garage.portal.save(using=OWNER)
        of.exchange()
        assert of.told(held) == [("start", "accepted")]


def test_portal_that_was_never_set_up_is_connected_by_its_insurer() -> None:
    of = telling(Way.NONE)
    RegisterSettings.objects.using(OWNER).filter(portal=of.garage.portal).delete()
    held = of.register()
    with connected(Stand()):
        choose(of, Way.HTTP)
        of.exchange()
    assert of.told(held) == [("start", "accepted")]


def test_by_file_from_today_on_what_waits_stands_in_a_file() -> None:
    of = telling(Way.NONE)
    of.register()
    choose(of, Way.FILE)
    with enter(of.staff.scope):
        batch = make_file(by=of.staff)
    assert (batch.size, batch.way) == (1, Way.FILE)


def test_what_a_connection_began_it_ends_and_a_file_takes_none_of_it() -> None:
    of = telling(Way.HTTP)
    begun = of.register()
    with connected(Stand(mode=Mode.DEAF)) as stand:
        of.send()
        (batch,) = of.batches()
        assert batch.sent_at is None
        choose(of, Way.FILE)
        later = of.register()
        with enter(of.staff.scope):
            assert make_file(by=of.staff).size == 1
        stand.mode = Mode.WELL
        Batch.objects.using(OWNER).filter(id=batch.id).update(due=timezone.now())
        of.exchange()
        assert len(stand.told()) == 1
    assert of.told(begun) == [("start", "accepted")]
    assert of.told(later) == [("start", "going")]
    assert [one.way for one in of.batches()] == [Way.HTTP, Way.FILE]


def test_not_at_all_holds_everything_back() -> None:
    of = telling(Way.HTTP)
    choose(of, Way.NONE, code="")
    held = of.register()
    with connected(Stand()):
        of.exchange()
    assert of.told(held) == [("start", "pending")]


def test_pressed_twice_it_is_chosen_once_and_the_last_word_of_a_day_counts() -> None:
    of = telling(Way.NONE)
    races.at_once(*[lambda: choose(of, Way.FILE)] * 2)
    assert _chosen(of) == [("file", "0413")]
    assert Event.objects.using(OWNER).filter(kind="register_way.chosen", portal=of.garage.portal.id).count() == 1
    choose(of, Way.HTTP, code="0500")
    assert _chosen(of) == [("http", "0500")]
    (first, second) = (
        Event.objects.using(OWNER).filter(kind="register_way.chosen", portal=of.garage.portal.id).order_by("id")
    )
    assert (first.before, second.before) == (None, {"way": "file", "insurer_code": "0413"})


def _chosen(of: Telling) -> list[tuple[str, str]]:
    return list(
        RegisterWay.objects.using(OWNER).filter(portal=of.garage.portal.id).values_list("way", "insurer_code")
    )


@pytest.mark.parametrize(
    ("way", "code", "days", "refused"),
    [("post", "0413", 0, "choice"), ("http", " ", 0, "code_missing"), ("file", "0413", -1, "past")],
)
def test_what_cannot_be_chosen_is_refused(way: str, code: str, days: int, refused: str) -> None:
    of = telling(Way.NONE)
    with pytest.raises(BrokenRule) as error:
        choose(of, way, code=code, days=days)
    assert error.value.code == refused
    assert _chosen(of) == []


def test_only_who_has_the_right_chooses() -> None:
    of = telling(Way.NONE)
    customer = of.garage.actor(*FleetRight)
    insurer = world.insurer(of.garage.portal)
    clerk = sessions.actor_of(world.member(insurer, rights=[NoticeRight.VIEW, NoticeRight.HANDLE]))
    for by, refused in ((customer, NotVisible), (clerk, Forbidden)):
        with enter(by.scope), pytest.raises(refused):
            choose_way(by=by, way=Way.FILE, insurer_code="0413", starts=day(of))


def test_page_shows_what_waits_and_asks_for_fresh_proof() -> None:
    of = telling(Way.NONE)
    of.register()
    who = world.member(world.insurer(of.garage.portal), rights=[*NoticeRight], name="Mirjam Postma")
    url = reverse("notices:way")
    page = sessions.client_of(who, of.garage.portal).get(url)
    assert (page.status_code, page.context["counts"].pending) == (200, 1)
    stale = sessions.aged(sessions.client_of(who, of.garage.portal), of.garage.portal, minutes=6)
    answer = stale.post(url, {"way": "file", "insurer_code": "0413", "starts": day(of).isoformat()})
    assert answer["Location"].startswith("/account/again/")
    assert _chosen(of) == []
