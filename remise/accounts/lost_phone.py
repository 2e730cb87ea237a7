"""Neither the app nor a recovery code: the way back in, on which four things have to go together.

The right password; somebody who knows the person and says so; a wait in which every mailbox can stop it; and the
right password again. Then the app is gone and a new one is coupled. Whoever shows to hold both factors meanwhile
(signs in, or changes the password, the address or the app) stops it. The mailbox alone, by a new password, stops
nothing and brings nothing nearer: the wait begins anew.
"""

from allauth.account.adapter import get_adapter
from django.core import signing
from django.db.models import F
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from remise.accounts import second_factor
from remise.accounts.assurance import assurance_of
from remise.accounts.journal import note
from remise.accounts.models import Account, LostPhone
from remise.core.actor import Assurance
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
        _tell(request, found, account.email)
    return found


def tell_new_mailbox(request: HttpRequest, account: int, email: str) -> None:
    """It can stop it, as the old one can."""
    found = open_one(account)
    if found is not None:
        _tell(request, found, email)


def settle(request: HttpRequest, account: Account) -> None:
    """The right password was given: once the wait is over, the app goes."""
    waiting = LostPhone.objects.filter(LostPhone.OPEN, account=account, due_at__lte=timezone.now())
    if not waiting.exists():
        return
    second_factor.hold(account)
    due = waiting.select_for_update().first()
    if due is None:
        return
    second_factor.forget(request, account)
    due.done_at = timezone.now()
    due.save(update_fields=["done_at"])
    get_adapter(request).send_notification_mail("mfa/email/totp_deactivated", account)


def stop(request: HttpRequest, account: Account) -> None:
    """Nothing comes of it."""
    if LostPhone.objects.filter(LostPhone.OPEN, account=account).update(stopped_at=timezone.now()):
        note(request, "account.phone_lost_stopped", account)


def stop_by_both_factors(request: HttpRequest, account: Account) -> None:
    """Where this session has proven both."""
    if assurance_of(request) is Assurance.TWO_FACTORS:
        stop(request, account)


def begin_anew(account: int) -> None:
    """The mailbox alone chose another password: whom somebody vouched for may be another than who chose it."""
    waiting = LostPhone.objects.filter(LostPhone.OPEN, account=account, due_at__isnull=False)
    waiting.update(due_at=timezone.now() + (F("due_at") - F("confirmed_at")), confirmed_at=timezone.now())


def stop_path(lost_phone: int) -> str:
    return reverse("account_stop_lost_phone", args=[signing.Signer(salt=SALT).sign_object(lost_phone)])


def _tell(request: HttpRequest, asked: LostPhone, email: str) -> None:
    told = {"stop_url": stop_path(asked.pk)}
    get_adapter(request).send_notification_mail("account/email/lost_phone_asked", asked.account, told, email=email)


def of_link(secret: str) -> LostPhone | None:
    """What a mailed link stops, as long as there is something to stop."""
    try:
        number = signing.Signer(salt=SALT).unsign_object(secret)
    except (signing.BadSignature, ValueError):
        return None
    return LostPhone.objects.filter(LostPhone.OPEN, pk=number).first()
