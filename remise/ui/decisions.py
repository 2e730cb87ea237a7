"""A refusal as a page of help: who you are now, what is missing, who can give it, the one button."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from remise.core.words import Text
from remise.ui.shell import Link


@dataclass(frozen=True, slots=True)
class Refusal:
    """Drawn by `ui/parts/decision.html`. `post` makes the button a form."""

    title: Text
    text: Text = ""
    who: Text = ""
    missing: Text = ""
    granters: Sequence[str] = ()
    desk: Text = ""  # how to reach who helps where no colleague can be written to
    button: Link | None = None
    post: bool = False
    second: Link | None = None  # another button, posted too
    others: Sequence[Link] = ()
    code: str = ""  # under which it is explained, where somebody wrote why
