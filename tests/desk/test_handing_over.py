"""Requests go from one to another at the desk: once, with a reason where somebody had it, and seen by nobody else."""

from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from remise.core.errors import BrokenRule, Forbidden, NotVisible
from remise.core.scope import enter
from remise.desk import actions
from remise.desk.followed import KINDS
from remise.desk.handover import actions as handing
from remise.desk.handover import selectors
from remise.desk.handover.actions import Picked
from remise.desk.models import DeskNote, DeskRequest
from remise.desk.moves import IllegalMove
from remise.desk.rights import DeskRight
from remise.organisations.models import Membership
from tests import world
from tests.desk.office import EVERYTHING, Office, office, stored
from tests.races import at_once
from tests.world import OWNER


@pytest.fixture
def desk() -> Office:
    return office()


@pytest.fixture
def tom(desk: Office) -> Membership:
    return world.member(desk.insurer, rights=list(EVERYTHING), name="Tom Visser")


def hand(desk: Office, request: DeskRequest, by: Membership, to: Membership, **more: Any) -> DeskRequest:
    had = more.pop("had", stored(request).assignee)
    done: DeskRequest = desk.do(handing.hand_over, request, by, to=to.id, had=had, **more)
    return done


def news(desk: Office, who: Membership) -> list[tuple[int, str, str, bool]]:
    by = desk.actor(who)
    with enter(by.scope):
        return [(one.line.request.id, one.who, one.why, one.is_new) for one in selectors.news(by)]


def test_hand_over_what_nobody_has(desk: Office) -> None:
    request = desk.late()
    hand(desk, request, desk.mirjam, desk.daan, why="Jij kent ze.")
    found = stored(request)
    assert (found.state, found.assignee) == ("taken", desk.daan.account_id)
    # To the customer the desk is at it, as if he had taken it.
    (event,) = desk.events("request.taken")
    assert (event.account, event.after) == (desk.mirjam.account_id, {"assignee": desk.daan.account_id})
    assert desk.events("request.assigned") == []
    assert news(desk, desk.daan) == [(request.id, "Mirjam Postma", "Jij kent ze.", True)]
    assert news(desk, desk.mirjam) == []


def test_hand_over_one_s_own_asks_for_no_reason(desk: Office) -> None:
    request = desk.late()
    desk.take(request)
    hand(desk, request, desk.mirjam, desk.daan)
    (event,) = desk.events("request.assigned")
    assert (event.before, event.after) == (
        {"assignee": desk.mirjam.account_id},
        {"assignee": desk.daan.account_id},
    )
    assert "request.assigned" not in KINDS
    assert news(desk, desk.mirjam) == []  # she did it


def test_take_over_asks_why_and_the_colleague_reads_it(desk: Office) -> None:
    request = desk.late()
    desk.take(request, desk.daan)
    with pytest.raises(BrokenRule) as refused:
        hand(desk, request, desk.mirjam, desk.mirjam, why="  ")
    assert (refused.value.code, refused.value.field) == ("reason_missing", "why")
    hand(desk, request, desk.mirjam, desk.mirjam, why="Daan is ziek.")
    assert stored(request).assignee == desk.mirjam.account_id
    assert news(desk, desk.daan) == [(request.id, "Mirjam Postma", "Daan is ziek.", False)]
    assert news(desk, desk.mirjam) == []
    home = desk.client(desk.daan).get("/").content.decode()
    assert "Mirjam Postma took over a request of yours" in home
    assert "Daan is ziek." in home


def test_colleague_gives_another_s_request_to_a_third_and_both_read_it(desk: Office, tom: Membership) -> None:
    request = desk.late()
    desk.take(request, desk.daan)
    hand(desk, request, desk.mirjam, tom, why="Daan is op vakantie.")
    assert [one[3] for one in news(desk, tom)] == [True]
    assert [one[3] for one in news(desk, desk.daan)] == [False]


def test_what_was_opened_is_new_no_more(desk: Office) -> None:
    request = desk.late()
    hand(desk, request, desk.mirjam, desk.daan)
    client = desk.client(desk.daan)
    assert "new for you" in client.get("/desk/?who=me").content.decode()
    desk.client(desk.mirjam).get(reverse("desk:case", args=[request.id]))
    assert len(news(desk, desk.daan)) == 1  # she looked, and not he
    client.get(reverse("desk:case", args=[request.id]))
    assert news(desk, desk.daan) == []
    assert "new for you" not in client.get("/desk/?who=me").content.decode()


