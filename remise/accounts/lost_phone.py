"""Neither the app nor a recovery code: the way back in, on which four things have to go together.

The right password; somebody who knows the person and says so; a wait in which every mailbox can stop it; and the
right password again. Then the app is gone and a new one is coupled. Whoever still has the app and signs in with it,
stops it.
"""

from allauth.account.adapter import get_adapter
from django.core import signing
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from remise.accounts import second_factor
from remise.accounts.journal import note
from remise.accounts.models import Account, LostPhone
from remise.portals.requests import portal_of

SALT = "remise.accounts.lost_phone"


def open_one(account: int) -> LostPhone | None:
    return LostPhone.objects.filter(LostPhone.OPEN, account=account).first()


def ask(request: HttpRequest, account: Account) -> LostPhone | None:
    """By who has the right password; asking twice is asking once, also at two insurers. The mailbox is told at
    once."""
    portal = portal_of(request)
    if portal is None:
        return None
    Account.objects.select_for_update().get(pk=account.pk)
    found = open_one(account.pk)
    if found is None:
        found = LostPhone.objects.create(account=account, at_portal=portal.id, asked_at=timezone.now())
        note(request, "account.phone_lost", account)
        told = {"stop_url": stop_path(found.pk)}
        get_adapter(request).send_notification_mail("account/email/lost_phone_asked", account, told)
    return found


def settle(request: HttpRequest, account: Account) -> None:
    """The right password was given: once the wait is over, the app goes."""
    waiting = LostPhone.objects.filter(LostPhone.OPEN, account=account, due_at__lte=timezone.now())
    due = waiting.select_for_update().first()
    if due is None:
        return
    second_factor.forget(request, account)
    due.done_at = timezone.now()
    due.save(update_fields=["done_at"])
    get_adapter(request).send_notification_mail("mfa/email/totp_deactivated", account)


def stop(account: int) -> bool:
    """Nothing comes of it."""
    return bool(LostPhone.objects.filter(LostPhone.OPEN, account=account).update(stopped_at=timezone.now()))


def stop_path(lost_phone: int) -> str:
    return reverse("account_stop_lost_phone", args=[signing.Signer(salt=SALT).sign_object(lost_phone)])


def of_link(secret: str) -> LostPhone | None:
    """What a mailed link stops, as long as there is something to stop."""
    try:
        number = signing.Signer(salt=SALT).unsign_object(secret)
    except (signing.BadSignature, ValueError):
        return None
    return LostPhone.objects.filter(LostPhone.OPEN, pk=number).first()
