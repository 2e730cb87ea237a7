"""Who cannot sign in is told to who can help, by mail: in each company where the person works, at the insurer where
it happened. Whom its desk lets in stands on the desk's home page (organisations.frame)."""

from functools import partial

from django.utils.translation import gettext as _

from remise.core.actor import Actor
from remise.core.models import Event
from remise.messages import letters
from remise.messages.letters import Letter
from remise.organisations.locked_out.rules import Helper
from remise.organisations.locked_out.selectors import helper_for, page_of
from remise.organisations.models import Membership, Organisation
from remise.organisations.readers import reader_of
from remise.portals.models import Portal
from remise.portals.requests import address_at, host_of
from remise.ui.formats import moment

MAIL = "person.locked_out"
BLOCKED, PHONE_LOST = "account.blocked", "account.phone_lost"
TOLD = (BLOCKED, PHONE_LOST)


def tell(by: Actor, event: Event) -> None:
    """A subscriber: run again, the outbox knows that this event was told to this person. Who gives rights in two
    companies of the person reads it once: to help in one of them is to help."""
    portal = Portal.objects.get(id=by.in_portal)
    works = Membership.objects.filter(
        portal=by.in_portal, account=event.subject, state=Membership.State.ACTIVE
    ).order_by("id")
    for colleague in works:
        if helper_for(colleague) is Helper.ADMINISTRATOR:
            _tell_administrators(by, event, colleague, portal)


def _tell_administrators(by: Actor, event: Event, colleague: Membership, portal: Portal) -> None:
    company = Organisation.objects.get(id=colleague.organisation)
    letter = partial(_letter, event, colleague, company, portal)
    for administrator in Membership.objects.administrators(company.id).order_by("id"):
        reader = reader_of(by, administrator.account_id, organisation=company.id, portal=portal)
        if reader is not None:
            letters.tell(event, reader, letter, portal=portal, kind=MAIL, secret=True)  # it names a colleague


def _letter(event: Event, colleague: Membership, company: Organisation, portal: Portal) -> Letter:
    said = {"name": colleague.display_name, "company": company.name, "moment": moment(event.recorded_at)}
    if event.kind == BLOCKED:
        happened = _(
            "The account of %(name)s is blocked since %(moment)s: a wrong password was typed too often. Browsers that"
            " %(name)s used before still work, others do not."
        )
        help_them = _("On the page of %(name)s you lift that. Do it only after you have spoken to them.")
    else:
        happened = _("%(name)s said on %(moment)s that the phone is lost, and has no recovery code either.")
        help_them = _(
            "On the page of %(name)s you confirm it. Do it only after you have spoken to them: whoever knows the"
            " password could have asked."
        )
    return Letter(
        subject=_("%(name)s cannot sign in (%(company)s)") % said,
        title=_("%(name)s cannot sign in") % said,
        lines=(_("A colleague of yours at %(company)s needs your help.") % said, happened % said, help_them % said),
        link=address_at(host_of(portal), page_of(colleague.id)),
        link_label=_("Help %(name)s") % said,
    )