def test_what_was_given_back_is_new_to_nobody(desk: Office) -> None:
    request = desk.late()
    hand(desk, request, desk.mirjam, desk.daan)
    desk.do(actions.give_back, request, desk.mirjam)
    assert news(desk, desk.daan) == []


@pytest.mark.parametrize("rights", [[], [DeskRight.VIEW]])
def test_hand_over_to_who_may_not_handle_is_refused(desk: Office, rights: list[str]) -> None:
    request = desk.late()
    looker = world.member(desk.insurer, rights=rights, name="Kijker")
    for whom in (looker, desk.owner):
        with pytest.raises(BrokenRule) as refused:
            hand(desk, request, desk.mirjam, whom)
        assert (refused.value.code, refused.value.field) == ("handler_unknown", "to")
    left = world.member(desk.insurer, rights=list(EVERYTHING), name="Vertrokken")
    Membership.objects.using(OWNER).filter(id=left.id).update(state=Membership.State.ENDED)
    with pytest.raises(BrokenRule):
        hand(desk, request, desk.mirjam, left)


def test_hand_over_asks_for_the_right(desk: Office) -> None:
    request = desk.late()
    looker = world.member(desk.insurer, rights=[DeskRight.VIEW], name="Kijker")
    for who, refusal in ((looker, Forbidden), (desk.owner, NotVisible)):
        with pytest.raises(refusal):
            hand(desk, request, who, desk.daan)
        with pytest.raises(refusal):
            desk.do(handing.note, request, who, text="x")
    elsewhere = office()
    by = elsewhere.actor(elsewhere.mirjam)
    with pytest.raises(NotVisible), enter(by.scope):
        handing.hand_over(by=by, request=request.id, to=elsewhere.daan.id, had=None)


def test_who_was_slower_reads_why(desk: Office) -> None:
    request = desk.late()
    desk.take(request, desk.daan)
    with pytest.raises(IllegalMove, match="Daan Hoekstra"):
        hand(desk, request, desk.mirjam, desk.mirjam, had=None, why="x")
    with pytest.raises(IllegalMove, match="yours meanwhile"):
        hand(desk, request, desk.daan, desk.mirjam, had=None)
    desk.do(actions.give_back, request, desk.daan)
    with pytest.raises(IllegalMove, match="back in the queue"):
        hand(desk, request, desk.mirjam, desk.mirjam, had=desk.daan.account_id, why="x")
    desk.accept(request, desk.daan)
    with pytest.raises(IllegalMove, match="decided already"):
        hand(desk, request, desk.mirjam, desk.mirjam, had=desk.daan.account_id, why="x")
    other = desk.late()
    desk.take(other, desk.daan)
    with pytest.raises(BrokenRule, match="Choose somebody else"):
        hand(desk, other, desk.mirjam, desk.daan, why="x")


@pytest.mark.parametrize("_again", range(5))
def test_two_hand_over_at_once_and_one_does(desk: Office, tom: Membership, _again: int) -> None:
    request = desk.late()
    got = at_once(
        lambda: hand(desk, request, desk.mirjam, desk.daan, had=None, why="x"),
        lambda: hand(desk, request, tom, tom, had=None),
        lambda: desk.take(request, desk.mirjam),
    )
    assert [isinstance(one, DeskRequest) for one in got].count(True) == 1
    assert sum(isinstance(one, IllegalMove) for one in got) == 2
    assert len(desk.events("request.taken")) == 1
    winner = next(one for one in got if isinstance(one, DeskRequest))
    assert stored(request).assignee == winner.assignee


@pytest.mark.parametrize("_again", range(3))
def test_many_at_once_in_opposite_orders_wait_for_each_other_in_no_circle(
    desk: Office, tom: Membership, _again: int
) -> None:
    requests = [desk.late() for _one in range(4)]

    def all_to(by: Membership, picked: list[DeskRequest]) -> tuple[list[DeskRequest], list[str]]:
        actor = desk.actor(by)
        with enter(actor.scope):
            chosen = [Picked(one.id, None) for one in picked]
            return handing.hand_over_many(by=actor, picked=chosen, to=by.id)

    got = at_once(lambda: all_to(desk.mirjam, requests), lambda: all_to(tom, requests[::-1]))
    assert sum(len(done) for done, _refused in got) == 4
    assert sum(len(refused) for _done, refused in got) == 4
    assert {stored(one).assignee for one in requests} <= {desk.mirjam.account_id, tom.account_id}


