"""What this room tells a person of what it keeps. A vote is nobody's: it is found by working out the person's own
mark for each article, and stays a count when the account is closed."""

from collections.abc import Iterable

from django.db import connection
from django.utils.translation import gettext_lazy as _

from remise.core.particulars import Section, Told, Untold, columns
from remise.help import articles
from remise.help.actions import mark_of
from remise.help.models import Vote
from remise.help.readers import account_as_reader


def _votes(account: int) -> Iterable[Told]:
    with connection.cursor() as cursor:
        cursor.execute("select scope_portal()")
        (portal,) = cursor.fetchone()
    reader = account_as_reader(account)
    marks = [mark_of(reader, portal=portal, article=slug) for slug in articles.facts()]
    return Vote.objects.filter(portal=portal, voter__in=marks).order_by("id").values("article", "helpful", "at")


VOTES = Section(
    "help.votes",
    _("Whether an article helped you"),
    {"article": _("Article"), "helpful": _("Helped"), "at": _("When")},
    _votes,
    columns("help_vote", "voter"),
)
UNTOLD = Untold(
    "desks and firms that help, as the insurer publishes them; and that a remark was dealt with, which is an event",
    columns("help_contact", "email", "phone", "names")
    | columns("help_partner", "name")
    | columns("help_comment", "settled_by"),
)
