"""Doing several things at the same moment, each with a connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections

from remise.core.errors import DomainError


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each gave, or the refusal it got; any other error fails the test."""
    ready = Barrier(len(acts))

    def one(act: Callable[[], Any]) -> object:
        try:
            ready.wait(10)
            return act()
        except DomainError as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))
