"""The ledger's statements are the same each time, and to read and plan one takes the server longer than to run it:
they are prepared once per connection. Many that do not wait for each other's answers go out together."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self, cast

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg.abc import Params


class _Prepared(psycopg.Cursor[Any]):
    def execute(
        self,
        query: Any,  # noqa: ANN401  # as the driver takes it
        params: Params | None = None,
        *,
        prepare: bool | None = True,
        binary: bool | None = None,
    ) -> Self:
        return super().execute(query, params, prepare=prepare, binary=binary)


def send(statement: str, values: Params) -> CursorWrapper:
    """Run a statement with a cast at every value; the answer is fetched from what is returned. Where the connection's
    `prepare_threshold` is null (a pooler that keeps no prepared statements), nothing is prepared."""
    connection.ensure_connection()
    # As `connection.cursor()` chooses it, so that the ledger's statements are in the log of queries like all others.
    wrapped = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    # Its stubs know no other cursor than Django's own.
    cursor = wrapped(cast("CursorWrapper", _Prepared(connection.connection)))
    cursor.execute(statement, values)
    return cursor


@contextmanager
def together(*, many: bool) -> Iterator[None]:
    """What is sent meanwhile is not waited for: the server works on one statement while the next is put together.
    Afterwards every answer is there, or the first error was raised. With few statements the driver's own work for it
    is more than what it saves."""
    if not many:
        yield
        return
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield
