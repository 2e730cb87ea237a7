"""Whoever holds the mailbox makes the account: the password is chosen behind the mailed link, and nowhere before it.

A stranger can ask for an account with anybody's address. So nothing that was there before the address was proven is
kept: no password, no authenticator app.
"""

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.http import HttpRequest

from remise.accounts import second_factor
from remise.accounts.models import Account


def prove_mailbox(request: HttpRequest, account: Account) -> bool:
    """Confirm the address of an account whose mailed link was used; False if that was done before."""
    Account.objects.select_for_update().get(pk=account.pk)  # one of two clicks at a time
    address = EmailAddress.objects.filter(user=account, email=account.email, verified=False).first()
    if address is None:
        return False
    second_factor.forget(request, account)
    return bool(get_adapter(request).confirm_email(request, address))


def waiting(email: str) -> EmailAddress | None:
    """The address of an account that was asked for and not made yet."""
    return EmailAddress.objects.filter(email=email.lower(), verified=False).select_related("user").first()
