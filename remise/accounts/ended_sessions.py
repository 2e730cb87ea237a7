"""Why a session is over, for the browser that still carries its cookie, and for nobody else."""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum

from django.conf import settings
from django.contrib import messages
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from remise.accounts.sessions import SessionStore, stored

WHY = "why_ended"


class Why(StrEnum):
    PASSWORD = "password"  # noqa: S105  # a word for what was changed
    ADDRESS = "address"
    ELSEWHERE = "elsewhere"
    HELPED = "helped"


WORDS = {
    Why.PASSWORD: _(
        "You were signed out: your password was changed in another browser. Sign in with the new one. Was that not"
        " you? Then choose another one with “Forgotten your password?”."
    ),
    Why.ADDRESS: _("You were signed out: the address that you sign in with was changed in another browser."),
    Why.ELSEWHERE: _("You were signed out: this session was ended from another browser."),
    Why.HELPED: _("You were signed out everywhere by who gives rights in your company, or by the insurer's desk."),
}


def end(keys: Iterable[str], why: Why) -> int:
    """The sessions with these keys, as they are stored, are gone. Why stands beside them, under a key that follows
    from theirs: what is still under way in such a session brings nothing back. Gives how many were open."""
    found = Session.objects.filter(session_key__in=list(keys))
    ended = list(found.filter(expire_date__gt=timezone.now()).values_list("session_key", flat=True))
    found.delete()
    said = SessionStore().encode({WHY: str(why)})
    until = timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    Session.objects.bulk_create(
        Session(session_key=_beside(key), session_data=said, expire_date=until) for key in ended
    )
    return len(ended)


def say_why(request: HttpRequest) -> None:
    """Once, to who comes with the cookie of a session that was ended."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if not key or request.session.session_key is not None:
        return
    told = Session.objects.filter(session_key=_beside(stored(key)), expire_date__gt=timezone.now()).first()
    if told is not None:
        told.delete()
        messages.info(request, str(WORDS[Why(told.get_decoded()[WHY])]))


def _beside(key: str) -> str:
    return stored(f"ended {key}")
