"""By the company that lets an office act for it: offering, changing and ending a mandate."""

from collections.abc import Callable, Collection
from datetime import date, timedelta
from secrets import token_urlsafe

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from remise.core import clock, events
from remise.core.actor import Actor, can
from remise.core.errors import BrokenRule, Forbidden, NotVisible
from remise.core.identifiers import IdentifierError, mail_address, number_key
from remise.core.keeping import code, words
from remise.core.keys import fingerprint
from remise.core.limits import Limit, refusing
from remise.mandates import selectors
from remise.mandates.models import NO_ANSWER, STANDS, Mandate
from remise.mandates.rights import MandateRight, unknown
from remise.mandates.rules import AGAIN, BY_COMPANY, STANDING, UNANSWERED, State, addressee, is_number
from remise.organisations.fields import FieldGroup
from remise.organisations.models import Branch, Organisation

type Tell = Callable[[Mandate, str], None]  # mails the offer, with its secret


@transaction.atomic
def offer_mandate(
    *,
    by: Actor,
    to: str,
    purpose: str,
    rights: Collection[str],
    branches: Collection[int] | None,
    fields: Collection[str] = (),
    starts: date,
    last_day: date | None,
    days: int,
    must_end: bool = False,
    tell: Tell,
) -> Mandate:
    """Offer an office to act for the company. `to` is a number that the office has at this insurer, or a mailbox; the
    answer is the same whether or not there is such an office. `fields`: the particulars that the office sees besides
    what its rights open (`FieldGroup`). `days`: how long the offer holds; `must_end`: the
    insurer wants a last day."""
    _require(by)
    address, by_mail = addressed(to)
    _not_oneself(by, address)
    secret = token_urlsafe(32) if by_mail else ""
    _known(by, rights, branches, fields)
    mandate = Mandate(
        portal=by.in_portal,
        organisation=by.company,
        addressed_to=address,
        by_mail=by_mail,
        purpose=words(purpose, field="purpose", longest=120),
        rights=sorted(set(rights)),
        branches=None if branches is None else sorted(set(branches)),
        fields=sorted(set(fields)),
        starts=starts,
        ends=_ends(starts, last_day, clock.today(by), must_end=must_end),
        given_by=by.account or 0,
        given_at=clock.now(by),
        secret_sha=fingerprint(secret) if by_mail else None,
        expires_at=timezone.now() + timedelta(days=days),
    )
    _not_offered_yet(by, mandate)
    _save(mandate)
    _take(BY_COMPANY, by.company)
    _record("mandate.offered", by, mandate, after=_said(mandate))
    if by_mail:
        tell(mandate, secret)
    return mandate


@transaction.atomic
def offer_again(*, by: Actor, mandate: int, days: int, tell: Tell) -> Mandate:
    """It can be accepted for so many days from now. By mail with a new link, from now on the only one that works."""
    found = _mandate(by, mandate, UNANSWERED)
    _take(AGAIN, found.id)
    secret = token_urlsafe(32) if found.by_mail else ""
    found.secret_sha = fingerprint(secret) if found.by_mail else None
    found.sent, found.asked_again_at = found.sent + 1, None
    found.expires_at = timezone.now() + timedelta(days=days)
    found.save(update_fields=["secret_sha", "sent", "asked_again_at", "expires_at"])
    _record("mandate.offered_again", by, found, after={"days": days})
    if found.by_mail:
        tell(found, secret)
    return found


@transaction.atomic
def withdraw_offer(*, by: Actor, mandate: int) -> Mandate:
    found = _mandate(by, mandate, UNANSWERED)
    found.withdrawn_at = timezone.now()
    found.save(update_fields=["withdrawn_at"])
    _record("mandate.withdrawn", by, found)
    return found


@transaction.atomic
def change_mandate(
    *,
    by: Actor,
    mandate: int,
    rights: Collection[str],
    branches: Collection[int] | None,
    fields: Collection[str] = (),
    last_day: date | None,
    must_end: bool = False,
) -> Mandate:
    """Other rights, branches or another last day, from the next request of the office on."""
    found = _mandate(by, mandate, UNANSWERED | STANDING)
    _known(by, rights, branches, fields)
    before = _said(found)
    found.rights, found.branches = sorted(set(rights)), None if branches is None else sorted(set(branches))
    found.fields = sorted(set(fields))
    found.ends = _ends(found.starts, last_day, clock.today(by), must_end=must_end)
    if _said(found) == before:
        return found
    found.version += 1
    found.changed_by = sorted({*found.changed_by, by.account or 0})
    _save(found, ["rights", "branches", "fields", "ends", "version", "changed_by"])
    _record("mandate.changed", by, found, before=before, after=_said(found))
    return found


@transaction.atomic
def end_mandate(*, by: Actor, mandate: int, why: str = "") -> Mandate:
    """At once: the office's next request is refused."""
    found = _mandate(by, mandate, STANDING)
    found.ended_at, found.ended_by, found.why = clock.now(by), by.account, why.strip()[:300]
    found.version += 1
    found.save(update_fields=["ended_at", "ended_by", "why", "version"])
    _record("mandate.ended", by, found, after={"version": found.version})
    return found


