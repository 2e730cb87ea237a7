"""The sessions of an account: how long they last, what their owner sees of them, and how they end."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.models import Session
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from remise.accounts import devices, ended_sessions
from remise.accounts.ended_sessions import Why
from remise.accounts.models import Account, OpenSession
from remise.accounts.places import caller_address, network_of
from remise.accounts.sessions import stored
from remise.accounts.user_agents import words_of
from remise.core.limits import Limit, TooOften
from remise.portals.requests import portal_of

BEGAN, SEEN = "began", "seen"  # in the session, in seconds
NOTED_EVERY = 300  # seconds: what is done in between writes nothing
TOLD = Limit("sessions.two_places", times=1, seconds=24 * 3600)


def begin(request: HttpRequest, account: Account) -> None:
    """Somebody signed in here."""
    request.session[BEGAN] = request.session[SEEN] = int(time.time())
    portal = portal_of(request)
    moment = timezone.now()
    OpenSession.objects.update_or_create(
        key=_key(request),
        defaults={
            "account": account,
            "at_portal": portal.id if portal else None,
            "device": words_of(request.headers.get("User-Agent", "")),
            "place": _place(request),
            "began_at": moment,
            "seen_at": _hour(moment),
        },
    )
    _warn_of_two_places(request, account)


def keep(request: HttpRequest) -> None:
    """Ended for who did nothing for a while, or began too long ago; else it is noted that it is used."""
    if SESSION_KEY not in request.session:
        ended_sessions.say_why(request)
        return
    now = int(time.time())
    began, seen = request.session.get(BEGAN), request.session.get(SEEN)
    if began is None or seen is None:  # begun by another door than the sign-in
        request.session[BEGAN] = request.session[SEEN] = now
        return
    if is_over(began, seen, now=now):
        forget(request)
        messages.info(request, _("You were signed out: nothing happened here for a while."))
        return
    if now - seen >= NOTED_EVERY:
        request.session[SEEN] = now
        if now // 3600 != seen // 3600:
            moved = OpenSession.objects.filter(key=_key(request)).update(seen_at=_hour(timezone.now()))
            if moved and isinstance(request.user, Account):
                _warn_of_two_places(request, request.user)


def is_over(began: int, seen: int, *, now: int) -> bool:
    idle, longest = settings.SESSION_IDLE, settings.SESSION_LONGEST
    return bool(now - seen > idle.total_seconds() or now - began > longest.total_seconds())


def forget(request: HttpRequest) -> None:
    """This session ends, and its line."""
    OpenSession.objects.filter(key=_key(request)).delete()
    request.session.flush()
    request.user = AnonymousUser()


def rotate(request: HttpRequest) -> None:
    """Another cookie for the same session, each time it is worth more: whoever had the old one has nothing."""
    with taking_along(request):
        request.session.cycle_key()


@contextmanager
def taking_along(request: HttpRequest) -> Iterator[None]:
    """Whatever gives this session another key: its line follows. The line is held, so that whoever ends the session
    at this moment finds the new key, or was first: what was ended gets none."""
    before = _key(request)
    OpenSession.objects.select_for_update().filter(key=before).first()
    if not request.session.exists(request.session.session_key or ""):
        raise SessionInterrupted("This session was ended from elsewhere")
    yield
    OpenSession.objects.filter(key=before).update(key=_key(request))


@dataclass(frozen=True, slots=True)
class Line:
    """One session, to be looked at: the hour is enough to know it again."""

    id: int
    device: str
    began_at: datetime
    seen_at: datetime
    is_this: bool


def lines(request: HttpRequest, account: Account) -> list[Line]:
    """Those that are still open, this one first. A session of before the last hour's silence is over as well."""
    own = _key(request)
    found = _open(account).order_by("-seen_at", "-began_at")
    told = [Line(one.pk, one.device, one.began_at, one.seen_at, one.key == own) for one in found]
    return sorted(told, key=lambda line: not line.is_this)


def is_in_two_places(account: Account) -> bool:
    """In this hour or the one before, from more than one network and device."""
    found = _open(account).filter(seen_at__gte=_hour(timezone.now()))
    return len(set(found.exclude(place="").values_list("place", flat=True))) > 1


def end(account: Account, number: int) -> bool:
    """One of one's own; False where there is none."""
    return bool(_end(OpenSession.objects.filter(account=account, pk=number), Why.ELSEWHERE))


def end_others(request: HttpRequest, account: Account, why: Why = Why.ELSEWHERE) -> None:
    _end(OpenSession.objects.filter(account=account).exclude(key=_key(request)), why)


def end_all(account: Account, why: Why = Why.ELSEWHERE) -> None:
    """Also this one; and no browser is known any more."""
    Account.objects.select_for_update().get(pk=account.pk)  # before what belongs to it
    _end(OpenSession.objects.filter(account=account), why)
    Account.objects.filter(pk=account.pk).update(trust=F("trust") + 1)
    account.refresh_from_db(fields=["trust"])


def tell_of_new_device(request: HttpRequest, account: Account) -> None:
    """By mail, unless the browser was known or the account never signed in before."""
    if not devices.known(request, account):
        said = {
            "device": words_of(request.headers.get("User-Agent", "")),
            "sessions_url": reverse("account_sessions"),
        }
        get_adapter(request).send_notification_mail("account/email/new_device", account, said)


def _end(found: QuerySet[OpenSession], why: Why) -> int:
    held = found.select_for_update().order_by("pk")  # as they are after whatever gives one another key
    ended_sessions.end(held.values_list("key", flat=True), why)
    return int(found.delete()[0])


def _open(account: Account) -> QuerySet[OpenSession]:
    """Whose session is still there and was used lately."""
    moment = timezone.now()
    recent = OpenSession.objects.filter(
        account=account,
        began_at__gt=moment - settings.SESSION_LONGEST,
        seen_at__gt=_hour(moment - settings.SESSION_IDLE) - timedelta(seconds=1),
    )
    return recent.filter(key__in=Session.objects.filter(expire_date__gt=moment).values("session_key"))


def _warn_of_two_places(request: HttpRequest, account: Account) -> None:
    if not is_in_two_places(account):
        return
    try:
        TOLD.take(account.pk)
    except TooOften:
        return
    said = {"sessions_url": reverse("account_sessions")}
    get_adapter(request).send_notification_mail("account/email/two_places", account, said)


def _key(request: HttpRequest) -> str:
    return stored(request.session.session_key or "")


def _place(request: HttpRequest) -> str:
    """Which network, as a keyed fingerprint: two can be told apart, and neither can be read."""
    network = network_of(caller_address(request))
    return salted_hmac("remise.accounts.place", network, algorithm="sha256").hexdigest()[:32] if network else ""


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
