"""What readers and the insurer's people do with articles. A vote and a remark are nobody's: no event is written of
them, for it would name the account."""

from datetime import timedelta

from django.db import connection, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.errors import BrokenRule, NotVisible
from remise.core.limits import Limit
from remise.help import articles
from remise.help.models import LONGEST_COMMENT, Comment, Vote
from remise.help.rights import HelpRight, require
from remise.help.rules import without_particulars

VOTES = Limit("help-vote", times=30, seconds=int(timedelta(minutes=10).total_seconds()))
REMARKS = Limit("help-remark", times=5, seconds=int(timedelta(minutes=10).total_seconds()))


def mark_of(reader: str, *, portal: int, article: str) -> str:
    """Who votes, for this article only: without the key of the installation nobody finds back whose it is."""
    return salted_hmac("remise.help.vote", f"{portal}:{article}:{reader}", algorithm="sha256").hexdigest()


@transaction.atomic
def vote(*, by: Actor, article: str, reader: str, helpful: bool, language: str) -> None:
    """Once for each reader; voting again replaces it."""
    _known(article)
    VOTES.take(reader)
    Vote.objects.bulk_create(
        [
            Vote(
                portal=by.in_portal,
                article=article,
                voter=mark_of(reader, portal=by.in_portal, article=article),
                language=language,
                helpful=helpful,
                at=clock.now(by),
            )
        ],
        update_conflicts=True,
        update_fields=["helpful", "language", "at"],
        unique_fields=["portal", "article", "voter"],
    )


@transaction.atomic
def remark(*, by: Actor, article: str, reader: str, text: str, language: str) -> None:
    """What was missing. Written without reading it back: who may leave one sees nobody's."""
    _known(article)
    kept = without_particulars(text)[:LONGEST_COMMENT]
    if not kept:
        raise BrokenRule(_("Say in a few words what was missing."), code="missing", field="text")
    REMARKS.take(reader)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into help_comment (portal, article, language, text, at) values (%s, %s, %s, %s, %s)",
            [by.in_portal, article, language, kept, clock.now(by)],
        )


@transaction.atomic
def settle(*, by: Actor, comment: int) -> Comment:
    """Dealt with: by a better article, or because it asked for none."""
    require(by, HelpRight.EDIT)
    found = Comment.objects.select_for_update().filter(portal=by.in_portal, id=comment).first()
    if found is None:
        raise NotVisible(_("There is nothing here"))
    if found.settled_at is None:
        found.settled_at, found.settled_by = clock.now(by), by.account
        found.save(update_fields=["settled_at", "settled_by"])
        events.record("help.remark_settled", by=by, subject=("help_comment", found.id))
    return found


def _known(article: str) -> None:
    if article not in articles.facts():
        raise NotVisible(_("There is nothing here"))
