"""One vote for each reader, remarks that nobody reads but the insurer's people, and limits."""

from datetime import timedelta

import pytest

from remise.core import actor, clock
from remise.core.errors import BrokenRule, NotVisible
from remise.core.limits import TooOften
from remise.core.models import Event
from remise.core.scope import enter
from remise.help.actions import REMARKS, remark, settle, vote
from remise.help.models import Comment, Vote
from remise.help.retention import forget_old
from remise.help.rights import HelpRight
from tests import sessions, world
from tests.help.people import passer_by, remarks, visitor, votes
from tests.world import OWNER

SLUG = "green-card"


def test_f203_vote_again_replaces_it() -> None:
    at = world.portal()
    by = passer_by(at)
    for helpful in (True, True, False):
        with enter(by.scope):
            vote(by=by, article=SLUG, reader="session x", helpful=helpful, language="nl")
    assert votes(at) == [(SLUG, False)]


def test_voter_is_not_found_back() -> None:
    """The mark differs for each article and portal, and holds neither account nor session."""
    at = world.portal()
    by = passer_by(at)
    with enter(by.scope):
        for slug in (SLUG, "premium"):
            vote(by=by, article=slug, reader="account 12", helpful=True, language="nl")
    marks = list(Vote.objects.using(OWNER).filter(portal=at.id).values_list("voter", flat=True))
    assert len(set(marks)) == 2
    assert not any(mark == "12" or "account" in mark for mark in marks)
    assert not Event.objects.using(OWNER).filter(portal=at.id).exists()


def test_unknown_article_takes_no_vote_and_no_remark() -> None:
    by = passer_by(world.portal())
    with enter(by.scope), pytest.raises(NotVisible):
        vote(by=by, article="no-such", reader="x", helpful=True, language="nl")
    with enter(by.scope), pytest.raises(NotVisible):
        remark(by=by, article="no-such", reader="x", text="Iets", language="nl")


def test_remark_is_kept_without_particulars() -> None:
    at = world.portal()
    by = passer_by(at)
    with enter(by.scope):
        remark(by=by, article=SLUG, reader="x", text="Mail jan@garage.example, ik mis landen", language="nl")
    assert remarks(at) == ["Mail [\N{HORIZONTAL ELLIPSIS}] ik mis landen"]


def test_empty_remark_is_refused() -> None:
    by = passer_by(world.portal())
    with enter(by.scope), pytest.raises(BrokenRule):
        remark(by=by, article=SLUG, reader="x", text="   ", language="nl")


def test_too_many_remarks_wait() -> None:
    at = world.portal()
    by, reader = passer_by(at), f"session {world.unique()}"
    with enter(by.scope):
        for _ in range(REMARKS.times):
            remark(by=by, article=SLUG, reader=reader, text="Nog iets", language="nl")
        with pytest.raises(TooOften):
            remark(by=by, article=SLUG, reader=reader, text="En nog iets", language="nl")
    assert len(remarks(at)) == REMARKS.times


def test_visitor_votes_with_a_session_of_their_own() -> None:
    at = world.portal()
    one, other = visitor(at), visitor(at)
    for client, said in ((one, "no"), (other, "yes"), (one, "yes")):
        answer = client.post(f"/help/articles/{SLUG}/vote", {"helpful": said})
        assert (answer.status_code, answer["Location"]) == (302, f"/help/articles/{SLUG}#helpful")
    assert votes(at) == [(SLUG, True), (SLUG, True)]
    page = one.get(f"/help/articles/{SLUG}").content.decode()
    assert "Thank you. Good that it helped." in page
    assert visitor(at).post(f"/help/articles/{SLUG}/vote", {"helpful": "maybe"}).status_code == 400


def test_colleagues_vote_apart_and_in_another_browser_the_vote_is_the_same() -> None:
    garage = world.garage()
    people = [world.member(garage.organisation, rights=[]) for _ in range(2)]
    for person in (*people, people[0]):
        sessions.client_of(person, garage.portal).post(f"/help/articles/{SLUG}/vote", {"helpful": "no"})
    assert votes(garage.portal) == [(SLUG, False), (SLUG, False)]


def test_remark_form_keeps_what_was_typed_when_it_is_refused() -> None:
    answer = visitor(world.portal()).post(f"/help/articles/{SLUG}/remark", {"text": "x" * 1001})
    assert answer.status_code == 422
    assert "x" * 1001 in answer.content.decode()


def test_staff_settle_what_was_read_and_others_cannot() -> None:
    at = world.portal()
    insurer = world.insurer(at)
    editor = world.member(insurer, rights=[HelpRight.VIEW, HelpRight.EDIT])
    looker = world.member(insurer, rights=[HelpRight.VIEW])
    by = passer_by(at)
    with enter(by.scope):
        remark(by=by, article=SLUG, reader="x", text="Ik mis landen", language="nl")
    number = Comment.objects.using(OWNER).get(portal=at.id).id
    assert "Ik mis landen" in sessions.client_of(looker, at).get("/help/remarks/").content.decode()
    refused = sessions.client_of(looker, at).post(f"/help/remarks/{number}/settle")
    assert (refused.status_code, refused["X-Reason-Code"]) == (403, "right_missing")
    assert sessions.client_of(editor, at).post(f"/help/remarks/{number}/settle").status_code == 302
    assert "Ik mis landen" not in sessions.client_of(editor, at).get("/help/remarks/").content.decode()
    kept = Comment.objects.using(OWNER).get(id=number)
    assert kept.settled_by == editor.account_id
    assert Event.objects.using(OWNER).filter(kind="help.remark_settled", subject=number).count() == 1
    again = sessions.actor_of(editor)
    with enter(again.scope):
        settle(by=again, comment=number)
    assert Event.objects.using(OWNER).filter(kind="help.remark_settled", subject=number).count() == 1


def test_remark_of_another_insurer_is_not_there() -> None:
    elsewhere, at = world.portal(), world.portal()
    by = passer_by(elsewhere)
    with enter(by.scope):
        remark(by=by, article=SLUG, reader="x", text="Van elders", language="nl")
    number = Comment.objects.using(OWNER).get(portal=elsewhere.id).id
    editor = world.member(world.insurer(at), rights=[HelpRight.VIEW, HelpRight.EDIT])
    assert sessions.client_of(editor, at).post(f"/help/remarks/{number}/settle").status_code == 404
    assert "Van elders" not in sessions.client_of(editor, at).get("/help/remarks/").content.decode()


def test_remark_dealt_with_long_ago_is_forgotten() -> None:
    at = world.portal()
    now = clock.now(at)
    for settled in (None, now - timedelta(days=360), now - timedelta(days=370)):
        Comment.objects.using(OWNER).create(
            portal=at.id,
            article=SLUG,
            language="nl",
            text=str(settled),
            settled_at=settled,
            settled_by=1 if settled else None,
        )
    forget_old(actor.system(portal=at.id, name="help.forget"))
    assert remarks(at) == ["None", str(now - timedelta(days=360))]
