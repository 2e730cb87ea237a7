"""A scope is a transaction's: it opens with it, is exchanged in it, and ends with it, however it ends."""

from collections.abc import Callable

import pytest
from django.db import ProgrammingError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from remise.core.middleware import Transaction
from remise.core.models import Event, Item
from remise.core.scope import ActorKind, Scope, enter, switch
from tests import world


class BrokenError(Exception):
    pass


@pytest.fixture(scope="module")
def garage() -> world.Garage:
    return world.garage()


def now() -> tuple[str, str, str, str]:
    """The role and settings that the connection has at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_user, coalesce(current_setting('remise.portal', true), ''),"
            " coalesce(current_setting('remise.account', true), ''),"
            " coalesce(current_setting('remise.organisation', true), '')"
        )
        row: tuple[str, str, str, str] = cursor.fetchone()
    return row


NONE = ("remise_app", "", "", "")


def add_item(garage: world.Garage, key: str) -> None:
    Item.objects.create(
        portal=garage.portal.id,
        organisation=garage.organisation.id,
        policy=garage.policy.id,
        kind="vehicle",
        key=key,
        known_at="2026-01-01T00:00Z",
    )


def add_and_break(garage: world.Garage, key: str) -> None:
    add_item(garage, key)
    raise BrokenError


def stored(garage: world.Garage, key: str) -> bool:
    with enter(garage.actor().scope):
        return Item.objects.filter(key=key, policy=garage.policy.id).exists()


def test_enter_takes_role_and_settings_and_leaves_none(garage: world.Garage) -> None:
    with enter(Scope(ActorKind.MEMBER, portal=1, account=2, organisation=3)):
        assert now() == ("remise_member", "1", "2", "3")
    assert now() == NONE


def test_scope_without_an_id_matches_nothing(garage: world.Garage) -> None:
    """A setting left over from the transaction before would be a company that was not meant."""
    with enter(garage.actor().scope):
        add_item(garage, "LEFT")
    for kind in (ActorKind.MEMBER, ActorKind.AGENT, ActorKind.STAFF, ActorKind.SYSTEM):
        with enter(Scope(kind)):
            assert now()[1:] == ("", "", "")
            assert not Item.objects.exists()


def test_enter_refuses_to_nest() -> None:
    with enter(Scope(ActorKind.PUBLIC)), pytest.raises(RuntimeError), enter(Scope(ActorKind.STAFF, portal=1)):
        pass
    assert now() == NONE


def test_enter_refuses_an_open_transaction() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError), enter(Scope(ActorKind.PUBLIC)):
        pass


def test_exception_rolls_back_and_leaves_no_scope(garage: world.Garage) -> None:
    with pytest.raises(BrokenError), enter(garage.actor().scope):
        add_and_break(garage, "BROKEN")
    assert now() == NONE
    assert not stored(garage, "BROKEN")


def test_on_commit_runs_without_scope(garage: world.Garage) -> None:
    seen: list[tuple[str, str, str, str]] = []
    with enter(garage.actor().scope):
        transaction.on_commit(lambda: seen.append(now()))
    assert seen == [NONE]


def test_switch_exchanges_the_whole_scope() -> None:
    with enter(Scope(ActorKind.MEMBER, portal=1, account=2, organisation=3)):
        switch(Scope(ActorKind.STAFF, portal=4))
        assert now() == ("remise_staff", "4", "", "")
    assert now() == NONE


def test_switch_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError):
        switch(Scope(ActorKind.PUBLIC))
    assert now() == NONE


def test_switch_in_a_savepoint_is_refused() -> None:
    """PostgreSQL takes settings back with a savepoint: a page that went on as a member would be staff again."""
    staff = Scope(ActorKind.STAFF, portal=1)
    with enter(staff):
        with pytest.raises(RuntimeError), transaction.atomic():
            switch(Scope(ActorKind.MEMBER, portal=1, organisation=3))
        assert now() == ("remise_staff", "1", "", "")


def test_savepoint_rolled_back_keeps_the_scope_of_before(garage: world.Garage) -> None:
    """Entered as nobody, switched to a member, and an action's savepoint undone: still that member."""
    with enter(Scope(ActorKind.PUBLIC)):
        switch(garage.actor().scope)
        with pytest.raises(BrokenError), transaction.atomic():
            add_and_break(garage, "UNDONE")
        assert now()[0] == "remise_member"
        assert now()[3] == str(garage.organisation.id)
        add_item(garage, "KEPT")
    assert not stored(garage, "UNDONE")
    assert stored(garage, "KEPT")


def test_settings_set_by_hand_in_a_savepoint_go_with_it() -> None:
    """What `switch` guards against, shown."""
    with enter(Scope(ActorKind.STAFF, portal=1)):
        savepoint = transaction.savepoint_create()
        with connection.cursor() as cursor:
            cursor.execute("select set_config('role', 'remise_member', true), set_config('remise.portal', '2', true)")
        transaction.savepoint_rollback(savepoint)
        assert now()[:2] == ("remise_staff", "1")


def respond(garage: world.Garage, answer: Callable[[], HttpResponse], key: str) -> HttpResponse:
    def view(_request: HttpRequest) -> HttpResponse:
        assert now()[0] == "remise_public"
        switch(garage.actor().scope)
        add_item(garage, key)
        return answer()

    response = Transaction(view)(RequestFactory().get("/"))
    assert isinstance(response, HttpResponse)
    assert now() == NONE
    return response


@pytest.mark.parametrize(
    ("status", "kept"), [(200, True), (302, True), (400, True), (403, True), (404, True), (500, False), (503, False)]
)
def test_request_is_undone_by_a_server_error_only(garage: world.Garage, status: int, kept: bool) -> None:
    key = f"S{status}"
    assert respond(garage, lambda: HttpResponse(status=status), key).status_code == status
    assert stored(garage, key) is kept


def test_request_that_raises_is_undone(garage: world.Garage) -> None:
    def fail() -> HttpResponse:
        raise BrokenError

    with pytest.raises(BrokenError):
        respond(garage, fail, "RAISED")
    assert now() == NONE
    assert not stored(garage, "RAISED")


def test_health_is_answered_without_a_transaction() -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        assert now() == NONE
        with pytest.raises(ProgrammingError, match="permission denied"):
            Event.objects.exists()
        return HttpResponse()

    assert Transaction(view)(RequestFactory().get("/healthz")).status_code == 200
