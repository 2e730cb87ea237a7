"""How the mandates of a company stand, what an office was offered and has taken on, and how an insurer ranks it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from remise.core import clock
from remise.core.actor import Actor
from remise.core.clients import deeds as known_deeds
from remise.core.doors import rows
from remise.core.errors import NotVisible
from remise.core.models import Event
from remise.core.words import Text
from remise.mandates.models import NO_ANSWER, STANDS, Intermediary, Mandate, Tier
from remise.mandates.rules import STANDING, TONES, UNANSWERED, WISHED, WORDS, State, last_day_of, state_of
from remise.organisations.fields import FieldGroup
from remise.organisations.models import Branch
from remise.organisations.names import names_of
from remise.organisations.rights import label_of, labels_of

MOST = 200  # on one page


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A mandate as either side reads it."""

    id: int
    client: str
    office: str  # "" until it is taken on, and to the office itself
    to: str  # whom it was offered to; the office does not read it
    purpose: str
    rights: list[str | Promise]
    branches: list[str]  # none: the whole company
    left_out: list[str]  # particulars that the office does not see
    starts: date
    ends: date | None
    version: int
    given_by: str
    given_at: datetime
    expires: datetime
    state: State
    is_taken_on: bool
    asks_again: bool = False
    ended_at: datetime | None = None
    ended_by: str = ""
    why: str = ""
    used_by: str = ""  # who did the last thing, when and what
    used_at: datetime | None = None

    @property
    def words(self) -> Text:
        return WORDS[self.state]

    @property
    def tone(self) -> str:
        return TONES.get(self.state, "")

    @property
    def last_day(self) -> date | None:
        return last_day_of(self.ends)

    @property
    def is_unanswered(self) -> bool:
        return self.state in UNANSWERED

    @property
    def stands(self) -> bool:
        return self.state in STANDING

    @property
    def whom(self) -> str:
        return self.office or self.to


# --- the company that gives them


def given(by: Actor) -> list[Shown]:
    """Those in force and those that wait first, all of them: they can be ended. Then the newest of the others."""
    own = Mandate.objects.filter(organisation=by.company).order_by("-id")
    current = STANDS | NO_ANSWER
    shown = _shown(by, [*own.filter(current), *own.exclude(current)[:MOST]])
    return sorted(shown, key=lambda one: not (one.stands or one.is_unanswered))


def given_one(by: Actor, number: int) -> tuple[Mandate, Shown]:
    found = Mandate.objects.filter(organisation=by.company, id=number).first()
    if found is None:
        raise NotVisible(_("There is no such mandate."))
    return found, _shown(by, [found])[0]


@dataclass(frozen=True, slots=True)
class Done:
    """What somebody of the office did."""

    words: Text
    at: datetime
    who: str


def deeds(by: Actor, office: int, *, limit: int = 20) -> list[Done]:
    """What an office did for the company, newest first."""
    found = list(_deeds(by).filter(office=office).order_by("-id")[:limit])
    names = names_of(by, (event.account for event in found))
    return [Done(known_deeds[event.kind].words, event.at, names.get(event.account or 0, "")) for event in found]


def state_now(by: Actor, one: Mandate) -> State:
    return state_of(
        now=timezone.now(),
        today=clock.today(by),
        starts=one.starts,
        ends=one.ends,
        expires=one.expires_at,
        accepted=one.accepted_at,
        declined=one.declined_at,
        withdrawn=one.withdrawn_at,
        ended=one.ended_at,
        handed_back=one.handed_back,
    )


def asking_again(by: Actor) -> list[Mandate]:
    """Offered by mail, expired before anybody took it on, and wanted all the same."""
    asked = Mandate.objects.filter(NO_ANSWER, organisation=by.company, asked_again_at__isnull=False)
    return list(asked.order_by("asked_again_at")[:MOST])


@dataclass(frozen=True, slots=True)
class Wish:
    """A right that an office asks for, and does not have yet."""

    mandate: int
    office: str
    right: str
    label: str | Promise
    at: datetime


