"""People who come from an insurer's former portal: told once how to come in, with or without the password they had.

A password comes as Django stores it, and only if this installation reads its kind (`OLD_PASSWORD_HASHERS`). It never
replaces one that was chosen here.
"""

from django.contrib.auth.hashers import identify_hasher
from django.db import transaction
from django.utils.translation import gettext as _

from remise.accounts.models import Moved
from remise.core import events
from remise.core.actor import Actor
from remise.core.doors import rows
from remise.core.errors import BrokenRule


@transaction.atomic
def move_in(*, by: Actor, account: int, old_password: str = "") -> bool:
    """Whether this is the first time that we hear of it: then the mail goes out, by an event."""
    if old_password:
        _require_readable(old_password)
        rows("select bring_password(%s, %s)", account, old_password)
    moved, is_new = Moved.objects.get_or_create(
        portal=by.in_portal, account_id=account, defaults={"brings_password": bool(old_password)}
    )
    if is_new:
        events.record("account.moved_in", by=by, subject=("moved", moved.pk), after={"account": account})
    return is_new


def _require_readable(stored: str) -> None:
    try:
        hasher = identify_hasher(stored)
        hasher.decode(stored)
    except Exception as error:  # of whatever a hasher makes of nonsense
        message = _("This is no password as Django stores it, or its kind is not switched on: OLD_PASSWORD_HASHERS.")
        raise BrokenRule(message, code="password_unreadable", field="old_password") from error
