"""What people wrote goes in time; that it was asked and what became of it stays."""

from datetime import timedelta

from remise.core.actor import system
from remise.desk import actions, retention
from remise.desk.retention import WORDS
from tests.desk.office import Office, office, said, stored


def forget(of: Office, *, after: timedelta) -> None:
    retention.forget_old(system(portal=of.garage.portal.id, name="desk.forget", clock_offset=after))


def test_words_of_a_closed_request_go_after_a_year() -> None:
    desk = office()
    request, still_open = desk.late(), desk.late()
    desk.take(request)
    desk.do(actions.say, request, desk.mirjam, text="Sinds wanneer?")
    desk.do(actions.refuse, request, desk.mirjam, reason="Te laat gevraagd.")
    forget(desk, after=WORDS.usual - timedelta(days=1))
    assert said(request) == ["Sinds wanneer?"]
    forget(desk, after=WORDS.usual + timedelta(days=1))
    forget(desk, after=WORDS.usual + timedelta(days=1))
    gone = stored(request)
    assert (gone.data, gone.reason, said(request)) == ({}, "", [""])
    assert (gone.state, gone.decided_by) == ("refused", desk.mirjam.account_id)
    assert stored(still_open).data != {}
    assert len(desk.events("request.forgotten")) == 1
    # The pages of it, and the lists, still open.
    for who, pages in (
        (desk.owner, ("/requests/", f"/requests/{request.id}")),
        (desk.mirjam, ("/desk/?show=done", f"/desk/{request.id}")),
    ):
        client = desk.client(who)
        assert [client.get(page).status_code for page in pages] == [200, 200]
