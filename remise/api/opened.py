"""With which rights a key does or reads something: what operations say that they ask, and what the feed tells."""

from collections.abc import Iterator

from remise.core.feed import followed
from remise.organisations.rights import Opening


def of_operations() -> Iterator[str]:
    from remise.api.description import rights_asked  # which assembles the API: not before the rooms are ready

    return rights_asked()


def of_the_feed() -> Iterator[str]:
    return (right for entry in followed for right in entry.rights)


OPENINGS = (Opening("operations", of_operations), Opening("events", of_the_feed))
