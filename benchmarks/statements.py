"""The SQL of a page as the application writes it, to be sent again by a bare driver."""

from collections.abc import Callable, Sequence
from typing import Any

import psycopg
from django.db import connection

from remise.core.actor import Actor
from remise.core.scope import enter

type Statement = tuple[str, Any]


def written(by: Actor, page: Callable[[], object]) -> list[Statement]:
    """What `page` asks in the scope of this actor, without the statement that takes the scope and what it sets."""
    statements: list[Statement] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith("set "):
            statements.append((sql, params))
        return execute(sql, params, many, context)

    with enter(by.scope), connection.execute_wrapper(note):
        page()
    return statements


def fetched(bare: psycopg.Connection, statements: Sequence[Statement]) -> list[list[tuple[Any, ...]]]:
    return [bare.execute(sql.encode(), params).fetchall() for sql, params in statements]
