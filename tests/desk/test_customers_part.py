"""What a customer's own transaction may write of a request and its lines, whatever SQL it runs: what the actions of a
customer write, and nothing that is the desk's."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from remise.core.actor import system
from remise.core.scope import enter
from remise.desk import actions
from remise.desk.models import DeskRequest
from tests import vehicles
from tests.desk.office import Office, office, said, stored
from tests.world import OWNER


@pytest.fixture(scope="module")
def desk() -> Office:
    return office()


@pytest.fixture
def asked(desk: Office) -> DeskRequest:
    return desk.late()


@contextmanager
def as_customer(desk: Office) -> Iterator[None]:
    """The scope of a member of the garage, undone afterwards."""
    with enter(desk.actor(desk.owner).scope):
        yield
        transaction.set_rollback(True)


def run(statement: str, *values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def change(desk: Office, asked: DeskRequest, changes: str) -> int:
    with as_customer(desk):
        return run(f"update desk_deskrequest set {changes} where id = %s", asked.id)


WITHDRAWN = "state = 'withdrawn', assignee = null, decided_at = now(), data_sha = ''"
CLOSED = "decided_at = now(), data_sha = ''"
DECIDED = f"decided_by = 1, assignee = 1, {CLOSED}"
FORBIDDEN = [
    f"state = 'accepted', {DECIDED}",
    f"state = 'refused', {DECIDED}, reason = 'Nee.'",
    f"state = 'settled', assignee = null, {CLOSED}",
    "state = 'withdrawn', assignee = null, decided_at = now()",  # and would keep who asks again from asking
    f"{WITHDRAWN}, customer_asked = true",
    f"{WITHDRAWN}, reason = 'Nee.'",
    f"{WITHDRAWN}, account = account + 1",
    "unread = true",
    "due_at = now()",
    "opened_at = now()",
    "data = '{}'",
    "data_sha = ''",
    "kind = 'correct_registration'",
    "subject = subject + 1",
    "branch = null",
    "account = null, by_system = 'test'",
    "office = 1",
    "reason = 'x'",
    "forgotten_at = now()",
]


@pytest.mark.parametrize("changes", [*FORBIDDEN, "state = 'taken', assignee = 1"])
def test_customer_writes_nothing_that_is_the_desks(desk: Office, asked: DeskRequest, changes: str) -> None:
    with pytest.raises(ProgrammingError, match="changes nothing else of it"):
        change(desk, asked, changes)


@pytest.mark.parametrize("changes", [*FORBIDDEN, "state = 'waiting', assignee = null", "assignee = assignee + 1"])
def test_customer_takes_nothing_from_who_is_at_it(desk: Office, asked: DeskRequest, changes: str) -> None:
    desk.take(asked)
    with pytest.raises(ProgrammingError, match="changes nothing else of it"):
        change(desk, asked, changes)


@pytest.mark.parametrize(
    "changes",
    [
        f"{WITHDRAWN}, unread = false, customer_asked = false",
        "customer_asked = true, unread = false",
        "unread = false",
        "id = id",
    ],
)
def test_customer_writes_what_the_actions_write(desk: Office, asked: DeskRequest, changes: str) -> None:
    assert change(desk, asked, changes) == 1
    desk.take(asked)
    desk.do(actions.say, asked, desk.mirjam, text="Welke dag?")
    assert change(desk, asked, changes) == 1


@pytest.mark.parametrize("how", ["accepted", "refused", "withdrawn", "settled"])
def test_closed_request_stays_closed(desk: Office, asked: DeskRequest, how: str) -> None:
    if how == "withdrawn":
        desk.do(actions.withdraw, asked, desk.owner)
    elif how == "accepted":
        desk.accept(asked)
    elif how == "refused":
        desk.take(asked)
        desk.do(actions.refuse, asked, desk.mirjam, reason="Nee.")
    else:
        by = system(portal=desk.garage.portal.id, name="test")
        with enter(by.scope):
            actions.settle(by=by, request=asked.id)
    opened = "state = 'waiting', assignee = null, decided_by = null, decided_at = null, reason = '', entry = null"
    for changes in (opened, f"{WITHDRAWN}, decided_by = null, entry = null", "customer_asked = true"):
        with pytest.raises(ProgrammingError, match="changes nothing else of it"):
            change(desk, asked, changes)
    assert stored(asked).state == how
    assert change(desk, asked, "unread = false") == 1  # read


def test_customer_withdraws_nothing_that_the_system_asked(desk: Office, asked: DeskRequest) -> None:
    DeskRequest.objects.using(OWNER).filter(id=asked.id).update(account=None, by_system="fleet.ask_register")
    with pytest.raises(ProgrammingError, match="changes nothing else of it"):
        change(desk, asked, WITHDRAWN)


COLUMNS = "portal, organisation, kind, subject_kind, subject, data, about, data_sha, by_system, opened_at, due_at"
VALUES = "portal, organisation, kind, subject_kind, subject, data, about, 'another', '', opened_at, due_at"


@pytest.mark.parametrize(
    "forged",
    [
        {"state": "'taken'", "assignee": "1"},
        {"state": "'accepted'", "assignee": "1", "decided_by": "1", "decided_at": "now()"},
        {"reason": "'Ja.'"},
        {"unread": "true"},
        {"internal": "true"},
        {"account": "account + 1"},
        {"forgotten_at": "now()"},
    ],
)
def test_customer_asks_in_the_own_name_and_answers_nothing(
    desk: Office, asked: DeskRequest, forged: dict[str, str]
) -> None:
    usual = {"state": "'waiting'", "account": "account", "reason": "''", "unread": "false", "customer_asked": "false"}

    def asking(values: dict[str, str]) -> int:
        names, given = ", ".join(values), ", ".join(values.values())
        with as_customer(desk):
            return run(
                f"insert into desk_deskrequest ({COLUMNS}, {names})"
                f" select {VALUES}, {given} from desk_deskrequest where id = %s",
                asked.id,
            )

    assert asking(usual) == 1
    with pytest.raises(ProgrammingError, match="in the own name"):
        asking(usual | forged)


@pytest.mark.parametrize("forged", [{"from_desk": "true"}, {"account": "account + 1"}])
def test_customer_says_nothing_for_the_desk(desk: Office, asked: DeskRequest, forged: dict[str, str]) -> None:
    def saying(from_desk: str = "false", account: str = "account") -> int:
        with as_customer(desk):
            return run(
                "insert into desk_deskmessage (portal, organisation, request_id, from_desk, account, at, text)"
                f" select portal, organisation, id, {from_desk}, {account}, now(), 'Ja.' from desk_deskrequest"
                " where id = %s",
                asked.id,
            )

    assert saying() == 1
    with pytest.raises(ProgrammingError, match="in the own name"):
        saying(**forged)
    assert said(asked) == []


def test_what_a_customer_does_goes_on_as_before(desk: Office) -> None:
    asked = desk.late(plate=vehicles.fresh_plate())
    desk.take(asked)
    desk.do(actions.say, asked, desk.mirjam, text="Welke dag?")
    desk.do(actions.say, asked, desk.owner, text="De eerste.")
    with enter(desk.actor(desk.owner).scope):
        actions.mark_read(by=desk.actor(desk.owner), request=asked)
    assert (stored(asked).unread, stored(asked).customer_asked) == (False, True)
    desk.do(actions.withdraw, asked, desk.owner)
    assert (stored(asked).state, stored(asked).assignee, stored(asked).customer_asked) == ("withdrawn", None, False)
