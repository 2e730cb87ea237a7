"""The cache that all processes share, which counts attempts. It has a connection of its own: what is counted stands
at once for every other request, and whatever becomes of this one (a stranger can choose a 500)."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from remise.core.scope import ActorKind

ALIAS = "counters"


class Counters(DatabaseCache):
    """Each operation in a transaction of its own, which takes its role with it: behind a pooler the next one may run
    on another connection."""

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        with _alone():
            return dict(super().get_many(list(keys), version))

    def has_key(self, key: Any, version: int | None = None) -> bool:  # noqa: ANN401
        with _alone():
            return bool(super().has_key(key, version))

    def clear(self) -> None:
        with _alone():
            super().clear()

    def _base_set(self, mode: str, key: str, value: object, timeout: Any = DEFAULT_TIMEOUT) -> bool:  # noqa: ANN401
        with _alone():
            return bool(super()._base_set(mode, key, value, timeout))  # type: ignore[misc]

    def _base_delete_many(self, keys: list[str]) -> bool:
        with _alone():
            return bool(super()._base_delete_many(keys))  # type: ignore[misc]


@dataclass(frozen=True, slots=True)
class Count:
    """How often in this window, this time included, and how many seconds it still lasts."""

    times: int
    seconds_left: int


COUNT = """
insert into core_cache as c (cache_key, value, expires)
values (%(key)s, '1', now() + %(window)s * interval '1 second')
on conflict (cache_key) do update set
  value = case when c.expires <= now() then '1' else (c.value::bigint + 1)::text end,
  expires = case when c.expires <= now() then excluded.expires else c.expires end
returning value::bigint, ceil(extract(epoch from expires - now()))::bigint
"""


def count(key: str, *, window: int) -> Count:
    """Count one more under this key. In one statement, for of two at the same moment each must count; a window of so
    many seconds begins with the first. The key has a form of its own, which the cache never asks for. The disk is not
    waited for: all who count the same would wait for each other, and only a fall of the server loses a count."""
    with _alone(at_once=True) as cursor:
        cursor.execute(COUNT, {"key": f"count:{key}", "window": window})
        times, left = cursor.fetchone()
    return Count(times, max(1, left))


class Router:
    """Sends the cache over its own connection; the tables of either are made by the owner."""

    def db_for_read(self, model: Any, **_hints: object) -> str | None:  # noqa: ANN401
        return ALIAS if model._meta.app_label == "django_cache" else None

    db_for_write = db_for_read

    def allow_migrate(self, db: str, _app_label: str, **_hints: object) -> bool | None:
        return False if db == ALIAS else None


@contextmanager
def _alone(*, at_once: bool = False) -> Iterator[CursorWrapper]:
    """`at_once`: the commit does not wait for the disk."""
    taken = "set_config('role', %s, true)" + (", set_config('synchronous_commit', 'off', true)" if at_once else "")
    with transaction.atomic(using=ALIAS), connections[ALIAS].cursor() as cursor:
        cursor.execute(f"select {taken}", [f"remise_{ActorKind.PUBLIC}"])
        yield cursor
