"""Files that no document names: a kill between storing a file and writing its row down leaves one. Nobody can open
it, but what is in it should not outlast what it was made for."""

from collections.abc import Collection

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from remise.core.actor import Actor
from remise.core.doors import rows
from remise.core.scope import enter
from remise.documents import blobs
from remise.portals import retention
from remise.portals.retention import Category

NAMELESS = Category(
    "documents.nameless",
    label=_("Files that no document names"),
    lets_go=_(
        "A file that was left behind when its document was not made. Nobody can open it, so no hold concerns it."
    ),
    days=1,
    source=_("Our own policy: far longer than a file waits for its document"),
)


def sweep(system: Actor) -> None:
    """Remove files that are older than its term and that no row of any portal names."""
    with enter(system.scope):
        before = timezone.now() - retention.kept(system, NAMELESS)
    gone = 0
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
                    gone += 1
    with enter(system.scope):
        retention.note(system, NAMELESS, gone=gone)


def named(names: Collection[str]) -> set[str]:
    """Those that a document has as its file. What a kill left half written has a longer name and is nobody's."""
    return {sha256 for (sha256,) in rows("select sha256 from documents_named(%s::text[])", list(names))}
