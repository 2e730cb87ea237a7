"""Whoever holds the mailbox makes the account: the password is chosen behind the mailed link, and nowhere before it.

A stranger can ask for an account with anybody's address. So nothing that was there before the address was proven is
kept: no password, no authenticator app.
"""

from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from remise.accounts import second_factor
from remise.accounts.journal import note
from remise.accounts.models import Account, Person

JUST_MADE = "just_made"  # in the session: the address of the account that was made in this browser


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


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What somebody tells of oneself to make one; the password as it is stored."""

    email: str
    password: str
    given_name: str
    infix: str
    surname: str
    phone: str
    language: str


def make_account(request: HttpRequest, new: NewAccount) -> Account | None:
    """The account of who has shown a secret that was mailed to this address; None where it was made before, by the
    first of two clicks or long ago. One that was only asked for is made now, without what stood there before."""
    email = new.email.lower()
    try:
        with transaction.atomic():
            Account.objects.get_or_create(email=email, defaults={"password": "!"})
    except IntegrityError:  # somebody else's sign-up with this address came in between
        return None
    account = Account.objects.select_for_update().get(email=email)
    if account.has_usable_password():
        return None
    second_factor.forget(request, account)
    account.password, account.language = new.password, new.language
    account.save(update_fields=["password", "language"])
    EmailAddress.objects.update_or_create(user=account, email=email, defaults={"verified": True, "primary": True})
    if not Person.objects.filter(account=account).exists():
        Person.objects.create(
            account=account,
            given_name=new.given_name,
            infix=new.infix,
            surname=new.surname,
            phone=new.phone,
        )
    note(request, "account.confirmed", account)
    return account