def wishes(by: Actor, mandate: int | None = None) -> list[Wish]:
    """Asked lately and not answered, of the company's mandates or of one; the oldest first."""
    theirs = Mandate.objects.filter(STANDS, organisation=by.company)
    standing = {one.id: one for one in theirs if state_now(by, one) in STANDING and mandate in (None, one.id)}
    return [
        Wish(number, standing[number].office_name or _("a person who works alone"), right, label_of(right), at)
        for (number, right), at in _open_wishes(by, standing).items()
        if right not in standing[number].rights
    ]


def is_wished(by: Actor, mandate: Mandate, right: str) -> bool:
    return (mandate.id, right) in _open_wishes(by, [mandate.id])


def own_mandate(by: Actor) -> Mandate | None:
    """The one by which an office acts, for who acts: of several the newest. None for the intermediary of a policy."""
    if by.office is None:
        return None
    theirs = Mandate.objects.filter(STANDS, organisation=by.company, office=by.office).order_by("-id")
    return next((one for one in theirs if state_now(by, one) is State.RUNNING), None)


def _open_wishes(by: Actor, mandates: Collection[int]) -> dict[tuple[int, str], datetime]:
    """By mandate and right, when it was asked: within the days that it is told, and not declined since."""
    kinds = ("mandate.wished", "mandate.wish_declined")
    about = Event.objects.filter(organisation=by.company, subject_kind="mandate", subject__in=list(mandates))
    found: dict[tuple[int, str], datetime] = {}
    for event in about.filter(kind__in=kinds, at__gte=clock.now(by) - WISHED).order_by("id"):
        what = (event.subject or 0, str((event.after or {}).get("right", "")))
        if event.kind == "mandate.wished":
            found[what] = event.at
        else:
            found.pop(what, None)
    return found


def _deeds(by: Actor) -> "QuerySet[Event]":
    """Not those about the mandate itself, nor that something was looked at."""
    kinds = [deed.kind for deed in known_deeds]
    return Event.objects.filter(organisation=by.company, office__isnull=False, kind__in=kinds)


def _shown(by: Actor, found: list[Mandate]) -> list[Shown]:
    places = dict(Branch.objects.filter(organisation=by.company).values_list("id", "name"))
    last = _last_deeds(by, {one.office_id for one in found if one.office_id})
    accounts = {one.given_by for one in found} | {one.ended_by for one in found}
    names = names_of(by, accounts | {event.account for event in last.values()})
    return [_one(by, one, names, places, last.get(one.office_id or 0)) for one in found]


def _left_out(fields: list[str]) -> list[str]:
    return [str(group.label) for group in FieldGroup if group not in fields]


def _last_deeds(by: Actor, offices: set[int]) -> dict[int, Event]:
    if not offices:
        return {}
    newest = _deeds(by).filter(office__in=offices).values("office").annotate(newest=Max("id"))
    return {event.office or 0: event for event in Event.objects.filter(id__in=[one["newest"] for one in newest])}


def _one(by: Actor, one: Mandate, names: dict[int, str], places: dict[int, str], last: Event | None) -> Shown:
    return Shown(
        id=one.id,
        client="",
        office=one.office_name or (_("a person who works alone") if one.accepted_at else ""),
        to=one.addressed_to,
        purpose=one.purpose,
        rights=labels_of(one.rights),
        branches=sorted(places.get(branch, "") for branch in one.branches or ()),
        left_out=_left_out(one.fields),
        starts=one.starts,
        ends=one.ends,
        version=one.version,
        given_by=names.get(one.given_by, ""),
        given_at=one.given_at,
        expires=one.expires_at,
        state=state_now(by, one),
        is_taken_on=one.accepted_at is not None,
        asks_again=one.asked_again_at is not None and one.accepted_at is None,
        ended_at=one.ended_at,
        ended_by=names.get(one.ended_by or 0, ""),
        why=one.why,
        used_by=names.get(last.account or 0, "") if last else "",
        used_at=last.at if last else None,
    )


