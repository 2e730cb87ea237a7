"""Chassis numbers, and the check code held against them (docs/adr/0012).

The register publishes none, so that mostly nothing is known and a check code is judged by its shape alone. Known are
those that the company itself gave in full, that its insurer imported, or that a paid register told. They are kept per
company, and leave the database only as a verdict."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from remise.core.actor import Actor
from remise.core.clock import now
from remise.core.doors import rows
from remise.core.errors import BrokenRule, Remedy
from remise.core.identifiers import CheckCode, Plate, Vin
from remise.core.limits import Limit, Rate, TooOften, give_back
from remise.core.scope import ActorKind
from remise.ui.formats import clock_time

# One of ten thousand codes is right: five guesses find it once in two thousand times.
BY_COMPANY = Limit("check_code.company", times=5, seconds=3600)  # and plate
BY_ACCOUNT = Limit("check_code.account", times=30, seconds=3600)  # over all plates
LOOKED_UP = Rate("chassis.looked_up", times=30, seconds=3600)
WARNED_FROM = 2  # attempts that are left
# What was told already: the same code once more, by the field and then by its form, tells nothing new.
TOLD = Limit("check_code.told", times=1, seconds=3600)
# The kind of request by which the insurer's desk helps whose attempts are over; the room above makes it.
HELPED_BY = "check_code"


class Source(StrEnum):
    """Who said that this is the vehicle's number. What the company's own people gave may be given anew by them."""

    COMPANY = "company"
    INSURER = "insurer"
    REGISTER = "register"


def judge(by: Actor, organisation: int, plate: Plate, code: CheckCode | None, vin: Vin | None) -> bool:
    """Refuse a check code, or a whole number, that is not this vehicle's by what that company knows; whether anything
    was known to compare it with. An attempt is counted before it is judged, and stays counted when the action is
    undone; a right one is given back, and one that was refused before. The desk's are none: what a customer tried
    does not stop it, and it is told the verdict anyway (`matches`)."""
    given = _given(code, vin)
    if not given or not is_known(organisation, plate):
        return False
    slots = [] if by.kind is ActorKind.STAFF else _attempt(by, organisation, plate)
    if _verdict(organisation, plate, given) == "other":
        about = (organisation, plate.value, given)
        if TOLD.is_used_up(*about):
            give_back(*slots)
        elif slots:
            TOLD.begin(*about)
        wrong = _("This check code does not belong to %(plate)s. Compare it with the registration card.")
        raise BrokenRule(
            " ".join([wrong % {"plate": plate.formatted}, *_few_left(by, organisation, plate)]),
            code="check_code_wrong",
            field="check_code",
        )
    give_back(*slots)
    return True


def _few_left(by: Actor, organisation: int, plate: Plate) -> list[str]:
    """A warning before the limit, and not behind it."""
    left = BY_COMPANY.left(organisation, plate.value)
    if by.account is not None:
        left = min(left, BY_ACCOUNT.left(by.account))
    if by.kind is ActorKind.STAFF or left > WARNED_FROM:
        return []
    if not left:
        return [_("This was the last attempt for now.")]
    return [ngettext("You can try %(left)s more time.", "You can try %(left)s more times.", left) % {"left": left}]


def attempts_are_over(by: Actor, organisation: int, plate: Plate) -> bool:
    by_account = by.account is not None and BY_ACCOUNT.is_used_up(by.account)
    return is_known(organisation, plate) and (by_account or BY_COMPANY.is_used_up(organisation, plate.value))


def matches(organisation: int, plate: Plate, code: CheckCode | None, vin: Vin | None) -> bool:
    """For the desk alone: it counts no attempt."""
    return _verdict(organisation, plate, _given(code, vin)) == "same"


def overrule(organisation: int, plate: Plate, code: CheckCode | None, vin: Vin | None) -> None:
    """The desk goes by the code, or the whole number, that was typed: a number that says otherwise is forgotten.
    Attempts begin anew once that stands: a decision that is refused lifts nothing, and the limit is no part of its
    transaction."""
    rows("select vehicles_forget_chassis(%s, %s, %s)", organisation, plate.value, _given(code, vin))
    transaction.on_commit(lambda: BY_COMPANY.begin_anew(organisation, plate.value))


def note(organisation: int, plate: Plate, vin: Vin, source: Source) -> None:
    """Keep a number for a company within the scope. What the insurer or a register said stands above what people
    typed."""
    rows("select vehicles_note_chassis(%s, %s, %s, %s)", organisation, plate.value, vin.value, source)


def is_known(organisation: int, plate: Plate) -> bool:
    return _verdict(organisation, plate, "") != "unknown"


def known_of(organisation: int, plates: Sequence[Plate]) -> frozenset[Plate]:
    """Those of which that company has a number to compare with."""
    asked = [plate.value for plate in plates]
    known = {plate for (plate,) in rows("select vehicles_chassis_known(%s, %s)", organisation, asked)}
    return frozenset(plate for plate in plates if plate.value in known)


def plates_of(by: Actor, vin: Vin) -> list[tuple[int, str]]:
    """Company and plate of who knows all of a number; raises TooOften. With most of one in hand, the rest must not be
    found by trying: it ends in the check code."""
    if by.kind is not ActorKind.STAFF:
        LOOKED_UP.take(by.account)
    told = rows("select organisation, plate from vehicles_of_chassis(%s)", vin.value)
    return [(company, plate) for company, plate in told]


@dataclass(frozen=True, slots=True)
class Twins:
    """Two plates of one vehicle, each as a company of the portal knows it."""

    organisation: int
    plate: str
    other: int
    other_plate: str


def twins(plates: Collection[str] | None) -> list[Twins]:
    """For the system: of these plates, or of all in its portal, those with a chassis number that another plate has
    too; each pair both ways round where both are asked for."""
    asked = None if plates is None else sorted(plates)
    return [Twins(*found) for found in rows("select * from vehicles_of_one_chassis(%s::text[])", asked)]


def _given(code: CheckCode | None, vin: Vin | None) -> str:
    """What is compared: a whole number where that was typed, else its end."""
    return vin.value if vin else code.value if code else ""


def _attempt(by: Actor, organisation: int, plate: Plate) -> list[str]:
    taken: list[str] = []
    try:
        taken.append(BY_COMPANY.take(organisation, plate.value))
        if by.account is not None:
            taken.append(BY_ACCOUNT.take(by.account))
    except TooOften as often:
        give_back(*taken)  # the one limit is no attempt at the other
        raise BrokenRule(
            ngettext(
                "Too many wrong check codes. You can try again at %(time)s, in %(minutes)s minute.",
                "Too many wrong check codes. You can try again at %(time)s, in %(minutes)s minutes.",
                often.minutes,
            )
            % {"minutes": often.minutes, "time": clock_time(now(by) + timedelta(minutes=often.minutes))},
            code="too_many_attempts",
            field="check_code",
            remedy=Remedy(_("Ask the desk"), HELPED_BY),
        ) from often
    return taken


def _verdict(organisation: int, plate: Plate, given: str) -> str:
    """`unknown`, `same` or `other`, for four characters or all seventeen."""
    return str(rows("select vehicles_chassis_verdict(%s, %s, %s)", organisation, plate.value, given)[0][0])
