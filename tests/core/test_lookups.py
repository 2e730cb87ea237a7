from collections.abc import Iterator

import psycopg
import pytest
from django.db import transaction

from remise.core.models import Item
from remise.core.scope import enter
from remise.runs.models import RunRow
from tests import world

KEYS = ["AB12CD", "AB34EF", "ab12cd", "A_B", "A%B", "A\\B", "ZZ99ZZ"]


@pytest.fixture
def items() -> Iterator[None]:
    garage = world.garage()
    with enter(garage.actor().scope):
        for key in KEYS:
            Item.objects.create(
                portal=garage.portal.id,
                organisation=garage.organisation.id,
                policy=garage.policy.id,
                kind="vehicle",
                key=key,
                known_at="2026-01-01T00:00Z",
            )
        yield
        transaction.set_rollback(True)


@pytest.mark.usefixtures("items")
@pytest.mark.parametrize(
    ("prefix", "found"),
    [
        ("AB", ["AB12CD", "AB34EF"]),
        ("ab", ["ab12cd"]),
        ("AB12CD", ["AB12CD"]),
        ("AB12CDE", []),
        ("B", []),
        ("A_", ["A_B"]),
        ("A%", ["A%B"]),
        ("A\\", ["A\\B"]),
        ("'", []),
        ("", sorted(KEYS)),
    ],
)
def test_prefix_finds_what_begins_so(prefix: str, found: list[str]) -> None:
    assert sorted(Item.objects.filter(key__prefix=prefix).values_list("key", flat=True)) == found


def test_prefix_is_one_operator_for_short_and_long_texts() -> None:
    assert '"core_item"."key" ^@ AB' in str(Item.objects.filter(key__prefix="AB").query)
    assert '"runs_runrow"."message" ^@ AB' in str(RunRow.objects.filter(message__prefix="AB").query)


@pytest.mark.parametrize(
    ("operator", "kind", "leakproof"),
    [
        ("^@", "text", True),
        (">=", "text", True),
        (">", "bigint", True),
        ("<=", "date", True),
        (">", "timestamp with time zone", True),
        ("~~", "text", False),  # LIKE
        (">=", "numeric", False),
    ],
)
def test_server_lets_the_wall_use_an_index_for(
    operator: str, kind: str, leakproof: bool, owner_connection: psycopg.Connection
) -> None:
    """What queries of large lists are built on, asked of the server that runs."""
    found = owner_connection.execute(
        "select proleakproof from pg_operator join pg_proc p on p.oid = oprcode"
        " where oprname = %s and oprleft = %s::regtype and oprright = %s::regtype",
        [operator, kind, kind],
    ).fetchall()
    assert found == [(leakproof,)]
