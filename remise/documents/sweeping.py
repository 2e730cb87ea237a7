"""Files that no document names: a kill between storing a file and writing its row down leaves one. Nobody can open
it, but what is in it should not outlast what it was made for."""

from collections.abc import Collection
from datetime import timedelta

from django.utils import timezone

from remise.core.actor import Actor
from remise.core.doors import rows
from remise.core.scope import enter
from remise.documents import blobs

KEPT = timedelta(days=1)  # far longer than a file waits for its row


def sweep(system: Actor) -> None:
    """Remove files that are older than a day and that no row of any portal names."""
    before = timezone.now() - KEPT
    for folder in blobs.folders():
        old = [name for name in blobs.names(folder) if blobs.stored_at(name) < before]
        with enter(system.scope):
            nameless = set(old) - named(old)
        for name in sorted(nameless):
            with enter(system.scope):
                # Who stores a file holds its name until the row stands: what is seen now stays true until it is gone.
                blobs.hold(name)
                if not named([name]) and blobs.exists(name) and blobs.stored_at(name) < before:
                    blobs.remove(name)


def named(names: Collection[str]) -> set[str]:
    """Those that a document has as its file. What a kill left half written has a longer name and is nobody's."""
    return {sha256 for (sha256,) in rows("select sha256 from documents_named(%s::text[])", list(names))}
