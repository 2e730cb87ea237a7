"""Passwords that people brought from an insurer's former portal, from the day on which all have moved (rows 24, 38):
they are refused, or must be renewed once. A password chosen here is never asked to be renewed."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from remise.accounts.models import Account
from remise.core import clock
from remise.portals.models import OldPasswords, Portal


def refused_since(account: Account, portal: Portal | None) -> date | None:
    """The day from which this account's password of there opens nothing any more, once it has come."""
    if portal is None or portal.old_passwords != OldPasswords.REFUSED or not is_due(account, portal):
        return None
    return portal.moved_on


def is_unproven(account: Account, portal: Portal | None) -> bool:
    """Only another insurer says that this is the person: here the mailbox says it first, by a new password."""
    return account.vouched_by is not None and (portal is None or account.vouched_by != portal.id)


def is_due(account: Account, portal: Portal) -> bool:
    return account.old_password and portal.moved_on is not None and portal.moved_on <= clock.today(portal)


class AnotherOne:
    """Renewing takes another password than the one that is renewed."""

    def validate(self, password: str, user: Account | None = None) -> None:
        if user is not None and user.old_password and user.check_password(password):
            raise ValidationError(_("This is the password of the former portal. Choose another one."), code="same")

    def get_help_text(self) -> str:
        return ""
