"""What is mailed: to who asked, whatever was typed, nothing but what is ours to say. Words that a stranger typed go
in no mail, for the address may be anybody's."""

from datetime import datetime
from typing import Protocol

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from remise.messages import letters
from remise.messages.letters import Letter
from remise.onboarding.models import Application, LinkCase
from remise.portals.languages import spoken
from remise.portals.models import Portal
from remise.portals.requests import address_at, host_of
from remise.ui.formats import day, moment

KIND = "onboarding"


class Receipt(Protocol):
    @property
    def reference(self) -> str: ...
    @property
    def due(self) -> datetime: ...


def receipt(portal: Portal, recipient: str, kind: str, sent: Receipt) -> None:
    """In the language of the page."""
    said = {"reference": sent.reference, "due": moment(sent.due), "desk": portal.desk_name}
    if kind == Application.Kind.CONTACT:
        promise = _("%(desk)s contacts you by %(due)s at the latest.") % said
    else:
        promise = _("%(desk)s checks what you sent, and answers by %(due)s at the latest.") % said
    _post(
        portal,
        recipient,
        Letter(
            subject=_("We received your question: %(reference)s") % said,
            title=_("Your reference is %(reference)s") % said,
            lines=(
                _("We received your question."),
                promise,
                _("Did you not send this? Then somebody mistyped an address, and you need not do anything."),
            ),
        ),
    )


def refused(portal: Portal, application: Application) -> None:
    """With the desk's reason, in the language in which it was asked."""
    with translation.override(application.language):
        said = {"reference": application.reference, "desk": portal.desk_name}
        _post(
            portal,
            application.email,
            Letter(
                subject=_("About your question %(reference)s") % said,
                title=_("We cannot do what you asked"),
                lines=(_("%(desk)s looked at your question %(reference)s and did not do it. The reason:") % said,),
                quote=application.answer,
            ),
        )


def appointed(portal: Portal, recipient: str, company: str, reference: str) -> None:
    """To the address that the insurer has for a company, in the portal's own language: whoever asked is to be its
    administrator. Who that is, the desk says to who calls."""
    with translation.override(spoken(portal)[0]):
        said = {"company": company, "reference": reference, "desk": portal.desk_name, "portal": portal.name}
        _post(
            portal,
            recipient,
            Letter(
                subject=_("An administrator of %(company)s is invited: %(reference)s") % said,
                title=_("An administrator of %(company)s is invited") % said,
                lines=(
                    _("%(desk)s was asked for it, made sure who asked, and mailed that person an invitation.") % said,
                    _("An administrator decides who may do what for %(company)s at %(portal)s.") % said,
                    _("Did nobody of you ask for this? Call us at once, and say %(reference)s.") % said,
                ),
            ),
        )


def wanted(portal: Portal, recipient: str, case: LinkCase, company: str) -> None:
    """To who decides about rights in the company."""
    said = {"company": company, "day": day(case.expires_at.date())}
    _post(
        portal,
        recipient,
        Letter(
            subject=_("Somebody asks to work for %(company)s") % said,
            title=_("Somebody asks to work for %(company)s") % said,
            lines=(
                _("The name and the confirmed address stand on the page. Say yes only to somebody whom you know."),
                _("You can answer until %(day)s.") % said,
            ),
            link=_page(portal, "links:inbox"),
            link_label=_("Look who asks"),
        ),
    )


def linked(portal: Portal, recipient: str, company: str) -> None:
    _post(
        portal,
        recipient,
        Letter(
            subject=_("You work for %(company)s now") % {"company": company},
            title=_("You work for %(company)s now") % {"company": company},
            lines=(_("Your account is linked. Sign in to begin; choose the company at the top."),),
            link=_page(portal, "home"),
            link_label=_("Open the portal"),
        ),
    )


def not_linked(portal: Portal, recipient: str, *, answer: str, declined: bool) -> None:
    line = _("The company said no to your request.") if declined else _("Nobody answered your request in time.")
    _post(
        portal,
        recipient,
        Letter(
            subject=_("Your request to join a company"),
            title=_("Your account was not linked"),
            lines=(line, _("Is this a mistake? Ask the administrator of your company to invite you, or call us.")),
            quote=answer,
            link=_page(portal, "links:ask"),
            link_label=_("Open your requests"),
        ),
    )


def _page(portal: Portal, name: str) -> str:
    return address_at(host_of(portal), reverse(name))


def _post(portal: Portal, recipient: str, letter: Letter) -> None:
    letters.post(letter, portal=portal, kind=KIND, recipient=recipient)
