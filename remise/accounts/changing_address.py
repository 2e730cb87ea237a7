"""Another e-mail address: nothing changes until the new mailbox has said so.

What is asked stands in no row: the link that is mailed to the new address holds it, signed, and is void as soon as
the address, the password or the trust of the account is another one. So it works once, and a change of password stops
it.
"""

from dataclasses import dataclass
from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.core import signing
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.urls import reverse

from remise.accounts import devices, open_sessions
from remise.accounts.ended_sessions import Why
from remise.accounts.journal import at_the_door, note
from remise.accounts.models import Account

SALT = "remise.accounts.changing_address"
GOOD_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Change:
    account: Account
    email: str


def ask(request: HttpRequest, account: Account, email: str) -> None:
    """Mail the link to the new address and word of it to the old one. Whether the new one has an account already is
    told to its mailbox only."""
    adapter = get_adapter(request)
    email = email.lower()
    with at_the_door(request):
        is_taken = Account.objects.filter(email=email).exists() or _taken(email)
    if is_taken:
        adapter.send_mail("account/email/address_taken", email, {"sign_in_url": reverse("account_login")})
    else:
        secret = signing.dumps([account.pk, email, _mark(account)], salt=SALT, compress=True)
        link = reverse("account_confirm_address", args=[secret])
        adapter.send_mail("account/email/address_confirm", email, {"confirm_url": link, "old": account.email})
    adapter.send_notification_mail("account/email/address_asked", account, email=account.email)
    note(request, "account.address_asked", account)


def of_link(secret: str) -> Change | None:
    """What a mailed link changes; None where it is too old, was used or was never ours."""
    try:
        number, email, mark = signing.loads(secret, salt=SALT, max_age=GOOD_FOR)
    except (signing.BadSignature, ValueError):
        return None
    account = Account.objects.filter(pk=number, is_active=True).first()
    if account is None or mark != _mark(account) or _taken(email):
        return None
    return Change(account, email)


def confirm(request: HttpRequest, change: Change) -> bool:
    """From now on one signs in with the new address; sessions elsewhere end. False where another click was first."""
    account = Account.objects.select_for_update().get(pk=change.account.pk)
    if _mark(account) != _mark(change.account):
        return False
    old = account.email
    try:
        with transaction.atomic():
            account.email, account.vouched_by = change.email, None
            account.save(update_fields=["email", "vouched_by"])
            EmailAddress.objects.filter(user=account).delete()
            EmailAddress.objects.create(user=account, email=change.email, verified=True, primary=True)
    except IntegrityError:  # somebody made an account with it meanwhile
        return False
    if request.user == account:
        open_sessions.end_others(request, account, Why.ADDRESS)
    else:
        open_sessions.end_all(account, Why.ADDRESS)
    note(request, "account.address_changed", account)
    adapter = get_adapter(request)
    for address in (old, change.email):
        adapter.send_notification_mail("account/email/address_changed", account, {"new": change.email}, email=address)
    return True


def _taken(email: str) -> bool:
    return bool(EmailAddress.objects.filter(email=email, verified=True).exists())


def _mark(account: Account) -> str:
    """Of the account as it is: another one after any of these changed."""
    return devices.fingerprint(account, f"address:{account.email}")
