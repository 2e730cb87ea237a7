"""What becomes of a mandate is told to the other side by mail, in its reader's language. The office reads which
company it is and not who works there; the company reads which office."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from remise.core.actor import Actor, can
from remise.core.models import Event
from remise.core.rights import Right
from remise.core.words import Text
from remise.mandates.calendar import ENDING
from remise.mandates.models import Mandate
from remise.mandates.rights import ClientRight, MandateRight
from remise.mandates.rules import last_day_of
from remise.messages import letters
from remise.messages.letters import Letter
from remise.organisations.models import Membership, Organisation
from remise.organisations.readers import Reader, reader_of
from remise.organisations.rights import label_of, labels_of
from remise.portals.models import Portal
from remise.portals.requests import address_at, host_of
from remise.ui.formats import day, moment

MAIL = "mandate"
ACCEPTED, DECLINED, HANDED_BACK = "mandate.accepted", "mandate.declined", "mandate.handed_back"
ENDED, CHANGED = "mandate.ended", "mandate.changed"
WISHED, NOT_GIVEN = "mandate.wished", "mandate.wish_declined"

# Subject and first line, for the company that gave the mandate and for the office that has it.
TO_COMPANY: dict[str, tuple[Text, Text]] = {
    ACCEPTED: (
        gettext_lazy("%(office)s accepted your mandate"),
        gettext_lazy("%(office)s acts for %(company)s by it."),
    ),
    DECLINED: (gettext_lazy("%(office)s declined your mandate"), gettext_lazy("Nobody acts for %(company)s by it.")),
    HANDED_BACK: (
        gettext_lazy("%(office)s handed your mandate back"),
        gettext_lazy("%(office)s does not act for %(company)s by it any more."),
    ),
    WISHED: (
        gettext_lazy("%(office)s asks for one right more"),
        gettext_lazy(
            "%(office)s acts for %(company)s and asks for this right: %(right)s. On the page you say yes or no."
        ),
    ),
    ENDING: (
        gettext_lazy("%(office)s: your mandate ends soon"),
        gettext_lazy(
            "%(office)s acts for %(company)s up to and including the last day. To go on, choose a later one."
        ),
    ),
}
TO_OFFICE: dict[str, tuple[Text, Text]] = {
    ENDED: (
        gettext_lazy("%(company)s ended your mandate"),
        gettext_lazy("Your office does not act for %(company)s by it any more."),
    ),
    CHANGED: (
        gettext_lazy("%(company)s changed your mandate"),
        gettext_lazy("What stands here holds from now on. On the page you see where it holds and what is left out."),
    ),
    NOT_GIVEN: (
        gettext_lazy("%(company)s leaves your mandate as it is"),
        gettext_lazy("You asked for this right: %(right)s. It was not given. What stands here still holds."),
    ),
    ENDING: (
        gettext_lazy("Your mandate of %(company)s ends soon"),
        gettext_lazy(
            "Your office acts for %(company)s up to and including the last day. To go on, ask for a later one."
        ),
    ),
}
WITH_REASON = frozenset({HANDED_BACK, ENDED})
TOLD = tuple(dict.fromkeys((*TO_COMPANY, *TO_OFFICE)))


def tell(by: Actor, event: Event) -> None:
    """A subscriber: run again, the outbox knows that this event was told to this person."""
    mandate = Mandate.objects.filter(id=event.subject or 0, portal=by.in_portal).first()
    if mandate is None or (mandate.ended_at is not None and event.kind in {CHANGED, ENDING}):
        return
    portal = Portal.objects.get(id=by.in_portal)
    company = Organisation.objects.get(id=mandate.organisation).name
    if event.kind in TO_COMPANY:
        letter = partial(_to_company, event, mandate, portal, company)
        for reader in _of_company(by, event, mandate, portal):
            letters.tell(event, reader, letter, portal=portal, kind=MAIL)
    if event.kind in TO_OFFICE:
        letter = partial(_to_office, event, mandate, portal, company)
        for reader in _of_office(by, event, mandate, portal):
            letters.tell(event, reader, letter, portal=portal, kind=MAIL)


def _of_company(by: Actor, event: Event, mandate: Mandate, portal: Portal) -> Iterator[Reader]:
    return _readers(by, event, portal, mandate.organisation, mandate.given_by, MandateRight.MANAGE)


def _of_office(by: Actor, event: Event, mandate: Mandate, portal: Portal) -> Iterator[Reader]:
    if mandate.office_id is None or mandate.accepted_by is None:  # an offer: nobody's yet
        return iter(())
    return _readers(by, event, portal, mandate.office_id, mandate.accepted_by, ClientRight.MANAGE)


def _readers(by: Actor, event: Event, portal: Portal, company: int, first: int, right: Right) -> Iterator[Reader]:
    """Who gave it, or took it on, while still holding the right for that; else everybody there who holds it. Nobody
    is told of what one did oneself."""
    able = set(Membership.objects.holding(right, company).values_list("account", flat=True))
    for account in sorted(({first} if first in able else able) - {event.account}):
        reader = reader_of(by, account, organisation=company, portal=portal)
        if reader is not None and can(reader.actor, right):
            yield reader


def _to_company(event: Event, mandate: Mandate, portal: Portal, company: str) -> Letter:
    """Of an offer that was declined nobody says whose number or mailbox it went to."""
    office = mandate.office_name or capfirst(_("a person who works alone"))
    said = {"company": company, "office": mandate.addressed_to if event.kind == DECLINED else office}
    page = reverse("mandates:show", args=[mandate.id])
    return _letter(event, mandate, portal, TO_COMPANY[event.kind], said, page)


def _to_office(event: Event, mandate: Mandate, portal: Portal, company: str) -> Letter:
    page = reverse("clients:received")
    return _letter(event, mandate, portal, TO_OFFICE[event.kind], {"company": company}, page)


def _right_of(event: Event) -> str:
    return str(label_of((event.after or {}).get("right", "")))


def _letter(
    event: Event, mandate: Mandate, portal: Portal, words: tuple[Text, Text], said: dict[str, str], page: str
) -> Letter:
    subject, line = (str(text) % {**said, "right": _right_of(event)} for text in words)
    facts = {
        _("What for"): mandate.purpose,
        _("Rights"): ", ".join(str(label) for label in labels_of(mandate.rights)),
        _("First day"): day(mandate.starts),
        **_until(mandate),
    }
    return Letter(
        subject=subject,
        title=subject,
        lines=(line, *(f"{name}: {value}" for name, value in facts.items())),
        quote=mandate.why if event.kind in WITH_REASON else "",
        link=address_at(host_of(portal), page),
        link_label=_("Look at the mandate"),
    )


def _until(mandate: Mandate) -> dict[str, str]:
    """The last day that was agreed no longer holds once it is ended."""
    if mandate.ended_at:
        return {_("Ended"): moment(mandate.ended_at)}
    return {_("Last day"): _last_day(mandate.ends)}


def _last_day(ends: date | None) -> str:
    last = last_day_of(ends)
    return day(last) if last else _("none: until it is ended")
