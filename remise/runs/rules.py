"""How long what a run holds is kept, in business time. The run itself, its counts and its verdicts stay: the ledger
keeps what was agreed, so that a file is only a copy and a row only a message."""

from django.utils.translation import gettext_lazy as _

from remise.portals.retention import Category

FILES = Category(
    "runs.files",
    label=_("Files to download"),
    lets_go=_("The file of an export. That it was made stays, and a new one shows how things are then."),
    days=7,
    source=_("Our own policy: a file is there to be fetched"),
)
ROWS = Category(
    "runs.rows",
    label=_("Lines that were sent in and refused"),
    lets_go=_("What a line said, and the words of its refusal. Its verdict stays."),
    days=30,
    source=_("Our own policy: the month in which a line can be mended and sent again"),
    least=28,
    why_least=_("A day may lie back 28 days: so long a refused line can be mended and sent again."),
)
# Real time: or the lines of what nobody went on with would wait for ever.
ABANDONED = Category(
    "runs.abandoned",
    label=_("Files that nobody went on with"),
    lets_go=_("What the lines said that were still waiting. That it was given up stays."),
    days=30,
    source=_("Our own policy: a month to come back to it"),
    least=7,
    why_least=_("Who pauses a file must be able to come back after a week off."),
)