def standing(by: Actor, number: int) -> Mandate:
    """One that the company gave and that stands, locked."""
    return _mandate(by, number, STANDING)


def _require(by: Actor) -> None:
    decision = can(by, MandateRight.MANAGE)
    if not decision:
        raise Forbidden(decision)
    if by.account is None or by.office is not None:
        raise NotVisible(_("Only a colleague can give a mandate."))


def _mandate(by: Actor, number: int, states: Collection[State]) -> Mandate:
    """One of the company, locked, in one of these states."""
    _require(by)
    found = Mandate.objects.filter(organisation=by.company, id=number).select_for_update(no_key=True).first()
    if found is None:
        raise NotVisible(_("This mandate does not exist."))
    if selectors.state_now(by, found) not in states:
        raise BrokenRule(_("This mandate is over already, or somebody answered it."), code="mandate_over")
    return found


def addressed(to: str) -> tuple[str, bool]:
    """The number or mailbox as it is kept, and which of the two it is."""
    try:
        written, by_mail = addressee(to)
        if by_mail:
            return mail_address(written), True
    except IdentifierError as error:
        raise BrokenRule(str(error), code=error.code, field="to") from error
    number = code(written, field="to", longest=20)
    if number is not None and not is_number(number):
        message = _("This is no number and no e-mail address. A KvK number has eight digits.")
        raise BrokenRule(message, code="to_invalid", field="to")
    if number is None:
        raise BrokenRule(_("Fill in a number or an e-mail address."), code="to_missing", field="to")
    return number, False


def _not_oneself(by: Actor, address: str) -> None:
    key = number_key(address)
    own = Organisation.objects.filter(id=by.company, kvk=key)
    if own.exists() or Branch.objects.filter(organisation=by.company, relation_key=key).exists():
        raise BrokenRule(_("This is your own company's number."), code="to_oneself", field="to")


def _not_offered_yet(by: Actor, mandate: Mandate) -> None:
    """The same number or mailbox for the same purpose, waiting for an answer or in force. Whether there is such an
    office is not looked at."""
    same = Mandate.objects.filter(NO_ANSWER | STANDS, organisation=by.company, by_mail=mandate.by_mail)
    to = (
        {"addressed_to__iexact": mandate.addressed_to}
        if mandate.by_mail
        else {"addressed_key": number_key(mandate.addressed_to)}
    )
    found = same.filter(**to, purpose__iexact=mandate.purpose)
    if any(selectors.state_now(by, one) in UNANSWERED | STANDING for one in found):
        message = _("You offered this already, for the same purpose. Change that mandate, or withdraw it first.")
        raise BrokenRule(message, code="offered_already", field="to")


def _known(by: Actor, rights: Collection[str], branches: Collection[int] | None, fields: Collection[str]) -> None:
    """Only what the company gives its own colleagues by branch too, and only its own branches."""
    if not rights:
        raise BrokenRule(_("Choose what the office may do."), code="rights_missing", field="rights")
    if unknown(rights):
        raise NotVisible(_("This right does not exist."))
    if set(fields) - set(FieldGroup.values):
        raise NotVisible(_("There are no such particulars."))
    if branches is None:
        return
    wanted = set(branches)
    if not wanted or Branch.objects.filter(organisation=by.company, id__in=wanted).count() != len(wanted):
        raise NotVisible(_("This branch does not exist."))


def _ends(starts: date, last_day: date | None, today: date, *, must_end: bool) -> date | None:
    if last_day is None:
        if must_end:
            message = _("Fill in the last day: at this insurer every mandate has one.")
            raise BrokenRule(message, code="last_day_missing", field="last_day")
        return None
    if last_day < starts:
        raise BrokenRule(_("The last day lies before the first one."), code="ends_too_early", field="last_day")
    if last_day < today:
        raise BrokenRule(
            _("This day is over. To end the mandate now, end it at once."), code="ends_in_the_past", field="last_day"
        )
    return last_day + timedelta(days=1)


def _save(mandate: Mandate, fields: Collection[str] | None = None) -> None:
    try:
        with transaction.atomic():
            mandate.save(update_fields=fields)
    except IntegrityError as error:
        raise BrokenRule(
            _("There is a mandate for this purpose already. Change that one, or end it first."),
            code="mandate_there",
            field="purpose",
        ) from error


def _take(limit: Limit, *subject: object) -> None:
    with refusing(_("Those were many mandates. Try again in %(minutes)s minutes.")):
        limit.take(*subject)


def _said(mandate: Mandate) -> dict[str, object]:
    """Rights, ids and days; whom it is for and what for stands in the row (docs/adr/0007)."""
    return {
        "rights": mandate.rights,
        "branches": mandate.branches,
        "fields": mandate.fields,
        "starts": mandate.starts.isoformat(),
        "ends": mandate.ends and mandate.ends.isoformat(),
    }


def _record(kind: str, by: Actor, mandate: Mandate, **said: dict[str, object]) -> None:
    events.record(kind, by=by, organisation=mandate.organisation, subject=("mandate", mandate.id), **said)
