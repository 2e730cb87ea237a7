"""Keeping an insurer's books: a row is made, brought up to date, or left as it is where nothing changes.

What keeps them acts for the whole portal and not for one company; it holds the right for it, like anybody else.
"""

import unicodedata
from collections.abc import Mapping
from enum import StrEnum

from django.db.models import Model
from django.utils.translation import gettext as _

from remise.core import rights
from remise.core.actor import Actor, Assurance
from remise.core.errors import BrokenRule, Forbidden
from remise.core.identifiers import number_key
from remise.core.rights import Right
from remise.core.scope import ActorKind


class Kept(StrEnum):
    """What an action that keeps a row did."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"


def require_keeper(by: Actor, right: Right) -> int:
    """The portal whose books are kept, for the system that holds this right."""
    if by.assurance < Assurance.TWO_FACTORS:
        raise Forbidden(rights.SECOND_FACTOR)
    if by.kind is not ActorKind.SYSTEM or by.portal is None or (right, None) not in by.grants:
        raise Forbidden(rights.missing(right))
    return by.portal


def settle(row: Model, wanted: Mapping[str, object]) -> list[str]:
    """Store what differs; the names of the fields that did."""
    changed = [name for name, value in wanted.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, wanted[name])
    if changed:
        row.save(update_fields=changed)
    return changed


def words(text: str, *, field: str, longest: int) -> str:
    """A name as a person wrote it: something, short enough, and nothing that no screen shows."""
    name = text.strip()
    if not name:
        raise BrokenRule(_("A name is missing."), code="name_missing", field=field)
    if len(name) > longest:
        message = _("This name is too long: it has %(length)s characters, and %(longest)s fit.")
        raise BrokenRule(message % {"length": len(name), "longest": longest}, code="name_too_long", field=field)
    if not showable(name):
        raise BrokenRule(_("This name holds characters that no screen shows."), code="name_unreadable", field=field)
    return name


def code(text: str | None, *, field: str, longest: int) -> str | None:
    """A number of the insurer's own making: letters, digits and signs without spaces; None where there is none."""
    number = (text or "").strip()
    if not number:
        return None
    if (
        len(number) > longest
        or not number_key(number)
        or any(char.isspace() or not char.isprintable() for char in number)
    ):
        message = _("A number like this has no spaces and at most %(longest)s characters.")
        raise BrokenRule(message % {"longest": longest}, code="number_unreadable", field=field)
    return number


def showable(text: str) -> bool:
    """Ends of lines and tabs are, other control characters and halves of characters are not."""
    return not any(unicodedata.category(char) in {"Cc", "Cs"} and char not in "\n\t" for char in text)
