"""Asking to work for a company by one of its numbers, and the answer.

Who asks is told the same whatever was typed: the request is written down and a job looks it up. A number identifies a
company and authorises nobody; somebody of the company says yes, or the insurer's desk where nobody there can.
"""

from datetime import timedelta
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.doors import rows
from remise.core.errors import BrokenRule, NotVisible
from remise.core.identifiers import number_key
from remise.core.keeping import words
from remise.core.limits import TooOften, refusing
from remise.core.models import Event
from remise.core.scope import ActorKind
from remise.desk.rules import due_at, hours_of
from remise.onboarding import book, letters, retention, rules, selectors
from remise.onboarding.actions import taking
from remise.onboarding.models import LinkCase, LinkRequest, LinkState
from remise.organisations import actions, appointing
from remise.organisations.models import Membership, Organisation
from remise.organisations.moves import hold_account, locked_people
from remise.portals.languages import spoken_of
from remise.portals.models import Portal


@transaction.atomic
def ask(
    *, by: Actor, portal: Portal, number_of: str, number: str, name: str, had_account: bool, place: str
) -> LinkRequest:
    """Write it down. Asking twice is asking once. No event: where one works already, it is nobody's matter. The
    `name` is for who answers: an address alone does not say who it is."""
    from remise.onboarding.tasks import look_up

    assert by.account is not None
    with refusing(_("Those were many numbers. Try again in %(minutes)s minutes, or call us.")):
        rules.LINKS_BY_PLACE.take(place)
        rules.BY_ACCOUNT.take(by.account)
    now = clock.now(by)
    asked = LinkRequest(
        portal=portal.id,
        account_id=by.account,
        by=number_of,
        number=number,
        name=words(name, field="name", longest=rules.LONGEST_NAME),
        had_account=had_account,
        asked_at=now,
        expires_at=now + timedelta(days=portal.link_request_days),
    )
    try:
        with transaction.atomic():
            asked.save()
    except IntegrityError as error:
        if "onboarding_linkrequest_once" not in str(error):
            raise
        same = {"portal": portal.id, "by": number_of, "number_key": number_key(number), "state": LinkState.OPEN}
        return LinkRequest.objects.get(account=by.account, **same)
    look_up.defer(portal.id, request=asked.id)
    return asked


@transaction.atomic
def withdraw(*, by: Actor, request: int) -> None:
    """By who asked, as long as it waits; done again it is done. Alike for every number: where there is a company it
    reads so in the same step, and what it answered a moment ago stands."""
    # Whatever number an address holds: no function takes one that no column could.
    own = LinkRequest.objects.filter(id=request, account=by.account, portal=by.in_portal)
    found = rows("select * from link_withdraw(%s)", request) if own.exists() else []
    if not found:
        raise NotVisible(_("This request does not exist."))
    if found != [(LinkState.WITHDRAWN,)]:
        raise BrokenRule(_("This request is over already. You get a mail with the answer."), code="answered")


@transaction.atomic
def look_up(*, by: Actor, request: int) -> None:
    """For the system: whose number it is, and who answers. What is nobody's stays open until its time is over."""
    here = LinkRequest.objects.filter(id=request, portal=by.in_portal, looked_up_at=None)
    hold_account(here.values_list("account", flat=True).first())
    asked = here.select_for_update().first()
    if asked is None or asked.state != LinkState.OPEN:
        return
    asked.looked_up_at = clock.now(by)
    asked.save(update_fields=["looked_up_at"])
    find = book.company_of_kvk if asked.by == LinkRequest.By.KVK else book.company_of_policy
    found = find(by.in_portal, asked.number)
    asker = _asker(asked.id)
    if found is None or asker is None:
        return
    # Whoever asks for the same company waits here, so that there is one first account and one case.
    company = Organisation.objects.select_for_update(no_key=True).get(id=found)
    works = Membership.objects.filter(
        organisation=found, account=asked.account_id, state=Membership.State.ACTIVE
    ).exists()
    if works or _opens_at_once(by, asked, company, asker.address):
        _tell_linked(by, [asked.id], company)
    else:
        _open_case(by, asked, company, asker.address)