def test_several_at_once_from_the_page(desk: Office) -> None:
    free, his, done = desk.late(), desk.late(), desk.late()
    desk.take(his, desk.daan)
    ticked = [f"{free.id}-0", f"{his.id}-{desk.daan.account_id}", f"{done.id}-0", "x", "-"]
    desk.accept(done, desk.daan)
    client = desk.client(desk.mirjam)
    told = client.post("/desk/hand-over", {"case": ticked, "take": "1"}, follow=True).content.decode()
    assert stored(free).assignee == desk.mirjam.account_id
    assert stored(his).assignee == desk.daan.account_id
    assert "1 request: Mirjam Postma has it now." in told
    assert "Say why: Daan Hoekstra reads it." in told
    assert "This was decided already" in told
    form = {"case": ticked[:2], "give": "1", "to": str(desk.mirjam.id), "why": "Daan is ziek."}
    form["case"] = [f"{his.id}-{desk.daan.account_id}"]
    client.post("/desk/hand-over?due=late", form)
    assert stored(his).assignee == desk.mirjam.account_id
    assert client.post("/desk/hand-over", {"case": [ticked[0], f"{10**15}-0"], "take": "1"}).status_code == 404
    assert "Tick the requests first." in client.post("/desk/hand-over", {"take": "1"}, follow=True).content.decode()


def test_page_shows_what_is_wrong_beside_the_field(desk: Office) -> None:
    request = desk.late()
    desk.take(request, desk.daan)
    client = desk.client(desk.mirjam)
    address = reverse("desk:hand_over", args=[request.id])
    answer = client.post(address, {"to": desk.mirjam.id, "had": desk.daan.account_id, "why": ""})
    assert answer.status_code == 422
    assert "Say why: Daan Hoekstra reads it." in answer.content.decode()
    answer = client.post(address, {"to": desk.mirjam.id, "had": desk.daan.account_id, "why": "Ziek."})
    assert (answer.status_code, stored(request).assignee) == (302, desk.mirjam.account_id)
    slow = desk.client(desk.daan).post(address, {"to": desk.daan.id, "had": "0"}, follow=True)
    assert "Mirjam Postma is at it already." in slow.content.decode()


def test_note_is_for_colleagues(desk: Office) -> None:
    request = desk.late()
    desk.do(handing.note, request, desk.mirjam, text=" Belt morgen terug. ")
    shown = desk.client(desk.daan).get(reverse("desk:case", args=[request.id])).content.decode()
    assert "Belt morgen terug." in shown
    (event,) = desk.events("request.noted")
    note = DeskNote.objects.using(OWNER).get(request=request.id)
    assert (note.text, event.after) == ("Belt morgen terug.", {"note": note.id})
    with pytest.raises(BrokenRule) as refused:
        desk.do(handing.note, request, desk.mirjam, text=" ")
    assert refused.value.field == "note"


def as_staff(desk: Office, statement: str, *values: int) -> None:
    with enter(desk.actor(desk.mirjam).scope), connection.cursor() as cursor:
        cursor.execute(statement, values)
        transaction.set_rollback(True)


@pytest.mark.parametrize("changes", ["text = 'x'", "account = 1", "given_to = 1", "is_new = true", "at = now()"])
def test_note_stays_as_it_was_written(desk: Office, changes: str) -> None:
    request = desk.late()
    desk.do(handing.note, request, desk.mirjam, text="x y")
    with pytest.raises(ProgrammingError, match="not changed"):
        as_staff(desk, f"update desk_desknote set {changes} where request_id = %s", request.id)


def test_database_refuses_news_for_nobody(desk: Office, owner_connection: psycopg.Connection) -> None:
    request = desk.late()
    desk.do(handing.note, request, desk.mirjam, text="x")
    for change in ("is_new = true", "is_lost = true", "taken_from = 1"):
        with pytest.raises(psycopg.errors.CheckViolation):
            owner_connection.execute(f"update desk_desknote set {change} where request_id = %s", [request.id])
