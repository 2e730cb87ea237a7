"""What can be drawn: rooms above add their kinds at start-up (`kinds.add`)."""

from collections.abc import Callable
from dataclasses import dataclass

from remise.core.actor import Actor
from remise.core.registry import Registry
from remise.documents.models import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentKind:
    """`template` is a Typst file that defines `draw(it)`, by its path in the house: "fleet/typst/receipt.typ". What
    was given as `snapshot` is `it.body`; all else of the document stands beside it (`drawing._data`).

    `check` raises NotVisible or Forbidden when this actor may not read this document of the own company.
    """

    name: str  # stored: it must stay as it is
    template: str
    check: Callable[[Actor, Document], None]
    sealed: bool = True
    # Longer than a page may: a job draws it (`ready=True` when it is drawn up), and the page waits for that.
    takes_long: Callable[[Document], bool] = lambda _document: False
    # Asked as the system just before it leaves the house by mail, which may be days after somebody wrote that mail.
    is_worth_sending: Callable[[Actor, Document], bool] = lambda _system, _document: True


kinds: Registry[DocumentKind] = Registry(lambda kind: kind.name)