@transaction.atomic
def approve(
    *, by: Actor, case: int, role: str = "", branch: int | None = None, replaces: int | None = None
) -> LinkCase:
    """By who decides about rights in the company: who asked works here from now on, with a set of rights or none yet.
    `replaces`: the colleague whose old account this person can no longer use; it ends in the same step."""
    selectors.require_answers(by)
    _hold_asker(by, case)
    others = {person.id for person in locked_people(by.company) if person.account_id != by.account}
    asked = _open(by, case)
    if replaces is not None and replaces not in others:
        raise NotVisible(_("This colleague does not exist."))
    joined = _join(by, asked, after={"link": asked.id, "replaces": replaces})
    if role:
        actions.grant_role(by=by, membership=joined, role=role, branch=branch)
    if replaces is not None and replaces != joined:
        actions.end_membership(by=by, membership=replaces, replaced_by=joined)
    return asked


@transaction.atomic
def approve_at_desk(*, by: Actor, case: int, verified: list[str]) -> LinkCase:
    """Where nobody in the company can answer, the desk does: who asked becomes its administrator."""
    appointing.require_intake(by)
    rules.require_verified(verified)
    held = LinkCase.objects.filter(id=case, portal=by.in_portal, due_at__isnull=False).first()
    if held is None:
        raise NotVisible(_("There is nothing here"))
    _hold_asker(by, case)
    locked_people(held.organisation)
    asked = _open(by, case)
    taking.require_nobody_else(asked, by=by)
    if appointing.has_administrator(asked.organisation):
        message = _("This company has an administrator meanwhile. Decline, and let that person invite.")
        raise BrokenRule(message, code="has_administrator")
    asked.verified = verified
    joined = _join(by, asked, after={"link": asked.id, "verified": verified})
    appointing.make_administrator(by=by, organisation=asked.organisation, membership=joined, verified=verified)
    return asked


@transaction.atomic
def decline(*, by: Actor, case: int, reason: str) -> LinkCase:
    if by.kind is ActorKind.STAFF:
        asked = _at_desk(by, case)
        taking.require_nobody_else(asked, by=by)
    else:
        selectors.require_answers(by)
        asked = _open(by, case)
    asked.answer = reason.strip()[:300]
    _decided(by, asked, LinkState.DECLINED)
    return asked


@transaction.atomic
def take(*, by: Actor, case: int) -> LinkCase:
    return taking.take(_at_desk(by, case), by=by)


@transaction.atomic
def give_back(*, by: Actor, case: int) -> LinkCase:
    return taking.give_back(_at_desk(by, case), by=by)


def tell_asker(by: Actor, event: Event) -> None:
    """A subscriber: the asker's own row says what the company decided, and a mail does."""
    case = LinkCase.objects.filter(id=event.subject or 0, portal=by.in_portal).first()
    if case is None:
        return
    if case.state == LinkState.APPROVED:
        _tell_linked(by, case.requests, Organisation.objects.get(id=case.organisation))
    else:
        _tell_not_linked(by, case.requests, LinkState.DECLINED, case.answer)


def expire(by: Actor) -> None:
    """For the system, daily: what nobody answered in time is over, whether there was such a company or not."""
    _tell_not_linked(by, retention.expired(by), LinkState.EXPIRED, "")


def _opens_at_once(by: Actor, asked: LinkRequest, company: Organisation, address: str) -> bool:
    """The first account of a company, by the mailbox that the insurer knows of it."""
    if not company.contact_email or company.contact_email.lower() != address.lower():
        return False
    made = appointing.appoint_first(by=by, organisation=company.id, account=asked.account_id, name=asked.name)
    return made is not None


def _open_case(by: Actor, asked: LinkRequest, company: Organisation, address: str) -> None:
    same = LinkCase.objects.filter(organisation=company.id, account=asked.account_id, state=LinkState.OPEN).first()
    if same is not None:
        same.requests, same.had_account = [*same.requests, asked.id], same.had_account or asked.had_account
        same.expires_at = asked.expires_at
        same.save(update_fields=["requests", "had_account", "expires_at"])
        return
    portal = Portal.objects.get(id=by.in_portal)
    answered_there = appointing.has_administrator(company.id)
    hours = hours_of(rules.CHECK_DUE, clock.today(by))
    case = LinkCase.objects.create(
        portal=portal.id,
        organisation=company.id,
        requests=[asked.id],
        account=asked.account_id,
        name=asked.name,
        email=address,
        had_account=asked.had_account,
        asked_at=asked.asked_at,
        expires_at=asked.expires_at,
        due_at=None if answered_there else due_at(asked.asked_at, hours, portal.week),
    )
    said = {"by": asked.by, "desk": not answered_there}
    events.record("link.asked", by=by, organisation=company.id, subject=(LinkCase.SUBJECT, case.id), after=said)
    if answered_there:
        _tell_administrators(portal, case, company.name)


