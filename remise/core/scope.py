"""Row scope: the database decides who sees what.

The application's login has no rights of its own. Each transaction takes the database role of its kind of actor
together with the ids that this role's policies compare with, in one round trip; both end with the transaction.
It is entered in three places only: the request middleware, API authentication and the base of tasks.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from remise.core.kinds import ActorKind

__all__ = ["ActorKind", "Scope", "Within", "enter", "switch"]

# Entered for what is read and written, left while somebody outside is asked: a job holds no transaction meanwhile.
type Within = Callable[[], AbstractContextManager[object]]


@dataclass(frozen=True, slots=True)
class Scope:
    kind: ActorKind
    portal: int | None = None
    account: int | None = None
    organisation: int | None = None
    withheld: frozenset[str] = frozenset()  # groups of particulars that this actor does not see


@contextmanager
def enter(scope: Scope) -> Iterator[None]:
    """Open a transaction of its own in this scope; refuses to nest, since an inner scope would outlive itself."""
    with transaction.atomic(durable=True):
        switch(scope)
        yield


def switch(scope: Scope) -> None:
    """Exchange the scope of the open transaction, as when a stranger turns out to be a member.

    Never within a savepoint: rolled back, it would bring the former scope back while the caller believes the new one.
    """
    if not connection.in_atomic_block or any(connection.savepoint_ids):
        raise RuntimeError("a scope belongs to a transaction, not to a part of one or to none")
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('role', %s, true), set_config('remise.portal', %s, true),"
            " set_config('remise.account', %s, true), set_config('remise.organisation', %s, true),"
            " set_config('remise.withheld', %s, true)",
            [
                scope.kind.role,
                _text(scope.portal),
                _text(scope.account),
                _text(scope.organisation),
                ",".join(sorted(scope.withheld)),
            ],
        )


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
