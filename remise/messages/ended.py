"""Who no longer works for a company, or decides about rights there no more, reads it by mail: by whom, and what to do
if that is wrong. Of other companies nothing is said."""

from collections.abc import Callable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from remise.core import clock
from remise.core.actor import Actor
from remise.core.doors import rows
from remise.core.models import Event
from remise.messages import letters
from remise.messages.letters import Letter
from remise.organisations.models import Membership, Organisation
from remise.organisations.names import names_in
from remise.organisations.readers import Mailbox, reader_of
from remise.organisations.rights import OrganisationRight
from remise.portals.languages import spoken_of
from remise.portals.models import Portal
from remise.portals.requests import address_at, host_of
from remise.ui.formats import day

MAIL = "membership.ended"
ENDED, REVOKED = "membership.ended", "right.revoked"


def tell_ended(by: Actor, event: Event) -> None:
    """A subscriber. Who administered apart left both memberships: of that one is told. Who works there again by now
    is told nothing."""
    gone = _of_another(by, event)
    mailbox = rows("select address, language from mailbox_of_former(%s)", gone.id) if gone else []
    if gone is None or gone.as_administrator or not mailbox:
        return
    ((address, language),) = mailbox
    portal = Portal.objects.get(id=by.in_portal)
    write = _replaced if (event.after or {}).get("replaced_by") else _ended
    to = Mailbox(address, spoken_of(portal, language))
    _tell(event, to, lambda: write(_said(event, gone, portal)), portal)


def is_administering(said: Mapping[str, Any]) -> bool:
    """Of what an event says was taken back."""
    return bool(said.get("right") == OrganisationRight.MANAGE_USERS)


def tell_revoked(by: Actor, event: Event) -> None:
    """A subscriber. Who left, or has the right again by now, is told nothing of it."""
    colleague = _of_another(by, event)
    if colleague is None:
        return
    portal = Portal.objects.get(id=by.in_portal)
    reader = reader_of(by, colleague.account_id, organisation=colleague.organisation, portal=portal)
    if reader is None or (OrganisationRight.MANAGE_USERS, None) in reader.actor.grants:
        return
    _tell(event, reader, lambda: _revoked(_said(event, colleague, portal), portal), portal)


def _of_another(by: Actor, event: Event) -> Membership | None:
    """Whom it is about; None where they did it to themselves."""
    found = Membership.objects.filter(id=event.subject or 0, portal=by.in_portal).first()
    return None if found is None or found.account_id == event.account else found


def _said(event: Event, whom: Membership, portal: Portal) -> dict[str, str]:
    names = names_in(whom.organisation, [event.account])
    return {
        "company": Organisation.objects.get(id=whom.organisation).name,
        "portal": portal.name,
        "name": _("the insurer") if event.account is None else names[event.account],
        "day": day(clock.day_of(event.at)),
    }


def _ended(said: dict[str, str]) -> Letter:
    subject = _("You no longer work at %(company)s in %(portal)s") % said
    return Letter(
        subject=subject,
        title=subject,
        lines=(
            _("Your access was ended on %(day)s, by %(name)s. Nothing of %(company)s opens for you any more.") % said,
            _("Is this a mistake? Ask the administrator of your company to invite you, or call us."),
        ),
    )


def _replaced(said: dict[str, str]) -> Letter:
    subject = _("You work at %(company)s with another account now") % said
    return Letter(
        subject=subject,
        title=subject,
        lines=(
            _("%(company)s let you in with your new account on %(day)s. This one opens nothing there any more.")
            % said,
            _("Did you not ask for a new account? Tell the administrator of your company at once, or call us."),
        ),
    )


def _revoked(said: dict[str, str], portal: Portal) -> Letter:
    subject = _("You are no longer administrator of %(company)s") % said
    return Letter(
        subject=subject,
        title=subject,
        lines=(
            _("This right was taken back on %(day)s, by %(name)s. What else you may do there stays.") % said,
            _("Is this a mistake? Ask another administrator of %(company)s, or call us.") % said,
        ),
        link=address_at(host_of(portal), reverse("access:mine")),
        link_label=_("What may I do?"),
    )


def _tell(event: Event, to: Mailbox, write: Callable[[], Letter], portal: Portal) -> None:
    letters.tell(event, to, write, portal=portal, kind=MAIL, secret=True)  # it names a colleague
