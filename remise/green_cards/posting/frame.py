"""What posting puts in the menu and on the home page of the insurer's people."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from remise.core import clock
from remise.core.actor import Actor
from remise.core.registry import MenuEntry, Task
from remise.green_cards.posting import selectors
from remise.green_cards.posting.access import may_post
from remise.green_cards.posting.rights import PostingRight
from remise.ui.formats import number

MENU = MenuEntry(
    "posting:overview", gettext_lazy("Print and post"), "printer", (PostingRight.POST,), order=19, namespace="posting"
)


def tasks(by: Actor) -> Sequence[Task]:
    """By the day on which the first of them is to be posted."""
    if not may_post(by):
        return []
    found = selectors.counts(by)
    if not found.urgent:
        return []
    title = ngettext(
        "%(count)s shipment of green cards is to be posted today",
        "%(count)s shipments of green cards are to be posted today",
        found.urgent,
    )
    return [
        Task(
            due=clock.today(by),
            when=_("Too late") if found.late else _("today"),
            title=title % {"count": number(found.urgent)},
            text=_("One print file for all of them, with a sheet for each envelope."),
            url=reverse("posting:overview"),
            action=_("Print and post"),
            urgent=bool(found.late),
        )
    ]
