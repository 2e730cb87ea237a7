"""Agreeing with another insurer to compare cover, and ending that: each insurer for itself, with the legal basis it
names. Off until both did; over as soon as one ends it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from remise.core import clock, events
from remise.core.actor import Actor, can
from remise.core.doors import rows
from remise.core.errors import BrokenRule, Forbidden, NotVisible
from remise.core.keeping import showable
from remise.core.scope import ActorKind
from remise.fleet.models import ComparingAgreement, CoverComparison, DoubleCover
from remise.fleet.rights import ComparingRight
from remise.fleet.twice.keeping import settled
from remise.organisations.names import names_in
from remise.portals.models import Portal

LONGEST = {"basis": 500, "document": 120}
SHOWN = 10  # agreements that were


class State(StrEnum):
    """Of one's own side. The other's is told in one way: that it is waited for."""

    OFF = "off"
    LATER = "later"
    WAITING = "waiting"
    ON = "on"


@dataclass(frozen=True, slots=True)
class Partner:
    """Another insurer as the page shows it."""

    portal: Portal
    state: State
    agreement: ComparingAgreement | None
    last: CoverComparison | None

    @property
    def last_day(self) -> date | None:
        ends = self.agreement.ends if self.agreement else None
        return ends - timedelta(days=1) if ends else None


@dataclass(frozen=True, slots=True)
class Past:
    agreement: ComparingAgreement
    partner: str
    made_by: str
    ended_by: str


def require(by: Actor) -> None:
    if by.kind is not ActorKind.STAFF:
        raise NotVisible(_("There is no such page."))
    decision = can(by, ComparingRight.AGREE)
    if not decision:
        raise Forbidden(decision)


def partner_of(by: Actor, slug: str) -> Portal:
    found = Portal.objects.filter(slug=slug).exclude(id=by.in_portal).first()
    if found is None:
        raise NotVisible(_("There is no such insurer."))
    return found


@transaction.atomic
def agree(
    *, by: Actor, partner: int, basis: str, document: str, starts: date, ends: date | None = None
) -> ComparingAgreement:
    """`ends` is the first day without. What both cover is looked at once the other insurer agrees too."""
    require(by)
    basis, document = _written(basis, "basis"), _written(document, "document")
    today = clock.today(by)
    if starts < today:
        raise BrokenRule(
            _("Nothing is compared for days that are past: choose today or later."), code="past", field="starts"
        )
    if ends is not None and ends <= starts:
        raise BrokenRule(_("The last day lies before the first."), code="ends_before_start", field="last_day")
    if not Portal.objects.filter(id=partner).exclude(id=by.in_portal).exists():
        raise NotVisible(_("There is no such insurer."))
    _put_away_what_ran_out(by, partner, today)
    try:
        with transaction.atomic():
            made = ComparingAgreement.objects.create(
                portal=by.in_portal,
                partner=partner,
                basis=basis,
                document=document,
                starts=starts,
                ends=ends,
                made_by=_person(by),
                made_at=clock.now(by),
            )
    except IntegrityError as error:
        if "fleet_comparingagreement_one_at_a_time" not in str(error):
            raise
        raise BrokenRule(
            _("This is on already: end it first, to lay down another basis."), code="on_already"
        ) from error
    said = {"partner": partner, "starts": starts.isoformat(), "ends": ends.isoformat() if ends else None}
    events.record("agreement.made", by=by, subject=("agreement", made.id), after=said)
    _look_again(by, partner)
    return made


@transaction.atomic
def end_agreement(*, by: Actor, agreement: int) -> ComparingAgreement:
    """At once: nothing is compared any more, and what was found is put away at both. Safe to do twice."""
    require(by)
    found = ComparingAgreement.objects.select_for_update().filter(id=agreement, portal=by.in_portal).first()
    if found is None:
        raise NotVisible(_("There is no such agreement."))
    if found.ended_at is not None:
        return found
    _end(by, found)
    over = DoubleCover.objects.select_for_update().filter(
        portal=by.in_portal, elsewhere=found.partner, settled_at=None
    )
    numbers = list(over.values_list("id", flat=True))
    DoubleCover.objects.filter(id__in=numbers).update(settled_at=clock.now(by))
    settled(by, numbers)
    _look_again(by, found.partner)
    return found


def partners(by: Actor) -> list[Partner]:
    """Each other insurer of the installation."""
    own = {one.partner: one for one in ComparingAgreement.objects.filter(portal=by.in_portal, ended_at=None)}
    answered = {partner for (partner,) in rows("select agreements_answered()")}
    compared = CoverComparison.objects.filter(portal=by.in_portal).order_by("partner", "-id").distinct("partner")
    last = {one.partner: one for one in compared}
    return [
        Partner(
            portal, _state(by, own.get(portal.id), answered), _running(by, own.get(portal.id)), last.get(portal.id)
        )
        for portal in Portal.objects.exclude(id=by.in_portal).order_by("insurer", "id")
    ]


def past(by: Actor) -> list[Past]:
    """The last that were, with who made and ended them: the newest first."""
    found = list(
        ComparingAgreement.objects.filter(portal=by.in_portal).exclude(ended_at=None).order_by("-id")[:SHOWN]
    )
    names = names_in(by.organisation, [account for one in found for account in (one.made_by, one.ended_by)])
    portals = Portal.objects.in_bulk({one.partner for one in found})
    return [Past(one, portals[one.partner].insurer, names[one.made_by], names[one.ended_by or 0]) for one in found]


def _written(text: str, field: str) -> str:
    """In one line: what a supervisor asks for first."""
    line = " ".join(text.split())
    if not line:
        raise BrokenRule(_("Fill it in: without a legal basis nothing is compared."), code="required", field=field)
    if len(line) > LONGEST[field] or not showable(line):
        raise BrokenRule(_("Too long, or with characters that no screen shows."), code="unreadable", field=field)
    return line


def _state(by: Actor, agreement: ComparingAgreement | None, answered: Collection[int]) -> State:
    own = _running(by, agreement)
    if own is None:
        return State.OFF
    if own.starts > clock.today(by):
        return State.LATER
    return State.ON if own.partner in answered else State.WAITING


def _running(by: Actor, own: ComparingAgreement | None) -> ComparingAgreement | None:
    """Not where its last day is past."""
    return None if own is None or (own.ends is not None and own.ends <= clock.today(by)) else own


def _put_away_what_ran_out(by: Actor, partner: int, today: date) -> None:
    here = ComparingAgreement.objects.select_for_update().filter(portal=by.in_portal, partner=partner)
    for one in here.filter(ended_at=None, ends__lte=today):
        _end(by, one)


def _end(by: Actor, agreement: ComparingAgreement) -> None:
    agreement.ended_at, agreement.ended_by = clock.now(by), _person(by)
    agreement.save(update_fields=["ended_at", "ended_by"])
    events.record("agreement.ended", by=by, subject=("agreement", agreement.id), after={"partner": agreement.partner})


def _look_again(by: Actor, partner: int) -> None:
    """At both: each desk is told, or told no more."""
    from remise.fleet.tasks import compare_covers

    for portal in (by.in_portal, partner):
        compare_covers.defer(portal)


def _person(by: Actor) -> int:
    assert by.account is not None
    return by.account
