"""Who lets whom in again, and how the insurer's desk knows whom it helps. Pure."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Helper(StrEnum):
    """Whose matter it is."""

    ADMINISTRATOR = "administrator"
    DESK = "desk"


class Verified(models.TextChoices):
    """How the desk made sure whom it speaks: never by what comes in with the request itself (NIST SP 800-63B, on
    recovery with the help of a person)."""

    CALLED_BACK = "called_back", _("Called back on the number that we had already")
    IN_PERSON = "in_person", _("Seen in person, with an identity document")
    COLLEAGUE = "colleague", _("Another administrator of the company vouches, called back on the number that we had")


def helper_of(*, is_administrator: bool, has_administrator: bool) -> Helper:
    """A colleague is let in by the administrator; an administrator by the desk, for two of them who let each other in
    would be one key to both doors. Where nobody gives rights in the company, there is only the desk."""
    return Helper.DESK if is_administrator or not has_administrator else Helper.ADMINISTRATOR
