"""Coupling an authenticator app, taking it away, and its recovery codes.

The library's own flows mail and tell after the commit, where no scope is open any more; these do it inside the
request's transaction, which an error undoes as a whole.
"""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, clear_totp_secret
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from remise.accounts import blocking, codes, devices, open_sessions, recovery_codes
from remise.accounts.assurance import assurance_of, coupled_at
from remise.accounts.journal import as_account, note
from remise.accounts.models import Account
from remise.core.actor import Assurance
from remise.core.errors import BrokenRule

TOTP_APP = Authenticator.Type.TOTP


def couple(request: HttpRequest, account: Account, *, secret: str, code: str) -> list[str]:
    """Couple an app that has just shown a valid code; it replaces the one there was. This session has proven its
    second factor with it. Gives the recovery codes that were made, to be shown now; none where some are left."""
    hold(account)
    if coupled_at(account.pk):  # perhaps since the page was opened
        require_both(request)
    open_sessions.rotate(request)
    Authenticator.objects.filter(user=account, type=TOTP_APP).delete()
    app = TOTP.activate(account, secret).instance
    codes.accept(app, code)
    made = [] if recovery_codes.left(account) else recovery_codes.make(account)
    clear_totp_secret(request)
    record_authentication(request, account, "mfa", id=app.pk, type=app.type)
    devices.remember(request, account)
    blocking.begin_anew(account.pk)
    note(request, "account.authenticator_coupled", account)
    _tell(request, account, messages.SUCCESS, "totp_activated")
    return made


def uncouple(request: HttpRequest, account: Account) -> None:
    """Take the app away and its recovery codes with it: every session is back at one factor."""
    hold(account)
    Authenticator.objects.filter(user=account).delete()
    note(request, "account.authenticator_removed", account)
    _tell(request, account, messages.INFO, "totp_deactivated")


def forget(request: HttpRequest, account: Account) -> None:
    """Take away what somebody coupled who never proved that the mailbox is theirs."""
    with as_account(request, account):
        gone, _kinds = Authenticator.objects.filter(user=account).delete()
    if gone:
        note(request, "account.authenticator_removed", account)


def renew_recovery_codes(request: HttpRequest, account: Account) -> list[str]:
    """Gives the new ones, to be shown now."""
    hold(account)
    require_both(request)
    made = recovery_codes.make(account)
    note(request, "account.recovery_codes_renewed", account)
    _tell(request, account, messages.SUCCESS, "recovery_codes_generated")
    return made


def hold(account: Account) -> None:
    """One change of an account's authenticators at a time; an account is held before what belongs to it."""
    Account.objects.select_for_update().get(pk=account.pk)


def require_both(request: HttpRequest) -> None:
    """Asked once the account is held: the app, and with it the strength of this session, may have gone while the
    request was under way. What was added then would stay behind beside the next app."""
    if assurance_of(request) < Assurance.TWO_FACTORS:
        raise BrokenRule(_("Your authenticator app was changed at this moment. Prove first that it is you."))


def _tell(request: HttpRequest, account: Account, level: int, what: str) -> None:
    adapter = get_adapter(request)
    adapter.add_message(request, level, f"mfa/messages/{what}.txt")
    adapter.send_notification_mail(f"mfa/email/{what}", account)
