"""Laying down how long something is kept."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.errors import BrokenRule, NotVisible
from remise.core.keeping import words
from remise.portals.models import RetentionTerm
from remise.portals.retention import Category, categories
from remise.privacy.rights import require

LONGEST = 36_500  # days: a hundred years is a slip of the hand


@transaction.atomic
def set_term(*, by: Actor, category: str, days: int, starts: date, source: str) -> RetentionTerm:
    """From a day on, this many days. One that has begun stays as it was: the next one takes its place. Set again for
    the same day, the last word counts."""
    require(by)
    kind = categories.get(category)
    if kind is None:
        raise NotVisible(_("There is nothing here"))
    _days(kind, days)
    if starts < clock.today(by):
        raise BrokenRule(
            _("Choose today or a later day: what is past was kept as it was."), code="past", field="starts"
        )
    said = words(source, field="source", longest=200)
    term, _made = RetentionTerm.objects.update_or_create(
        portal_id=by.in_portal, category=category, starts=starts, defaults={"days": days, "source": said}
    )
    events.record(
        "retention.set",
        by=by,
        subject=("retention", term.id),
        after={"category": category, "days": days, "starts": starts.isoformat()},
    )
    return term


def _days(kind: Category, days: int) -> None:
    if days < kind.least:
        least = ngettext("Keep it for %(least)s day at least.", "Keep it for %(least)s days at least.", kind.least)
        said = f"{least % {'least': kind.least}} {kind.why_least}".strip()
        raise BrokenRule(said, code="too_short", field="days")
    if days > LONGEST:
        raise BrokenRule(_("That is more than a hundred years."), code="too_long", field="days")