# --- the office


@dataclass(frozen=True, slots=True)
class Received:
    """A mandate offered to the own office, or taken on by it; `client` is the company that gives it."""

    client: int
    mandate: Shown


def received(by: Actor) -> list[Received]:
    """By the office's own people; newest first."""
    found = rows(
        "select mandate, client, client_name, given_by, purpose, rights, branches, fields, is_partly, starts, ends,"
        " version, given_at, expires_at, accepted_at, ended_at, handed_back, why from mandates_received()"
    )
    return [_received(by, row) for row in found]


def _received(by: Actor, row: tuple) -> Received:  # type: ignore[type-arg]
    (number, client, name, giver, purpose, rights, branches, fields, is_partly, starts, ends, version, *moments) = row
    given_at, expires, accepted, ended, handed_back, why = moments
    state = state_of(
        now=timezone.now(),
        today=clock.today(by),
        starts=starts,
        ends=ends,
        expires=expires,
        accepted=accepted,
        ended=ended,
        handed_back=handed_back,
    )
    shown = Shown(
        id=number,
        client=name,
        office="",  # the reader's own
        to="",
        purpose=purpose,
        rights=labels_of(rights),
        branches=branches if is_partly else [],
        left_out=_left_out(fields),
        starts=starts,
        ends=ends,
        version=version,
        given_by=giver,
        given_at=given_at,
        expires=expires,
        state=state,
        is_taken_on=accepted is not None,
        ended_at=ended,
        why=why,
    )
    return Received(client, shown)


def received_one(by: Actor, number: int) -> Received:
    found = next((one for one in received(by) if one.mandate.id == number), None)
    if found is None:
        raise NotVisible(_("There is no such mandate."))
    return found


@dataclass(frozen=True, slots=True)
class Mailed:
    """What an offer says to who holds its secret."""

    client: str
    given_by: str
    purpose: str
    rights: list[str | Promise]
    branches: list[str]
    left_out: list[str]
    starts: date
    last_day: date | None
    expires: datetime
    state: State
    email: str
    has_account: bool


def mailed(secret_sha: str, today: date) -> Mailed | None:
    """None where nobody was ever mailed this secret at this insurer."""
    found = rows(
        "select client_name, given_by, purpose, rights, branches, starts, ends, expires_at, addressed_to,"
        " has_account, fields, accepted_at, declined_at, withdrawn_at from mandate_shown(%s)",
        secret_sha,
    )
    if not found:
        return None
    ((client, giver, purpose, rights, branches, starts, ends, expires, email, has_account, fields, *said),) = found
    accepted, declined, withdrawn = said
    state = state_of(
        now=timezone.now(),
        today=today,
        starts=starts,
        ends=ends,
        expires=expires,
        accepted=accepted,
        declined=declined,
        withdrawn=withdrawn,
    )
    return Mailed(
        client=client,
        given_by=giver,
        purpose=purpose,
        rights=labels_of(rights),
        branches=branches,
        left_out=_left_out(fields),
        starts=starts,
        last_day=last_day_of(ends),
        expires=expires,
        state=state,
        email=email,
        has_account=has_account,
    )


# --- intermediaries


@dataclass(frozen=True, slots=True)
class OwnTier:
    """The number and tier of the own office, and what all tiers of the insurer open, the highest first."""

    number: str
    tier: Tier
    tiers: list[Tier]


def own_tier() -> OwnTier | None:
    """None where the own company is no intermediary."""
    found = rows("select number, tier from own_intermediary()")
    if not found:
        return None
    ((number, tier),) = found
    tiers = list(Tier.objects.order_by("-rank"))
    return OwnTier(number, next(one for one in tiers if one.id == tier), tiers)


def intermediaries(by: Actor) -> list[Intermediary]:
    """Of the portal, for the insurer's people."""
    found = Intermediary.objects.filter(portal=by.in_portal).select_related("office", "tier")
    return list(found.order_by("office__name", "id")[:MOST])
