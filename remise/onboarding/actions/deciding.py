"""What the desk does with an application. Two who decide at once meet at its lock: one does it, the other reads who
was faster."""

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.errors import BrokenRule, NotVisible
from remise.core.identifiers import KvkNumber
from remise.onboarding import letters
from remise.onboarding.actions import taking
from remise.onboarding.models import Application
from remise.onboarding.rules import require_verified
from remise.organisations import appointing
from remise.organisations.invitations.actions import Tell
from remise.organisations.models import Branch, Invitation, Organisation
from remise.organisations.names import names_in
from remise.organisations.relation_numbers import link_relation_number
from remise.portals.models import Portal

State = Application.State


@transaction.atomic
def take(*, by: Actor, application: int) -> Application:
    return taking.take(_open(by, application, *Application.Kind), by=by)


@transaction.atomic
def give_back(*, by: Actor, application: int) -> Application:
    return taking.give_back(_open(by, application, *Application.Kind), by=by)


@transaction.atomic
def admit(
    *,
    by: Actor,
    portal: Portal,
    application: int,
    name: str,
    kvk: KvkNumber,
    verified: list[str],
    relation_number: str | None = None,
    tell: Tell,
) -> Application:
    """The company becomes a customer here, and who registered it is invited as its administrator. With the relation
    number of its head office there is nothing to wait for on the first day."""
    asked = _held(by, application, Application.Kind.REGISTRATION)
    require_verified(verified)
    made = appointing.admit_company(
        by=by, kind=Organisation.Kind.COMPANY, name=name, kvk=kvk, contact_email=asked.email
    )
    if relation_number:
        office = Branch.objects.get(organisation=made.id)
        link_relation_number(by=by, organisation=made.id, branch=office.id, number=relation_number)
    return _invite(by, portal, asked, made.id, verified, tell)


@transaction.atomic
def appoint(
    *, by: Actor, portal: Portal, application: int, company: int, verified: list[str], tell: Tell
) -> Application:
    """Who was named is invited as administrator of the company that the desk says it is; that company is told, where
    another address of it is known."""
    asked = _held(by, application, *Application.APPOINTS)
    require_verified(verified)
    done = _invite(by, portal, asked, company, verified, tell)
    of = Organisation.objects.get(id=company)
    if of.contact_email.lower() not in {"", asked.email.lower()}:
        letters.appointed(portal, of.contact_email, of.name, asked.reference)
    return done


@transaction.atomic
def refuse(*, by: Actor, portal: Portal, application: int, reason: str) -> Application:
    """With a reason, which is mailed."""
    asked = _held(by, application, *Application.Kind)
    asked.answer = _words(reason)
    _decided(by, asked, State.REFUSED)
    letters.refused(portal, asked)
    return asked


@transaction.atomic
def close(*, by: Actor, application: int, said: str) -> Application:
    """Who asked to be contacted was: what was said stands there for colleagues."""
    asked = _held(by, application, Application.Kind.CONTACT)
    asked.answer = _words(said)
    _decided(by, asked, State.CLOSED)
    return asked


@transaction.atomic
def invite_again(*, by: Actor, portal: Portal, application: int, tell: Tell) -> Invitation:
    """The mail was lost or the link expired."""
    appointing.require_intake(by)
    asked = Application.objects.filter(id=application, portal=by.in_portal, state=State.APPROVED).first()
    if asked is None or asked.invitation is None:
        raise NotVisible(_("There is nothing here"))
    with translation.override(asked.language):
        return appointing.invite_again(by=by, invitation=asked.invitation, days=portal.invitation_days, tell=tell)


def _invite(
    by: Actor, portal: Portal, asked: Application, company: int, verified: list[str], tell: Tell
) -> Application:
    with translation.override(asked.language):
        invitation = appointing.invite_administrator(
            by=by,
            organisation=company,
            email=asked.email,
            name=asked.person or asked.company_name,
            days=portal.invitation_days,
            tell=tell,
        )
    asked.company, asked.invitation, asked.verified = company, invitation.id, verified
    _decided(by, asked, State.APPROVED)
    return asked


def _held(by: Actor, number: int, *kinds: str) -> Application:
    """Locked, and no colleague's."""
    found = _open(by, number, *kinds)
    taking.require_nobody_else(found, by=by)
    return found


def _open(by: Actor, number: int, *kinds: str) -> Application:
    """Locked; open, and of a kind for which this is an answer."""
    appointing.require_intake(by)
    here = Application.objects.select_for_update(no_key=True).filter(portal=by.in_portal, kind__in=kinds)
    found = here.filter(id=number).first()
    if found is None:
        raise NotVisible(_("There is nothing here"))
    if not found.is_open:
        name = names_in(by.organisation, [found.decided_by]).get(found.decided_by or 0, "")
        said = {"outcome": str(State(found.state).label).lower(), "name": name}
        raise BrokenRule(_("This was answered already: %(outcome)s, by %(name)s.") % said, code="answered")
    return found


def _words(text: str) -> str:
    words = text.strip()
    if not words:
        raise BrokenRule(_("Give the reason: the applicant reads it."), code="reason_missing", field="reason")
    return words


def _decided(by: Actor, asked: Application, state: Application.State) -> None:
    asked.state, asked.decided_by, asked.decided_at = state, by.account, clock.now(by)
    asked.assignee = by.account
    asked.save()
    after = {"kind": asked.kind, "company": asked.company, "verified": asked.verified}
    events.record(f"application.{state}", by=by, subject=(Application.SUBJECT, asked.id), after=after)
