"""Letting go of whom mails went to and what they said."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from remise.core.actor import Actor
from remise.core.doors import rows
from remise.core.models import Event
from remise.core.scope import enter
from remise.messages.models import Mail, Mailing
from remise.messages.rules import MAILS, SECRETS
from remise.portals import holds, retention

TOGETHER = 500  # mails emptied in one transaction


def forget_old(system: Actor) -> None:
    """Once nobody needs to know any more. What waits for days, and so has no job any more, is given up."""
    now = timezone.now()
    with enter(system.scope):
        links_work = now - retention.kept(system, SECRETS)
        waiting = Mail.objects.filter(portal=system.in_portal, state=Mail.State.WAITING, written_at__lt=links_work)
        waiting.update(state=Mail.State.GIVEN_UP, fault="too_late", settled_at=now)
        secrets = Q(secret=True, written_at__lt=links_work)
        mails = Q(secret=False, settled_at__lt=now - retention.kept(system, MAILS))
    for category, old in ((SECRETS, secrets), (MAILS, mails)):
        gone = 0
        while some := _let_go(system, old):
            gone += some
        with enter(system.scope):
            left = _kept(system, old).filter(_held(system)).count()
            retention.note(system, category, gone=gone, held=left)


def _let_go(system: Actor, old: Q) -> int:
    with enter(system.scope):
        found = _kept(system, old).exclude(_held(system))
        some = list(found.select_for_update(skip_locked=True, of=("self",))[:TOGETHER])
        for row in some:
            emptied(row)
            row.save()
    return len(some)


def _kept(system: Actor, old: Q) -> QuerySet[Mail]:
    return Mail.objects.filter(old, portal=system.in_portal, forgotten_at__isnull=True)


def _held(system: Actor) -> Q:
    """Mails to who is held or works for a company that is, and what was mailed from its pages or tells of it."""
    held = holds.held(system)
    if not held:
        return Q(pk__in=())
    people = dict(rows("select account, address from addresses_held()"))
    mailed = Mailing.objects.filter(mail=OuterRef("reference")).filter(held.rows(accounts=("account",)))
    told = Event.objects.filter(id=OuterRef("event")).filter(held.rows(accounts=("account",)))
    theirs = Mail.objects.alias(to=Lower("recipient")).filter(Q(account__in=people) | Q(to__in=people.values()))
    return Q(pk__in=theirs.values("pk")) | Q(Exists(mailed)) | Q(Exists(told))


def emptied(row: Mail) -> None:
    """Of a mail stays that there was one."""
    row.recipient = row.subject = row.text = row.html = ""
    row.forgotten_at = timezone.now()
