"""Who comes from a former portal is told once how to come in here: with the password of there, or by choosing one."""

from allauth.account.models import EmailAddress, get_emailconfirmation_model
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from remise.accounts.models import Moved
from remise.core import clock
from remise.core.actor import Actor
from remise.core.doors import rows
from remise.core.models import Event
from remise.messages import letters
from remise.messages.letters import Letter
from remise.portals.languages import spoken_of
from remise.portals.models import OldPasswords, Portal
from remise.portals.requests import address_at, host_of
from remise.ui.formats import day

EVENT = "account.moved_in"
MAIL = "account.moved_in"


def tell(by: Actor, event: Event) -> None:
    """A subscriber: run again, the outbox knows that this was told. Who left meanwhile is told nothing."""
    moved = Moved.objects.filter(id=event.subject or 0, portal=by.in_portal).first()
    mailbox = rows("select address, language from mailbox_of(%s)", moved.account_id) if moved else []
    if moved is None or not mailbox:
        return
    ((address, language),) = mailbox
    portal = Portal.objects.get(id=by.in_portal)
    with translation.override(spoken_of(portal, language)):
        letter, is_key = _letter(by, moved, portal, address)
        letters.post(letter, portal=portal, kind=MAIL, recipient=address, event=event.id, secret=is_key)


def _letter(by: Actor, moved: Moved, portal: Portal, address: str) -> tuple[Letter, bool]:
    """With the activation link only for an account that nobody has opened: whoever has one signs in. And whether
    there is one: such a mail is kept no longer than until it has gone."""
    ((unproven,),) = rows("select unproven_address(%s)", moved.account_id)
    said = {"portal": portal.name, "address": address}
    lines = [_("From now on you sign in at %(portal)s with your e-mail address: %(address)s.") % said]
    if unproven is not None:
        key = get_emailconfirmation_model().create(EmailAddress(pk=unproven, email=address)).key
        opening = Letter(
            subject=_("Choose your password for %(portal)s") % said,
            title=_("Your account at %(portal)s") % said,
            lines=[*lines, _("Choose a password behind this link. It works once, for three days.")],
            link=address_at(host_of(portal), reverse("account_confirm_email", args=[key])),
            link_label=_("Choose a password"),
        )
        return opening, True
    if moved.brings_password:
        lines += [_old_password(by, portal), _("The user name that you had before works no more.")]
    signing_in = Letter(
        subject=_("How you sign in at %(portal)s") % said,
        title=_("Your account at %(portal)s") % said,
        lines=lines,
        link=address_at(host_of(portal), reverse("account_login")),
        link_label=_("Sign in"),
    )
    return signing_in, False


def _old_password(by: Actor, portal: Portal) -> str:
    """What becomes of the password of the former portal, and when."""
    if portal.moved_on is None:
        return _("The password that you had before works here too.")
    said = {"day": day(portal.moved_on)}
    if portal.moved_on <= clock.today(by):
        if portal.old_passwords == OldPasswords.REFUSED:
            return _("The password that you had before works no more: choose a new one.")
        return _("The password that you had before works once more: then you choose a new one.")
    if portal.old_passwords == OldPasswords.REFUSED:
        return _("The password that you had before works until %(day)s. From that day on it does not.") % said
    return _("The password that you had before works. From %(day)s on you choose a new one, once.") % said
