"""What the desk's people may do about a refused notice, by their rights."""

import pytest
from django.test import Client

from remise.core.rights import StaffRight
from remise.demo.state_register import Mode, Stand
from remise.fleet.rights import UnderwritingRight
from remise.notices.models import Notice
from remise.notices.rights import NoticeRight
from tests import sessions, world
from tests.notices.telling import State, Telling, connected, telling


def refused() -> tuple[Telling, Notice]:
    of = telling()
    held = of.register()
    with connected(Stand(judge=lambda _said: ("check_code", "Meldcode klopt niet"))):
        of.exchange()
    (notice,) = of.notices(held)
    assert notice.state == State.REJECTED
    return of, notice


def desk(of: Telling, *rights: StaffRight) -> Client:
    staff = world.member(world.insurer(of.garage.portal), rights=[*NoticeRight, *rights])
    return sessions.client_of(staff, of.garage.portal)


def test_desk_reads_that_answers_cannot_be_fetched_until_they_can() -> None:
    of = telling()
    of.register()
    client = desk(of)
    seen = []
    with connected(Stand(mode=Mode.MUTE)) as stand:
        of.send()
        for mode in (Mode.FAIL, Mode.WELL):
            stand.mode = mode
            of.fetch()
            page = client.get("/desk/notices/?show=accepted").content.decode()
            seen.append("(status 500)" in page)
    assert seen == [True, False]


@pytest.mark.parametrize(("rights", "answer"), [((), 403), ((UnderwritingRight.ALLOW_LATE,), 302)])
def test_check_code_is_offered_to_who_may_change_it(rights: tuple[StaffRight, ...], answer: int) -> None:
    of, notice = refused()
    client = desk(of, *rights)
    page = client.get(f"/desk/notices/{notice.id}").content.decode()
    assert f"/desk/notices/{notice.id}/again" in page
    assert (f"/desk/notices/{notice.id}/correct" in page) is (answer == 302)
    told = client.post(f"/desk/notices/{notice.id}/correct", {"check_code": "9999"})
    assert told.status_code == answer
