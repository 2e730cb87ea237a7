"""A stranger sends an application. It is written down and answered with a mail; nothing is looked up, so that no
answer and no delay tells whether a number is anybody's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.limits import refusing
from remise.core.words import language_now
from remise.desk.rules import due_at, hours_of
from remise.onboarding import letters, rules
from remise.onboarding.models import Application
from remise.portals.models import Portal


@dataclass(frozen=True, slots=True)
class Sent:
    """What who sent it is told: a reference, and by when one hears."""

    reference: str
    due: datetime


@transaction.atomic
def apply(*, by: Actor, portal: Portal, kind: str, said: Mapping[str, str], key: str, place: str) -> Sent:
    """Write down what was sent, from a place as limits count it. Sent twice with one `key` it is one. Whoever sends
    it may not read it back: the reference follows from the key."""
    reference = rules.reference_of(f"{portal.id}:{key}", settings.SECRET_KEY)
    _take(said["email"], place)
    now = clock.now(by)
    dues = rules.CONTACT_DUE if kind == Application.Kind.CONTACT else rules.CHECK_DUE
    due = due_at(now, hours_of(dues, clock.today(by)), portal.week)
    sent = Sent(reference, due)
    row: dict[str, Any] = {
        "portal": portal.id,
        "kind": kind,
        "reference": reference,
        "language": language_now(),
        "asked_at": now,
        "due_at": due,
        "state": Application.State.OPEN,
        "verified": [],
        **dict.fromkeys(Application.PARTICULARS, ""),
        **{name: value for name, value in said.items() if name in Application.PARTICULARS},
    }
    if _insert(row):
        events.record("application.made", by=by, after={"kind": kind, "reference": reference})
        letters.receipt(portal, said["email"], kind, sent)
    return sent


def _take(address: str, place: str) -> None:
    """Counted before anything is judged, and whatever was sent."""
    with refusing(_("Those were many forms. Try again in %(minutes)s minutes, or call us.")):
        rules.BY_PLACE.take(place)
        rules.BY_ADDRESS.take(address.lower())


def _insert(row: Mapping[str, Any]) -> bool:
    columns = ", ".join(row)
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into onboarding_application ({columns}) values ({', '.join(['%s'] * len(row))})"  # noqa: S608
            " on conflict do nothing",
            list(row.values()),
        )
        return bool(cursor.rowcount)
