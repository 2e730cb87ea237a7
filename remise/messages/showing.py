"""The part of a page from which a document is mailed: what the mail says, its form, and what was mailed before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils import translation

from remise.core.actor import Actor
from remise.messages.actions import Subject
from remise.messages.forms import MailForm, Recipient
from remise.messages.letters import Letter
from remise.messages.selectors import Mailed, mailed_about
from remise.portals.languages import spoken
from remise.portals.models import Portal


@dataclass(frozen=True, slots=True)
class MailPart:
    url: str
    form: MailForm | None  # None where this actor may not mail it, or nobody can
    letters: Mapping[str, Letter]  # by language
    mailed: Sequence[Mailed]
    why_not: str = ""


def mail_part(
    by: Actor,
    portal: Portal,
    *,
    about: Subject,
    url: str,
    may: bool,
    letter: Callable[[], Letter],
    to: Recipient | None = None,
    form: MailForm | None = None,
    why_not: str = "",
) -> MailPart:
    """`letter` is asked in each of the portal's languages: the page shows the one that is chosen."""
    mailed = mailed_about(by, about)
    if not may or why_not:
        return MailPart(url, None, {}, mailed, why_not if may else "")
    written = {}
    for code in spoken(portal):
        with translation.override(code):
            written[code] = letter()
    return MailPart(url, form or MailForm(portal=portal, to=to), written, mailed)
