"""What waits to be done for the clients of an office: each room says what of its own that is, and an overview over
all clients counts it. The rows are read as an agent, who meets those of clients in reach and no others."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from remise.core.registry import Registry
from remise.core.words import Text


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rows with an `organisation`, each one thing to do; counted where one of these rights is held in the whole
    company. Where the office acts in single branches only, nothing is counted: what lies in the others is none of its
    business."""

    rights: Sequence[str]
    rows: "QuerySet[Any]"


@dataclass(frozen=True, slots=True)
class ClientTasks:
    """`words` says a number of them in the reader's language. `url` is where they are done, acting for the client.
    `due` names the column with the last day for it, where there is one."""

    name: str  # in addresses: it must stay as it is
    label: Text
    words: Callable[[int], str]
    url: Callable[[], str]
    waiting: Callable[[], Iterable[Waiting]]
    due: str = ""


client_tasks: Registry[ClientTasks] = Registry(lambda entry: entry.name)


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody of an office did for a client, in the words in which the client reads it."""

    kind: str  # of the event
    words: Text


deeds: Registry[Deed] = Registry(lambda deed: deed.kind)