def _tell_administrators(portal: Portal, case: LinkCase, company: str) -> None:
    try:
        rules.TOLD_COMPANY.take(case.organisation)
    except TooOften:
        return  # accounts cost nothing: nobody's mailbox is filled by making many
    able = Membership.objects.administrators(case.organisation)
    for account in sorted(set(able.values_list("account", flat=True))):
        reader = appointing.mailbox(account)
        if reader is not None:
            with translation.override(spoken_of(portal, reader[1])):
                letters.wanted(portal, reader[0], case, company)


def _tell_linked(by: Actor, requests: list[int], company: Organisation) -> None:
    portal = Portal.objects.get(id=by.in_portal)
    for one in _settled(by, requests, LinkState.APPROVED, company_name=company.name):
        asker = _asker(one)
        if asker is not None:
            with translation.override(spoken_of(portal, asker.language)):
                letters.linked(portal, asker.address, company.name)


def _tell_not_linked(by: Actor, requests: list[int], state: LinkState, answer: str) -> None:
    portal = Portal.objects.get(id=by.in_portal)
    is_declined = state is LinkState.DECLINED
    told = _settled(by, requests, state, answer=answer) if is_declined else requests
    for one in told:
        asker = _asker(one)
        if asker is not None:
            with translation.override(spoken_of(portal, asker.language)):
                letters.not_linked(portal, asker.address, answer=answer, declined=is_declined)


def _settled(by: Actor, requests: list[int], state: LinkState, **said: str) -> list[int]:
    """Close the asker's own rows; the number that was typed is needed no longer. The first stands for all of them:
    one mail."""
    found = LinkRequest.objects.filter(portal=by.in_portal, id__in=requests, state=LinkState.OPEN)
    numbers = sorted(found.values_list("id", flat=True))
    found.update(state=state, decided_at=clock.now(by), number="", name="", **said)
    return numbers[:1]


class _Asker(NamedTuple):
    address: str
    language: str


def _asker(request: int) -> _Asker | None:
    """Of an account whose mailbox was proven."""
    found = rows("select address, language from link_asker(%s)", request)
    return _Asker(*found[0]) if found else None


def _hold_asker(by: Actor, number: int) -> None:
    """Before anything is locked; whether there is such a request is asked afterwards."""
    found = LinkCase.objects.filter(portal=by.in_portal, id=number)
    mine = found if by.kind is ActorKind.STAFF else found.filter(organisation=by.company)
    hold_account(mine.values_list("account", flat=True).first())


def _at_desk(by: Actor, number: int) -> LinkCase:
    appointing.require_intake(by)
    return _open(by, number)


def _open(by: Actor, number: int) -> LinkCase:
    """Locked: of the own company, or of the desk where nobody there answers."""
    here = LinkCase.objects.select_for_update(no_key=True).filter(portal=by.in_portal, id=number)
    is_desk = by.kind is ActorKind.STAFF
    mine = here.filter(due_at__isnull=False) if is_desk else here.filter(organisation=by.company)
    found = mine.first()
    if found is None:
        raise NotVisible(_("This request does not exist."))
    if found.state == LinkState.WITHDRAWN:
        raise BrokenRule(_("Who asked has withdrawn this request: there is nothing to answer."), code="withdrawn")
    if found.state != LinkState.OPEN or found.expires_at <= clock.now(by):
        raise BrokenRule(_("A colleague answered this already, or it is not asked any more."), code="answered")
    return found


def _join(by: Actor, asked: LinkCase, *, after: dict[str, object]) -> int:
    """The number of the new colleague."""
    found = rows("select link_join(%s)", asked.id)
    if not found:  # the account was closed meanwhile
        raise BrokenRule(_("A colleague answered this already, or it is not asked any more."), code="answered")
    ((joined,),) = found
    _decided(by, asked, LinkState.APPROVED)
    subject = ("membership", joined)
    events.record("membership.began", by=by, organisation=asked.organisation, subject=subject, after=after)
    return int(joined)


def _decided(by: Actor, asked: LinkCase, state: LinkState) -> None:
    asked.state, asked.decided_by, asked.decided_at = state, by.account, clock.now(by)
    # The company may have come to answer what the desk had.
    asked.assignee = by.account if by.kind is ActorKind.STAFF else None
    asked.save(update_fields=["state", "assignee", "decided_by", "decided_at", "answer", "verified"])
    events.record(
        f"link.{state}", by=by, organisation=asked.organisation, subject=(LinkCase.SUBJECT, asked.id), after={}
    )
